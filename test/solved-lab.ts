/** A lab on which a step is solved, for whoever wants to look at that server as a whole. */
import { replay, stepsBefore } from '../checker/replay.ts'
import type { Step } from '../checker/steps.ts'
import type { Lab, Labs, Who } from '../containers/types.ts'
import { begin, keep, type Solved } from './solved.ts'

/**
 * Plays the solutions up to the step's own, each from the start that its step has in a proof, and leaves the last lab
 * open. `onStep` hears of each step as it begins. `close` removes all that was made; if this rejects it is removed already.
 */
export async function openSolved(
  labs: Labs,
  who: Who,
  step: Step,
  steps: ReadonlyMap<string, Step>,
  options: { signal: AbortSignal; onStep?: (step: Step) => void },
): Promise<{ lab: Lab; close(): Promise<void> }> {
  const images: string[] = []
  const close = async () => {
    await labs.closeEvent(who.event)
    await Promise.allSettled(images.map(image => labs.dropSnapshot(image)))
  }
  try {
    await labs.ensureEvent(who.event)
    let solved: Solved | undefined
    for (const one of stepsBefore(step, steps)) {
      const { lab, answers } = await solve(one, solved)
      solved = await keep(labs, one, lab, answers, solved)
      images.push(solved.image)
    }
    return { lab: (await solve(step, solved)).lab, close }
  } catch (error) {
    await close().catch(() => {})
    // What broke because it was stopped says so.
    options.signal.throwIfAborted()
    throw error
  }

  async function solve(one: Step, base: Solved | undefined) {
    options.signal.throwIfAborted()
    options.onStep?.(one)
    const lab = await begin(labs, who, one, base, true)
    return { lab, answers: await replay(labs, lab, one, options) }
  }
}
