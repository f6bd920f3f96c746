/** Brings a lab to another step as it is: nothing on it is reset, and what its owner set stays. */
import type { DomainChange, DomainNames, DomainState, ZoneRecord } from './internet/api.ts'
import { type Lab, LabError, type Labs } from './types.ts'

const TRIES = 3

/**
 * Adds what is missing of the names, leaving those that are there. The owner may be changing them at this moment: then
 * it looks again.
 */
export async function addMissingNames(
  labs: Pick<Labs, 'internet'>,
  lab: Lab,
  wanted: DomainNames,
): Promise<void> {
  const path = `/domains/${lab.domain}`
  for (let left = TRIES; ; left--) {
    const state = await labs.internet<DomainState>(lab.event, 'GET', path)
    const names = withMissing(state, wanted)
    if (!names) return
    try {
      const change: DomainChange = { ...names, version: state.version }
      await labs.internet(lab.event, 'PUT', path, change)
      return
    } catch (error) {
      if (!left || !(error instanceof LabError) || error.status !== 409) throw error
    }
  }
}

/** Null if nothing is missing. A record is missing where there is none of its name and type, nor an alias in its place. */
export function withMissing(there: DomainNames, wanted: DomainNames): DomainNames | null {
  const has = (record: ZoneRecord) =>
    there.records.some(
      ({ name, type }) =>
        name === record.name && (type === record.type || type === 'CNAME' || record.type === 'CNAME'),
    )
  const records = wanted.records.filter(record => !has(record))
  const reverse = Object.entries(wanted.reverse).filter(([address]) => there.reverse[address] === undefined)
  if (!records.length && !reverse.length) return null
  return {
    records: [...there.records, ...records],
    reverse: { ...there.reverse, ...Object.fromEntries(reverse) },
  }
}
