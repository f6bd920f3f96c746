/** The part of the control API about checked TLS and reports (api-reports.ts). */
import { z } from 'zod'
import { type DomainBody, FORGED_AT_MOST, type ForgedBody, type ReportBody } from '../api-reports.ts'
import { type Call, parse, Refused, type Route } from '../control.ts'
import type { LabNet } from '../env.ts'
import type { Impostor } from '../impostor/impostor.ts'
import type { Dns } from '../providers/lookups.ts'
import type { Provider } from '../providers/provider.ts'
import { forge } from '../reports/forge.ts'
import type { Reporter } from '../reports/reporter.ts'
import type { StsCache } from './sts.ts'
import { viewOf } from './view.ts'

const domain = z
  .string()
  .max(200)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+test$/, { error: 'expected a domain such as you.test' })
const DomainSchema = z.strictObject({ domain }) satisfies z.ZodType<DomainBody>
const ReportSchema = z.strictObject({
  domain,
  kind: z.enum(['tls', 'dmarc']),
}) satisfies z.ZodType<ReportBody>
const ForgedSchema = z.strictObject({
  domain,
  count: z.int().min(1).max(FORGED_AT_MOST),
}) satisfies z.ZodType<ForgedBody>
const AttemptsQuery = z.strictObject({
  from: z.string().max(200).optional(),
  after: z.coerce.number().nonnegative().optional(),
})

export function tlsRoutes(world: {
  providers: readonly Provider[]
  dns: Dns
  net: LabNet
  sts(provider: Provider): StsCache
  impostor: Impostor
  reports: Reporter
}): Route[] {
  const { providers, dns, net, sts, impostor, reports } = world
  const providerOf = ({ parameters }: Call) => {
    const found = providers.find(({ name }) => name === parameters.provider)
    if (found === undefined) throw new Refused(404, `there is no provider ${parameters.provider}`)
    return found
  }
  return [
    {
      method: 'POST',
      path: '/providers/:provider/policy',
      async answer(call) {
        const provider = providerOf(call)
        const body = parse(DomainSchema, call.body, 'body')
        return viewOf(provider, body.domain, { dns, net, cache: sts(provider) })
      },
    },
    {
      method: 'POST',
      path: '/providers/:provider/reports',
      async answer(call) {
        const body = parse(ReportSchema, call.body, 'body')
        return reports.now(providerOf(call), body.kind, body.domain)
      },
    },
    {
      method: 'POST',
      path: '/providers/:provider/forged',
      async answer(call) {
        const body = parse(ForgedSchema, call.body, 'body')
        return forge(providerOf(call), net, body.domain, body.count)
      },
    },
    {
      method: 'GET',
      path: '/impostor/attempts',
      async answer({ query }) {
        return impostor.attempts(parse(AttemptsQuery, query, 'query'))
      },
    },
  ]
}
