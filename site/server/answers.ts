/**
 * What one participant answers to the questions of tasks. Trying them all out is slow: from the third wrong try on,
 * each makes the next one wait twice as long.
 */
import { createHash } from 'node:crypto'
import { ANSWER_MAX, type AnswersByTask } from '../../checker/answers.ts'
import type { Question } from '../../checker/step.ts'
import type { Step } from '../../checker/steps.ts'
import type { Verdict } from '../../checker/verdict.ts'
import type { TaskAnswers } from '../protocol.ts'
import type { Participant, Store } from './store.ts'

const FREE_TRIES = 2
const FIRST_WAIT_MS = 5000
const LONGEST_WAIT_MS = 5 * 60_000

/** `judging`: there is something new to judge. `not-now`: wait, or wait for the last one's judgement. */
export type Taken = 'judging' | 'not-now' | 'not-asked'

export class Answers {
  readonly #store: Store
  readonly #participant: Participant
  /** By seed, step and task: the questions whose answer is new and not judged yet. */
  readonly #judging = new Map<string, Set<string>>()

  constructor(store: Store, participant: Participant) {
    this.#store = store
    this.#participant = participant
  }

  /** For the checks of a step. */
  given(step: Step, seed: string): AnswersByTask {
    const all = this.#store.answers(this.#participant, seed, step.id)
    return Object.fromEntries([...all].map(([task, { given }]) => [task, given]))
  }

  /** For the page: never more than what came from it. */
  view(step: Step, seed: string): Record<string, TaskAnswers> {
    const all = this.#store.answers(this.#participant, seed, step.id)
    const now = Date.now()
    return Object.fromEntries(
      [...all].map(([task, { given, waitUntil }]) => [
        task,
        { given, waitMs: Math.max(0, waitUntil - now), judging: this.#judging.has(key(seed, step, task)) },
      ]),
    )
  }

  /** Keeps what a page sent, unless it has to wait. */
  take(step: Step, seed: string, task: string, sent: Record<string, string>): Taken {
    const questions = step.lab.tasks.find(({ id }) => id === task)?.questions
    const given = questions && cleaned(questions, sent)
    if (!given) return 'not-asked'
    const at = key(seed, step, task)
    const before = this.#store.answers(this.#participant, seed, step.id).get(task)
    if (this.#judging.has(at) || (before && before.waitUntil > Date.now())) return 'not-now'
    const changed = Object.keys(given).filter(question => given[question] !== before?.given[question])
    this.#judging.set(at, new Set(changed))
    const { wrong = 0, waitUntil = 0 } = before ?? {}
    this.#store.keepAnswers(this.#participant, seed, step.id, task, { given, wrong, waitUntil })
    return 'judging'
  }

  /** The check has spoken about what was taken last; without a verdict nothing is counted. */
  judged(step: Step, seed: string, task: string, verdict: Verdict | undefined): void {
    const at = key(seed, step, task)
    const changed = this.#judging.get(at)
    this.#judging.delete(at)
    const marks = verdict && verdict.status !== 'error' ? verdict.answers : undefined
    const guessed = Object.entries(marks ?? {}).some(([id, mark]) => mark === 'wrong' && changed?.has(id))
    const kept = this.#store.answers(this.#participant, seed, step.id).get(task)
    if (!guessed || !kept) return
    const wrong = kept.wrong + 1
    const wait = wrong > FREE_TRIES ? FIRST_WAIT_MS * 2 ** Math.min(wrong - FREE_TRIES - 1, 20) : 0
    const waitUntil = Date.now() + Math.min(wait, LONGEST_WAIT_MS)
    this.#store.keepAnswers(this.#participant, seed, step.id, task, { given: kept.given, wrong, waitUntil })
  }

  /** What the step's own solution answered on a lab on which it was played. */
  solved(step: Step, seed: string, answers: AnswersByTask): void {
    for (const [task, given] of Object.entries(answers))
      this.#store.keepAnswers(this.#participant, seed, step.id, task, {
        given: { ...given },
        wrong: 0,
        waitUntil: 0,
      })
  }

  forget(seed: string): void {
    this.#store.forgetAnswers(this.#participant, seed)
  }
}

/** Tells a page whether its drafts are of this lab, without telling the seed, from which all values come. */
export const labMark = (seed: string): string =>
  createHash('sha256').update(`answers of ${seed}`).digest('hex').slice(0, 16)

const key = (seed: string, step: Step, task: string): string => [seed, step.id, task].join(' ')

/** Null if something was answered that nobody asked. Empty answers are none. */
function cleaned(questions: Question[], sent: Record<string, string>): Record<string, string> | null {
  const given: Record<string, string> = {}
  for (const [id, value] of Object.entries(sent)) {
    const question = questions.find(one => one.id === id)
    const text = value.trim()
    if (!question || text.length > ANSWER_MAX) return null
    if (question.kind === 'choice' && text && !question.choices.some(choice => choice.id === text))
      return null
    if (text) given[id] = text
  }
  return given
}
