import type { Probes } from '../../../checker/probes/types.ts'
import { type Copy, copiesOf } from './copies.ts'

export interface Landing {
  /** All copies that were there at the last look, of canaries that were not waited for too. */
  copies: Copy[]
  /** An error message about one that is missing came back to the sender. */
  bounced: boolean
}

/**
 * Waits until all wanted canaries lie somewhere that is not the queue, or until it is sure that they won't: one was
 * deferred (it would come in minutes) or bounced. Gives what there is when time is up. `canary` is what all of them
 * begin with; each is the left side of its message's Message-ID.
 */
export async function landed(
  probes: Probes,
  { canary, wanted, sender }: { canary: string; wanted: readonly string[]; sender: string },
  timeoutMs: number,
): Promise<Landing> {
  let copies: Copy[] = []
  let rounds = 0
  const settled = await probes.until(async (): Promise<Landing | null> => {
    copies = await copiesOf(probes, canary)
    const home = new Set(copies.filter(copy => copy.place !== 'queue').map(copy => copy.canary))
    const missing = wanted.filter(one => !home.has(one))
    if (!missing.length) return { copies, bounced: false }
    const deferred = copies.filter(copy => copy.path.startsWith('/var/spool/postfix/deferred/'))
    if (deferred.some(copy => missing.includes(copy.canary))) return { copies, bounced: false }
    rounds += 1
    const bounce = rounds > 1 ? await probes.grosmail.receive(sender, `${missing[0]}@`, 0) : null
    return bounce ? { copies, bounced: true } : null
  }, timeoutMs)
  return settled ?? { copies, bounced: false }
}
