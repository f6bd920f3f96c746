/** A lab on which a step is solved, for whoever wants to look at that server as a whole. */
import { replay, stepsBefore } from '../checker/replay.ts'
import { namesOnTop, startOf } from '../checker/start.ts'
import type { Step } from '../checker/steps.ts'
import type { Lab, Labs, Who } from '../containers/types.ts'

/**
 * Opens a lab and plays the solutions up to the step's own on it, as catching up does. `onStep` hears of each as it
 * begins. Who opens it closes its event.
 */
export async function openSolved(
  labs: Labs,
  who: Who,
  step: Step,
  steps: ReadonlyMap<string, Step>,
  options: { signal: AbortSignal; onStep?: (step: Step) => void },
): Promise<Lab> {
  const all = [...stepsBefore(step, steps), step]
  const [first = step] = all
  await labs.ensureEvent(who.event)
  const lab = await labs.open(who, startOf(first))
  for (const [index, one] of all.entries()) {
    if (index > 0) await labs.advance(lab, startOf(one), namesOnTop)
    options.onStep?.(one)
    await replay(labs, lab, one, options)
  }
  return lab
}
