import type { Text } from '../step.ts'
import type { ProbeErrorKind } from './types.ts'

/**
 * A probe could not do its work. `kind` tells whose trouble it is: `ours` becomes an `error`, everything else a `fail`
 * of the learner's server with the kind as its code.
 */
export class ProbeError extends Error {
  override readonly name = 'ProbeError'
  readonly kind: ProbeErrorKind
  /** What a right server does. */
  readonly expected: Text
  readonly observed: Text
  readonly next: Text | undefined
  transcript: string | undefined

  constructor(kind: ProbeErrorKind, words: { expected: Text; observed: Text; next?: Text }, cause?: unknown) {
    super(words.observed.en, { cause })
    this.kind = kind
    this.expected = words.expected
    this.observed = words.observed
    this.next = words.next
  }
}

/** The reason of an abort when a check used up its budget: what it waited for at that moment is told. */
export class Overrun extends Error {
  override readonly name = 'Overrun'
}
