import { setTimeout as sleep } from 'node:timers/promises'
import { ATTACK_LIMITS, type AttackState, type Phished } from '../../containers/internet/api.ts'
import type { Context } from './connect.ts'
import { internet } from './internet.ts'
import type { PourrielProbe } from './types.ts'

const ASK_MS = 10_000
/** Each look costs a process in the internet container, so they become rarer. */
const POLL_MS = [150, 300, 600, 1000]

/** The spammers of the lab internet. */
export function pourrielProbe(context: Context): PourrielProbe {
  const path = (id: string) => `/attacks/${id}`
  const state = (id: string) => internet<AttackState>(context, ASK_MS, 'GET', path(id))
  const stop = (id: string) => internet<AttackState>(context, ASK_MS, 'DELETE', path(id))
  const start = (body: object) => internet<AttackState>(context, ASK_MS, 'POST', '/attacks', body)
  async function ended(first: AttackState, end: number): Promise<AttackState> {
    let seen = first
    for (let round = 0; seen.state === 'running'; round++) {
      const pause = POLL_MS[Math.min(round, POLL_MS.length - 1)] ?? 0
      if (Date.now() + pause > end) return stop(seen.id)
      await sleep(pause, undefined, { signal: context.signal })
      seen = await state(seen.id)
    }
    return seen
  }
  return {
    phished: () => internet<Phished | null>(context, ASK_MS, 'GET', `/phished/${context.lab.domain}`),
    start,
    state,
    stop,
    async attack(body, timeoutMs = ATTACK_LIMITS.seconds * 1000) {
      const end = Date.now() + timeoutMs
      const seen = await start(body)
      // A check that is over wants no more of it.
      const abandon = () => void context.labs.internet(context.event, 'DELETE', path(seen.id)).catch(() => {})
      context.signal.addEventListener('abort', abandon, { once: true })
      try {
        return await ended(seen, end)
      } finally {
        context.signal.removeEventListener('abort', abandon)
      }
    },
  }
}
