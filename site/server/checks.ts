/**
 * Runs the checks of the step that a participant has open: at once when asked, and by itself some moments after
 * the terminal has been active. One run at a time; what happens meanwhile leads to another.
 */
import type { AnswersByTask } from '../../checker/answers.ts'
import { runChecks } from '../../checker/run.ts'
import type { Step } from '../../checker/steps.ts'
import type { TaskVerdict } from '../../checker/verdict.ts'
import type { Lab, Labs } from '../../containers/types.ts'

/** Quiet for this long after typing: the command is probably done. */
const QUIET_MS = 2000
/** A command that prints without end is checked behind at this pace… */
const BUSY_MS = 10_000
/** …for this long after the last key, so that `top` left open doesn't check for ever. */
const INTEREST_MS = 5 * 60_000
/** What was typed may take a while to show: a queue that is retried, a service that is slow to start. */
const SECOND_LOOKS_MS = [10_000, 20_000, 40_000]

export interface ChecksListener {
  checking(step: string, tasks: string[]): void
  verdict(step: string, verdict: TaskVerdict): void
}

/** What to check, where, and what was answered at that moment. */
export interface Target {
  step: Step
  lab: Lab
  answers: AnswersByTask
}

export class Checks {
  readonly #labs: Labs
  readonly #listener: ChecksListener
  readonly #last = new Map<string, Map<string, TaskVerdict>>()
  #running: AbortController | null = null
  #again = false
  #lastInput = 0
  /** Output counts as activity only from typing until the next quiet run: a `tail -f` sees the checks' own mail. */
  #armed = false
  #busySince = 0
  /** How many second looks there were since something was typed. */
  #looks = SECOND_LOOKS_MS.length
  #timer: NodeJS.Timeout | null = null
  /** What to check, and where, at the moment a run begins; null while no lab is open. */
  #target: () => Target | null
  /** Tasks being checked by the run, and by themselves. */
  readonly #inRun = new Set<string>()
  readonly #alone = new Map<string, AbortController>()

  constructor(labs: Labs, listener: ChecksListener, target: () => Target | null) {
    this.#labs = labs
    this.#listener = listener
    this.#target = target
  }

  /** The last verdict of each task of a step. */
  last(step: string): TaskVerdict[] {
    return [...(this.#last.get(step)?.values() ?? [])]
  }

  /** Verdicts of a lab that is gone say nothing of the next one; a run that is under way is given up. */
  forget(): void {
    this.#last.clear()
    this.#armed = false
    this.#looks = SECOND_LOOKS_MS.length
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#running?.abort()
    for (const one of this.#alone.values()) one.abort()
  }

  activity(kind: 'input' | 'output'): void {
    const now = Date.now()
    if (kind === 'input') {
      this.#lastInput = now
      if (!this.#armed) this.#busySince = now
      this.#armed = true
      this.#looks = 0
    }
    if (!this.#armed || now - this.#lastInput > INTEREST_MS) return
    const wait = Math.max(0, Math.min(QUIET_MS, this.#busySince + BUSY_MS - now))
    this.#runIn(wait, () => {
      const quiet = Date.now() - now >= QUIET_MS
      if (quiet) this.#armed = false
      this.#busySince = Date.now()
    })
  }

  #runIn(wait: number, before: () => void = () => {}): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = null
      before()
      void this.run()
    }, wait)
  }

  /** After a run that wasn't all green, unless another is due anyway. */
  #lookAgain(step: string): void {
    const wait = SECOND_LOOKS_MS[this.#looks]
    if (wait === undefined || this.#timer || this.last(step).every(one => one.verdict.status === 'pass'))
      return
    this.#looks++
    this.#runIn(wait)
  }

  /** Runs all checks of the step now; if a run is under way, once more after it. Never rejects. */
  async run(): Promise<void> {
    if (this.#running) {
      this.#again = true
      return
    }
    const target = this.#target()
    if (!target) return
    const { step, lab, answers } = target
    const abort = new AbortController()
    this.#running = abort
    for (const task of step.lab.tasks) this.#inRun.add(task.id)
    this.#tellChecking(step.id)
    try {
      await runChecks(step, this.#labs, lab, {
        signal: abort.signal,
        answers,
        onVerdict: verdict => {
          // What was checked alone since then is newer, and this knows the answers of before.
          if (!abort.signal.aborted && this.#inRun.delete(verdict.task)) this.#keep(step.id, verdict)
        },
      })
    } finally {
      this.#running = null
      this.#inRun.clear()
      this.#tellChecking(step.id)
      if (this.#again) {
        this.#again = false
        void this.run()
      } else if (!abort.signal.aborted) this.#lookAgain(step.id)
    }
  }

  /**
   * Checks one task at once, beside whatever runs: somebody has answered its questions and waits. Null if there was
   * nothing to look at, or not to the end. Never rejects. One at a time for a task.
   */
  async one(task: string): Promise<TaskVerdict | null> {
    const target = this.#target()
    if (!target || this.#alone.has(task)) return null
    const { step, lab, answers } = target
    const abort = new AbortController()
    this.#alone.set(task, abort)
    this.#inRun.delete(task)
    this.#tellChecking(step.id)
    const [verdict] = await runChecks(step, this.#labs, lab, { tasks: [task], signal: abort.signal, answers })
    this.#alone.delete(task)
    const whole = verdict && !abort.signal.aborted
    if (whole) this.#keep(step.id, verdict)
    this.#tellChecking(step.id)
    return whole ? verdict : null
  }

  #keep(step: string, verdict: TaskVerdict): void {
    const of = this.#last.get(step) ?? new Map<string, TaskVerdict>()
    of.set(verdict.task, verdict)
    this.#last.set(step, of)
    this.#listener.verdict(step, verdict)
  }

  #tellChecking(step: string): void {
    this.#listener.checking(step, [...new Set([...this.#inRun, ...this.#alone.keys()])])
  }

  end(): void {
    this.forget()
    this.#again = false
    this.#target = () => null
  }
}
