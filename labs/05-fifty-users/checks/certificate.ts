import type { Probes } from '../../../checker/probes/types.ts'
import type { Check } from '../../../checker/step.ts'
import * as say from './certificate-words.ts'
import { renew } from './renewal.ts'
import { type Fail, failed, trouble } from './say.ts'

const SERVED_MS = 6000
/** A renewal that was seen counts for so long: each one asks the authority and reloads the services. */
const SEEN_MS = 10 * 60_000

export type Seen = Awaited<ReturnType<Probes['tls']['handshake']>>
export type Door = Parameters<Probes['tls']['handshake']>[0]
const DOORS: readonly Door[] = [
  { port: 25, starttls: 'smtp' },
  { port: 993 },
  { port: 143, starttls: 'imap' },
  { port: 587, starttls: 'smtp' },
  { port: 465 },
]
/** These come with the next task. */
const LATER = [587, 465]

/** What was seen to be renewed, by the lab's seed: the serial number and when. */
const renewed = new Map<string, { serial: string; at: number }>()

/** The lab trusts what the doors show, and what they show is renewed when it is due without anybody's hand. */
export const certificate: Check = async probes => {
  const before = await lookAll(probes)
  const bad = before.find(look => 'status' in look)
  if (bad && 'status' in bad) return bad
  const doors = before.filter(look => !('status' in look)) as { door: Door; seen: Seen }[]
  const [first] = doors
  if (!first) throw new TypeError('no door was looked at')
  const odd = doors.find(({ seen }) => seen.serial !== first.seen.serial)
  if (odd) return say.differs(first, odd)
  const known = renewed.get(probes.lab.seed)
  if (known?.serial === first.seen.serial && Date.now() - known.at < SEEN_MS)
    return say.allWell(doors, first.seen)

  const asked = Date.now()
  const renewal = await renew(probes, first.seen)
  if (!renewal.jobs.length) return say.noJob(renewal.passedOver)
  if (!renewal.cron) return say.noCron()
  if (!renewal.found) return say.notFound(renewal.jobs)
  const left = new Map(doors.map(look => [look.door.port, look.door]))
  let fresh: Seen | undefined
  const done = await probes.until(async () => {
    for (const [port, door] of left) {
      // A service that is being reloaded may be away for a moment.
      const seen = await probes.tls.handshake(door).catch(orNull)
      if (!seen?.trusted || !isFresh(seen, first.seen, asked)) continue
      left.delete(port)
      fresh = seen
    }
    return left.size ? null : true
  }, SERVED_MS)
  if (!done || !fresh) return say.oldServed([...left.keys()], doors, renewal)
  renewed.set(probes.lab.seed, { serial: fresh.serial, at: Date.now() })
  return say.allWell(doors, fresh)
}

// The authority's clock is the lab's; it may date a certificate a minute back, as real ones do.
const isFresh = (seen: Seen, before: Seen, asked: number) =>
  seen.serial !== before.serial && Date.parse(seen.validFrom) > asked - 120_000

const lookAll = (probes: Probes): Promise<({ door: Door; seen: Seen } | Fail)[]> =>
  Promise.all(DOORS.map(door => look(probes, door))).then(all => all.filter(one => one !== null))

/** Null for a door that may not be there yet. */
async function look(probes: Probes, door: Door): Promise<{ door: Door; seen: Seen } | Fail | null> {
  try {
    const seen = await probes.tls.handshake(door)
    return seen.trusted ? { door, seen } : say.notTrusted(door, seen)
  } catch (error) {
    const seen = trouble(error)
    if (seen?.kind === 'refused') return LATER.includes(door.port) ? null : failed(error, 'nothing-listens')
    return failed(error, seen?.kind === 'tls' ? 'no-tls' : 'no-answer', say.readable)
  }
}

function orNull(error: unknown): null {
  if (!trouble(error)) throw error
  return null
}
