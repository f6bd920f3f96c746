import type { DomainNames } from '../containers/internet/api.ts'
import type { Lab, Start } from '../containers/types.ts'
import { labFacts } from './facts.ts'
import type { Step } from './steps.ts'

/** The starting state of a step, in the terms of `containers/lab.ts`. */
export const startOf = (step: Pick<Step, 'id' | 'files' | 'names'>) =>
  ({
    step: step.id,
    files: (lab: Lab) => step.files(labFacts(lab)),
    names: (lab: Lab) => step.names(labFacts(lab)),
  }) satisfies Start

/**
 * What a domain has at the start of a step that follows another: the names that it had before, but for those with the
 * name and type of a record of the step's start, or with an address that gets another reverse name.
 */
export function namesOnTop(before: DomainNames, start: DomainNames): DomainNames {
  const key = ({ name, type }: DomainNames['records'][number]) => `${name} ${type}`
  const replaced = new Set(start.records.map(key))
  return {
    records: [...before.records.filter(record => !replaced.has(key(record))), ...start.records],
    reverse: { ...before.reverse, ...start.reverse },
  }
}
