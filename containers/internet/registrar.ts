/** The registrar's part of the control API (api.ts). */
import type { DomainState, RegisterBody } from './api.ts'
import { domainSchema, domainSchemas, ZoneText } from './bodies.ts'
import { type Call, parse, Refused, type Route } from './control.ts'
import type { LabNet } from './env.ts'
import type { Names } from './names.ts'

/**
 * `taken`: domains that no learner can have. `came`: called at each registration, `created` or not. `freed`: what goes with
 * a domain that is given up, for good or to come back.
 */
export function registrar(
  names: Names,
  taken: ReadonlySet<string>,
  net: LabNet,
  came: (domain: string, body: RegisterBody, created: boolean) => Promise<unknown>,
  freed: (domain: string, forGood: boolean) => Promise<unknown>,
): Route[] {
  const Domain = domainSchema(taken)
  const { Register, Change, Edit } = domainSchemas(net)
  const domainOf = ({ parameters }: Call) => parse(Domain, parameters.domain, 'domain')
  const sign =
    (signed: boolean) =>
    (call: Call): Promise<DomainState> =>
      names.sign(domainOf(call), signed)
  const path = '/domains/:domain'
  return [
    { method: 'GET', path: '/changes', answer: async () => names.follow() },
    {
      method: 'POST',
      path,
      async answer(call) {
        const domain = domainOf(call)
        const body = parse(Register, call.body, 'body')
        const created = await names.register(domain, body)
        await came(domain, body, created)
        return { domain, created }
      },
    },
    { method: 'GET', path, answer: async call => names.state(domainOf(call)) },
    {
      method: 'PUT',
      path,
      answer: async call => names.change(domainOf(call), parse(Change, call.body, 'body')),
    },
    {
      method: 'POST',
      path: `${path}/changes`,
      limit: 600_000,
      answer: async call => names.edit(domainOf(call), parse(Edit, call.body, 'body')),
    },
    {
      method: 'DELETE',
      path,
      async answer(call) {
        const domain = domainOf(call)
        if (!(await names.remove(domain))) throw new Refused(404, `there is no domain ${domain}`)
        await freed(domain, call.query.person !== 'stays')
        return { domain }
      },
    },
    {
      method: 'PUT',
      path: `${path}/strict`,
      answer: async call => names.strict(domainOf(call), true),
    },
    {
      method: 'DELETE',
      path: `${path}/strict`,
      answer: async call => names.strict(domainOf(call), false),
    },
    { method: 'PUT', path: `${path}/ds`, answer: async call => sign(true)(call) },
    { method: 'DELETE', path: `${path}/ds`, answer: async call => sign(false)(call) },
    {
      method: 'POST',
      path: `${path}/zone`,
      async answer(call) {
        const { text } = parse(ZoneText, call.body, 'body')
        return { records: await names.parse(domainOf(call), text) }
      },
    },
  ]
}
