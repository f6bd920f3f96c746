/** The registrar's part of the control API (api.ts). */
import type { DomainState } from './api.ts'
import { domainSchema, domainSchemas, ZoneText } from './bodies.ts'
import { type Call, parse, Refused, type Route } from './control.ts'
import type { LabNet } from './env.ts'
import type { Names } from './names.ts'

/** `taken`: domains that no learner can have. `freed`: what goes with a domain that is given up. */
export function registrar(
  names: Names,
  taken: ReadonlySet<string>,
  net: LabNet,
  freed: (domain: string) => Promise<unknown>,
): Route[] {
  const Domain = domainSchema(taken)
  const { Register, Change } = domainSchemas(net)
  const domainOf = ({ parameters }: Call) => parse(Domain, parameters.domain, 'domain')
  const sign =
    (signed: boolean) =>
    (call: Call): Promise<DomainState> =>
      names.sign(domainOf(call), signed)
  const path = '/domains/:domain'
  return [
    {
      method: 'POST',
      path,
      async answer(call) {
        const domain = domainOf(call)
        return { domain, created: await names.register(domain, parse(Register, call.body, 'body')) }
      },
    },
    { method: 'GET', path, answer: async call => names.state(domainOf(call)) },
    {
      method: 'PUT',
      path,
      answer: async call => names.change(domainOf(call), parse(Change, call.body, 'body')),
    },
    {
      method: 'DELETE',
      path,
      async answer(call) {
        const domain = domainOf(call)
        if (!(await names.remove(domain))) throw new Refused(404, `there is no domain ${domain}`)
        if (call.query.person !== 'stays') await freed(domain)
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
