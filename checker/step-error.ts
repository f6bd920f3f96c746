/** A mistake in a step folder, in words that say where it is and what to do next. */
import type { z } from 'zod'

export interface Mistake {
  /** Relative to the folder of the steps: `05-fifty-users/lab.ts`. */
  file: string
  /** Where in the file: `tasks[0].title.fr`, or empty. */
  path: string
  expected: string
  seen: string
  /** The next action. */
  next: string
}

export class StepError extends Error {
  override readonly name = 'StepError'
  readonly mistake: Mistake

  constructor(mistake: Mistake, options?: ErrorOptions) {
    const where = mistake.path ? `${mistake.file} → ${mistake.path}` : mistake.file
    super(
      `${where}\n  expected: ${mistake.expected}\n  seen:     ${mistake.seen}\n  do:       ${mistake.next}`,
      options,
    )
    this.mistake = mistake
  }
}

/** One `StepError` for each issue that the schema found in `data`. */
export function schemaErrors(file: string, data: unknown, issues: z.core.$ZodIssue[]): StepError[] {
  return issues.flatMap(issue => {
    const seen = shown(
      issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)?.[key], data),
    )
    const path = pathOf(issue.path)
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(
        key =>
          new StepError({
            file,
            path: pathOf([...issue.path, key]),
            expected: 'no such key',
            seen: `the key «${key}»`,
            next: `take «${key}» out, or spell it as in checker/step.ts`,
          }),
      )
    }
    const next = seen === 'nothing' ? `add ${path}` : `correct ${path}`
    return [new StepError({ file, path, expected: wanted(issue), seen, next })]
  })
}

function wanted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'string' ? 'a text' : issue.expected
    case 'too_small':
      if (issue.origin === 'string') return 'a text that is not empty'
      if (issue.origin === 'array') return `at least ${issue.minimum} of them`
      return `more than ${issue.minimum}`
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    default:
      return issue.message
  }
}

const pathOf = (keys: readonly PropertyKey[]): string =>
  keys.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i ? '.' : ''}${String(key)}`)).join('')

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'function') return 'a function'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
