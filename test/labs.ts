/**
 * Every step proves itself: at its start each task's check fails, after `solution.sh` and each `right/` it passes, and
 * after each `wrong/` the check that it names fails with the code that it names. All in real machines, as a learner
 * has them. `npm run verify` prints it, labs.test.ts tests it.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Labs } from '../containers/types.ts'
import { enact, type Took } from './enact.ts'
import { keyOf, type Proved, type Scenario } from './proofs.ts'
import { Snapshots } from './snapshots.ts'

export interface ProveOptions {
  labs: Labs
  /** Labs side by side. */
  jobs: number
  signal: AbortSignal
  onProof?: (proved: Proved) => void
  /** After all of its proofs were told. */
  onScenario?: (enacted: Enacted) => void
}

/** A scenario that is over; times in milliseconds since the epoch. */
export interface Enacted {
  scenario: Scenario
  took: Took
  began: number
  ended: number
}

const GiB = 1024 ** 3
/** A server with a mail system, its desk, and its share of the lab internet. */
const LAB_BYTES = 1 * GiB

/**
 * As many labs side by side as a machine bears. A lab waits for something more than half of its time (packages that unpack
 * on one core, mail that is to come or not): with two at a time on two cores, half of the processor was idle.
 */
export const jobsFor = ({ cores, memory }: { cores: number; memory: number }): number =>
  Math.max(1, Math.min(8, cores * 2, Math.floor((memory - GiB) / LAB_BYTES)))

const LOOK_MS = 100

/**
 * Opens the labs, `jobs` at a time, and proves the scenarios in their order (`planAll`). Each job has an event of its
 * own, so that all of them can use the one name; everything is closed at the end, whatever happened. Each proof of each
 * scenario is told once: what breaks on the way is the failure of those that it kept from being proved, and the others go
 * on. Rejects only if `signal` aborts.
 */
export async function prove(scenarios: readonly Scenario[], options: ProveOptions): Promise<Proved[]> {
  const { labs, signal } = options
  const all: Proved[] = []
  const queue = [...scenarios]
  const snapshots = new Snapshots(labs, queue)
  const run = `verify-${randomBytes(3).toString('hex')}`
  const events: string[] = []
  const open = new Set<string>()

  const attempt = async (scenario: Scenario, event: string): Promise<boolean> => {
    const missing = new Map(scenario.proofs.map(proof => [keyOf(proof), proof]))
    const onProof = (proved: Proved) => {
      missing.delete(keyOf(proved))
      all.push(proved)
      options.onProof?.(proved)
    }
    const began = Date.now()
    const took: Took = { internet: 0, begin: 0, script: 0, checks: 0, snapshot: 0 }
    try {
      // Once: each time again would look at network, seal and health anew.
      if (!open.has(event)) await labs.ensureEvent(event)
      open.add(event)
      took.internet = Date.now() - began
      await enact(scenario, { labs, event, signal, snapshots, onProof, took })
      return true
    } catch (error) {
      signal.throwIfAborted()
      const why = error instanceof Error ? error.message : String(error)
      if (scenario.script.kind === 'solution') snapshots.settle(scenario.step.id, why)
      for (const proof of missing.values()) onProof({ ...proof, ok: false, got: 'broken', why, took: 0 })
      return false
    } finally {
      if (!signal.aborted) options.onScenario?.({ scenario, took, began, ended: Date.now() })
    }
  }
  const job = async () => {
    let event: string | undefined
    while (queue.length) {
      signal.throwIfAborted()
      const at = queue.findIndex(scenario => snapshots.ready(scenario))
      const [next] = at < 0 ? [] : queue.splice(at, 1)
      if (!next) {
        // All that is left waits for what another job is making.
        await sleep(LOOK_MS)
        continue
      }
      if (!event) {
        event = `${run}-${events.length + 1}`
        events.push(event)
      }
      if (await attempt(next, event)) continue
      // What broke may have broken the event's internet too: the next scenario gets a new one.
      labs.closeEvent(event).catch(() => {})
      event = undefined
    }
  }
  // A script can run for minutes; without its machine it ends at once.
  const closeNow = () => {
    for (const event of events) labs.closeEvent(event).catch(() => {})
  }
  signal.addEventListener('abort', closeNow, { once: true })
  try {
    const jobs = await Promise.allSettled(Array.from({ length: Math.min(options.jobs, queue.length) }, job))
    for (const result of jobs) if (result.status === 'rejected') throw result.reason
    return all
  } finally {
    const closing = await Promise.allSettled(events.map(event => closeEvent(labs, event)))
    await snapshots.drop()
    for (const result of closing) if (result.status === 'rejected') console.error(result.reason)
  }
}

/** A busy engine now and then refuses to remove what it is still busy with. */
async function closeEvent(labs: Labs, event: string): Promise<void> {
  for (let left = 4; ; left--) {
    try {
      return await labs.closeEvent(event)
    } catch (error) {
      if (!left)
        throw new Error(`${event} could not be closed; \`npm run stop\` removes it`, { cause: error })
      await sleep(1000)
    }
  }
}
