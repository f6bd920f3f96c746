import type { Text } from './step.ts'

/** How one answer of the learner's stands. */
export type AnswerMark = 'right' | 'wrong' | 'missing'

/** What a verdict may carry besides its sentences. */
interface More {
  /** Excerpt of the SMTP or IMAP dialogue, or of a command's output. */
  transcript?: string
  /** By the id of the task's question; never what would have been right. */
  answers?: Record<string, AnswerMark>
}

/**
 * What a check says. `fail` is the learner's to mend; `error` means that our machinery broke, and is never
 * charged to the learner.
 */
export type Verdict =
  | ({ status: 'pass'; observed: Text } & More)
  | ({
      status: 'fail'
      /** Stable kebab-case name of the reason, such as `not-a-maildir`; `wrong/*.sh` name it. */
      code: string
      /** What a right server does. */
      expected: Text
      /** What was seen instead, with the values seen. */
      observed: Text
      /** What to look at or do next: a command, a log line. */
      next?: Text
    } & More)
  | { status: 'error'; message: Text; detail: string }

export type Status = Verdict['status']

/** The verdict of one task at one moment. */
export interface TaskVerdict {
  task: string
  verdict: Verdict
  /** Milliseconds since the epoch, when the check ended. */
  at: number
  /** Milliseconds that the check took. */
  took: number
}

export const pass = (observed: Text, more: More = {}): Verdict => ({ status: 'pass', observed, ...more })

export const fail = (
  code: string,
  expected: Text,
  observed: Text,
  more: { next?: Text } & More = {},
): Verdict => ({ status: 'fail', code, expected, observed, ...more })
