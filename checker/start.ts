import type { DomainNames, PlacedMessage } from '../containers/internet/api.ts'
import type { Lab, Start } from '../containers/types.ts'
import { labFacts } from './facts.ts'
import type { StartMessage } from './step.ts'
import type { Step } from './steps.ts'

const placed = ({ provider, hoursAgo, flags, source }: StartMessage): PlacedMessage => {
  const at = Date.now() - Math.round(hoursAgo * 3_600_000)
  const text = source(new Date(at).toUTCString().replace('GMT', '+0000'))
  return { provider, at, flags, source: Buffer.from(text).toString('base64') }
}

/** The starting state of a step, in the terms of `containers/lab.ts`. */
export const startOf = (step: Pick<Step, 'id' | 'files' | 'names' | 'mail' | 'doors'>) =>
  ({
    step: step.id,
    files: (lab: Lab) => step.files(labFacts(lab)),
    names: (lab: Lab) => step.names(labFacts(lab)),
    mail: (lab: Lab) => (step.mail?.(labFacts(lab)) ?? []).map(placed),
    doors: (lab: Lab) => {
      const facts = labFacts(lab)
      const house = step.doors?.(facts)
      return house ? { address: facts.house, ...house } : null
    },
  }) satisfies Start

/**
 * What a domain has at the start of a step that follows another: the names that it had before, but for those with the
 * name and type of a record of the step's start, or with an address that gets another reverse name.
 */
export function namesOnTop<Names extends DomainNames>(before: DomainNames, start: Names): Names {
  const key = ({ name, type }: DomainNames['records'][number]) => `${name} ${type}`
  const replaced = new Set(start.records.map(key))
  return {
    // Whether it is strict, and what is on the blocklist.
    ...start,
    records: [...before.records.filter(record => !replaced.has(key(record))), ...start.records],
    reverse: { ...before.reverse, ...start.reverse },
  }
}
