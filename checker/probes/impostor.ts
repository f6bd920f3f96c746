import { IMPOSTOR, type ImpostorAttempt } from '../../containers/internet/api-reports.ts'
import type { Context } from './connect.ts'
import { internet } from './internet.ts'
import type { ImpostorProbe } from './types.ts'

const ASK_MS = 10_000

/** The host with the false certificate, and what it saw of the learner's server. */
export function impostorProbe(context: Context): ImpostorProbe {
  return {
    domain: IMPOSTOR,
    attempts(after) {
      const query = new URLSearchParams({ from: context.lab.domain, after: `${after}` })
      return internet<ImpostorAttempt[]>(context, ASK_MS, 'GET', `/impostor/attempts?${query}`)
    },
  }
}
