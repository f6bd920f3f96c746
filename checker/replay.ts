/** Builds what a step begins with: the solutions of the steps before it are played, as a good participant types them. */
import type { Lab, Labs } from '../containers/types.ts'
import { type Answers, play } from './play.ts'
import type { MachineName } from './step.ts'
import type { Step } from './steps.ts'

const PART_MS = 300_000
const TAIL = 1500

/** The steps that a step goes on from, the first one first; none for a scene of its own. */
export function stepsBefore(step: Step, steps: ReadonlyMap<string, Step>): Step[] {
  const before = step.lab.follows === undefined ? undefined : steps.get(step.lab.follows)
  return before ? [...stepsBefore(before, steps), before] : []
}

/** A solution that did not work where it was replayed; `output` is the end of what it printed. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError'
  readonly step: string
  readonly output: string
  constructor(step: string, code: number, output: string) {
    super(`solution.sh of ${step} ended with ${code}`)
    this.step = step
    this.output = output.trim().slice(-TAIL)
  }
}

/**
 * Plays a step's solution on a lab that is at its start, and gives the answers of it. `onPart` hears of each part as it
 * begins, counted from 1. Rejects with `ReplayError`, or with the reason of `signal` before the next part.
 */
export async function replay(
  labs: Labs,
  lab: Lab,
  step: Step,
  options: { signal: AbortSignal; onPart?: (part: number, of: number, machine: MachineName) => void },
): Promise<Answers> {
  const solution = step.scripts.find(({ kind }) => kind === 'solution')
  if (!solution) throw new ReplayError(step.id, 1, `${step.id} has no solution.sh`)
  const answers: Answers = {}
  for (const [index, part] of solution.parts.entries()) {
    options.signal.throwIfAborted()
    options.onPart?.(index + 1, solution.parts.length, part.machine)
    const played = await play(labs, lab, { parts: [part] }, step.lab, PART_MS)
    options.signal.throwIfAborted()
    if (played.code !== 0) throw new ReplayError(step.id, played.code, played.output)
    for (const [task, given] of Object.entries(played.answers)) answers[task] = { ...answers[task], ...given }
  }
  return answers
}
