import type { DomainState } from '../../containers/internet/api.ts'
import type { Context } from './connect.ts'
import { internet } from './internet.ts'
import type { RegistrarProbe } from './types.ts'

const ASK_MS = 10_000

/** The registry of the lab internet, for the learner's domain. */
export function registrarProbe(context: Context): RegistrarProbe {
  const path = `/domains/${context.lab.domain}`
  return {
    state: () => internet<DomainState>(context, ASK_MS, 'GET', path),
    async strict(on) {
      await internet(context, ASK_MS, on ? 'PUT' : 'DELETE', `${path}/strict`)
    },
  }
}
