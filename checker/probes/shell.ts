import { type Lab, LabError } from '../../containers/types.ts'
import type { Context } from './connect.ts'
import { ours } from './faults.ts'
import type { ShellProbe } from './types.ts'
import { within } from './within.ts'

/**
 * Reads inside a machine on which the learner is root: what it says explains a verdict and never makes one green. A
 * command that hangs there is nobody's failed task, so all trouble here is `ours`.
 */
export function shellProbe(context: Context, lab: Lab): ShellProbe {
  return {
    async run(script, { machine = 'server', user, timeoutMs = 10_000 } = {}) {
      const options = { timeoutMs, ...(user ? { user } : {}) }
      const running = context.labs.exec(lab, machine, ['sh', '-c', script], options)
      try {
        return await within(running, {
          // The engine keeps the budget itself; this one is for an engine that is gone.
          ms: timeoutMs + 5000,
          signal: context.signal,
          late: s => ours(`a command on ${machine} gave no end within ${s} s`),
        })
      } catch (error) {
        throw error instanceof LabError ? ours(error.message, error) : error
      }
    },
  }
}
