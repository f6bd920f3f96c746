/** Verdicts as literals: a step imports types alone from the checker. */
import type { ProbeError } from '../../../checker/probes/error.ts'
import type { Text } from '../../../checker/step.ts'
import type { Verdict } from '../../../checker/verdict.ts'

export type Fail = Extract<Verdict, { status: 'fail' }>

export const pass = (observed: Text, transcript?: string): Verdict => ({
  status: 'pass',
  observed,
  ...(transcript ? { transcript } : {}),
})

export const fail = (
  code: string,
  words: { expected: Text; observed: Text; next?: Text | undefined; transcript?: string | undefined },
): Fail => ({
  status: 'fail',
  code,
  expected: words.expected,
  observed: words.observed,
  ...(words.next ? { next: words.next } : {}),
  ...(words.transcript ? { transcript: words.transcript } : {}),
})

/** What a probe threw because of the learner's server; null for everything else, which is ours to answer for. */
export function trouble(error: unknown): ProbeError | null {
  const seen = error instanceof Error && error.name === 'ProbeError' ? (error as ProbeError) : null
  return seen?.kind === 'ours' ? null : seen
}

/** The probe's words under a name of the check's own; what is not the learner's goes on upwards. */
export function failed(error: unknown, code: string, next?: Text): Fail {
  const seen = trouble(error)
  if (!seen) throw error
  const { expected, observed, transcript } = seen
  return fail(code, { expected, observed, next: next ?? seen.next, transcript })
}

/** `a, b, c and 4 more`, for a sentence in either language. */
export const some = (names: readonly string[], shown = 6): Text => {
  const rest = names.length - shown
  const head = names.slice(0, shown).join(', ')
  return rest > 0
    ? { en: `${head} and ${rest} more`, fr: `${head} et ${rest} de plus` }
    : { en: head, fr: head }
}

/** For `sh`: one word, whatever is in it. */
export const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/** Works through the items, at most `width` at a time: each connection costs a process in the lab internet. */
export async function inTurns<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const queue = [...items.entries()]
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await work(next[1])
  }
  await Promise.all(Array.from({ length: width }, worker))
  return results
}
