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
