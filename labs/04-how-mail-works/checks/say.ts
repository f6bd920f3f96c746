import type { Text } from '../../../checker/step.ts'
import type { Verdict } from '../../../checker/verdict.ts'

type Failed = Extract<Verdict, { status: 'fail' }>

/** The code, what is right, what was seen, and what to do next. */
export const fail = (
  code: string,
  expected: Text,
  observed: Text,
  more: Pick<Failed, 'next' | 'transcript'> = {},
): Failed => ({ status: 'fail', code, expected, observed, ...more })

/** A failure beside the form: right and wrong answers are shown all the same. */
export const beside = (failed: Failed, form: Verdict): Verdict =>
  'answers' in form && form.answers ? { ...failed, answers: form.answers } : failed
