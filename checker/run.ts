import type { Lab, Labs } from '../containers/types.ts'
import type { AnswersByTask } from './answers.ts'
import { cleanVerdict } from './clean.ts'
import { Overrun, ProbeError } from './probes/error.ts'
import { makeProbes } from './probes/index.ts'
import type { Check, Task } from './step.ts'
import type { Step } from './steps.ts'
import { broken, ended, off, overrun } from './trouble.ts'
import type { TaskVerdict, Verdict } from './verdict.ts'

/** What one check may take in all. */
export const CHECK_MS = 30_000
/** Time that a check gets to say what it knows after its waits have been ended. */
const LAST_WORD_MS = 1500
const FIND_MS = 3000

export interface RunOptions {
  /** Ids of the tasks to check; all of the step's if left out. */
  tasks?: readonly string[]
  /** Ends all checks; what was not decided by then is an `error`. */
  signal?: AbortSignal
  /** Hears each verdict as it falls. */
  onVerdict?: (verdict: TaskVerdict) => void
  /** What the learner answered to the tasks' questions. */
  answers?: AnswersByTask
  /** PEM certificates of the authorities that count; those of the lab if left out. */
  authorities?: readonly string[]
  /** Milliseconds for each check. */
  budgetMs?: number
}

/**
 * Runs the checks of a step side by side, each with its own probes and budget. Never rejects: whatever goes wrong is
 * a verdict. All texts in the verdicts are safe to show.
 */
export async function runChecks(
  step: Pick<Step, 'lab' | 'checks'>,
  labs: Labs,
  lab: Lab,
  options: RunOptions = {},
): Promise<TaskVerdict[]> {
  const wanted = step.lab.tasks.filter(task => options.tasks?.includes(task.id) ?? true)
  return Promise.all(
    wanted.map(async task => {
      const { id } = task
      const began = Date.now()
      const check = step.checks[id]
      const verdict = cleanVerdict(
        check ? await decide(check, task, labs, lab, options) : broken(`no check for ${id}`),
      )
      const at = Date.now()
      const result: TaskVerdict = { task: id, verdict, at, took: at - began }
      try {
        options.onVerdict?.(result)
      } catch {
        // A listener's mistake must not take the other verdicts away.
      }
      return result
    }),
  )
}

async function decide(check: Check, task: Task, labs: Labs, lab: Lab, options: RunOptions): Promise<Verdict> {
  const budgetMs = options.budgetMs ?? CHECK_MS
  const budget = new AbortController()
  const timer = setTimeout(() => budget.abort(new Overrun(`${budgetMs} ms`)), budgetMs)
  const signal = options.signal ? AbortSignal.any([options.signal, budget.signal]) : budget.signal
  const silence = Promise.withResolvers<Verdict>()
  let last: NodeJS.Timeout | undefined
  const giveUp = () => {
    const verdict = options.signal?.aborted ? ended() : overrun(budgetMs)
    last = setTimeout(() => silence.resolve(verdict), LAST_WORD_MS)
  }
  const form = { questions: task.questions ?? [], given: options.answers?.[task.id] ?? {} }
  if (signal.aborted) giveUp()
  else signal.addEventListener('abort', giveUp, { once: true })
  try {
    const probes = makeProbes(labs, lab, signal, options.authorities, form)
    const said = (async () => wellFormed(await check(probes)))()
    return await Promise.race([said, silence.promise])
  } catch (error) {
    if (options.signal?.aborted) return ended()
    if (error instanceof ProbeError) return await blamed(error, labs, lab)
    if (budget.signal.aborted) return overrun(budgetMs)
    return broken(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
  } finally {
    clearTimeout(timer)
    clearTimeout(last)
    signal.removeEventListener('abort', giveUp)
    // Whatever the check left open ends with it.
    budget.abort(new Overrun('over'))
  }
}

/** A connection that broke is the learner's only if their machine is up and the engine still there to ask. */
async function blamed(error: ProbeError, labs: Labs, lab: Lab): Promise<Verdict> {
  if (error.kind === 'ours') return broken(error.message)
  try {
    const late = new Promise<never>((_, reject) => {
      setTimeout(reject, FIND_MS, new Error('the engine gave no answer')).unref()
    })
    const found = await Promise.race([labs.find(lab), late])
    if (!found?.running) return off(lab.host)
  } catch (cause) {
    return broken((cause as Error).message)
  }
  const { kind, expected, observed, next, transcript } = error
  return {
    status: 'fail',
    code: kind,
    expected,
    observed,
    ...(next ? { next } : {}),
    ...(transcript ? { transcript } : {}),
  }
}

/** `checks.ts` is typed, but a cast or a forgotten `return` is not a verdict. */
function wellFormed(verdict: Verdict | undefined): Verdict {
  if (verdict?.status === 'error' && verdict.message && verdict.detail !== undefined) return verdict
  if (verdict?.status === 'pass' && verdict.observed) return verdict
  if (verdict?.status === 'fail' && verdict.code && verdict.expected && verdict.observed) return verdict
  return broken(`the check gave no verdict but ${JSON.stringify(verdict)?.slice(0, 200)}`)
}
