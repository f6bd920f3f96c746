/**
 * Builds a server on which the steps before one are solved. What was there is kept first, so that nothing that happens
 * on the way can cost anything.
 */
import type { Answers } from '../../checker/play.ts'
import { replay } from '../../checker/replay.ts'
import { namesOnTop, startOf } from '../../checker/start.ts'
import type { Step } from '../../checker/steps.ts'
import type { Lab, Labs, Who } from '../../containers/types.ts'
import type { Building } from '../protocol.ts'
import type { Places } from './places.ts'

/** Until a solution was played here once. */
const SOLUTION_MS = 30_000
const KEEP_MS = 2000
const OPEN_MS = 3000
const START_MS = 1000
const TICK_MS = 1000
/** A phase that takes longer than the last time stops short of its end until it is over. */
const NEARLY = 0.95

/** What is to be done, and for whom. */
export interface Plan {
  labs: Labs
  who: Who
  step: Step
  /** The steps whose solutions are played, the first one first. */
  before: Step[]
  places: Places
}

export interface Doing {
  /** Told at each change and once a second. */
  tell(building: Building): void
  /** Keeps the lab that is there, or removes it; nothing where there is none. */
  makeRoom: (() => Promise<void>) | null
  /** The new lab is there: from now on ending its machines ends what is under way. */
  onLab(lab: Lab): void
  onAnswers(step: Step, lab: Lab, answers: Answers): void
  signal: AbortSignal
}

/** Milliseconds that it will take, as far as is known. */
export const expectedMs = ({ before, places }: Pick<Plan, 'before' | 'places'>): number =>
  OPEN_MS + before.reduce((sum, { id }) => sum + (places.took(id) ?? SOLUTION_MS) + START_MS, 0)

/** Rejects with what went wrong, or with the reason of the signal. Gives the lab at the step's start. */
export async function catchUp(plan: Plan, doing: Doing): Promise<Lab> {
  const { labs, who, step, before, places } = plan
  const { signal } = doing
  const total = expectedMs(plan) + (doing.makeRoom ? KEEP_MS : 0)
  const since = Date.now()
  let done = 0
  let ticking: NodeJS.Timeout | undefined

  /** One phase: its share of the whole is what it is expected to take. */
  const phase = async <T>(
    what: Pick<Building, 'doing' | 'step'>,
    ms: number,
    work: (part: (part: Building['part']) => void) => Promise<T>,
  ): Promise<T> => {
    signal.throwIfAborted()
    const began = Date.now()
    let part: Building['part']
    const tell = () => {
      const here = done + Math.min((Date.now() - began) / ms, NEARLY) * ms
      const left = Math.ceil(Math.max(0, total - here) / 1000)
      const percent = Math.min(99, Math.floor((here / total) * 100))
      doing.tell({ to: step.id, ...what, ...(part ? { part } : {}), percent, left, since })
    }
    tell()
    ticking = setInterval(tell, TICK_MS)
    try {
      return await work(next => {
        part = next
        tell()
      })
    } finally {
      clearInterval(ticking)
      done += ms
    }
  }

  if (doing.makeRoom) await phase({ doing: 'keeping' }, KEEP_MS, doing.makeRoom)
  const [first = step] = before
  const lab = await phase({ doing: 'opening' }, OPEN_MS, () => labs.open(who, startOf(first)))
  doing.onLab(lab)
  for (const [index, one] of before.entries()) {
    const expected = places.took(one.id) ?? SOLUTION_MS
    await phase({ doing: 'solving', step: one.id }, expected, async tell => {
      const began = Date.now()
      const answers = await replay(labs, lab, one, {
        signal,
        onPart: (n, of, machine) => tell({ n, of, machine }),
      })
      places.remember(one.id, Date.now() - began)
      places.reach(lab.seed, one.id, true)
      doing.onAnswers(one, lab, answers)
    })
    const next = before[index + 1] ?? step
    await phase({ doing: 'starting', step: next.id }, START_MS, async () => {
      await labs.advance(lab, startOf(next), namesOnTop)
      places.reach(lab.seed, next.id, false)
    })
  }
  signal.throwIfAborted()
  return lab
}
