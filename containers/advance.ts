/** The names of a lab that goes on to another step as it is. */
import type { DomainChange, DomainState, ZoneRecord } from './internet/api.ts'
import { type Lab, LabError, type Labs, type NamesAtAdvance, type Start } from './types.ts'

const TRIES = 3

/**
 * The owner may be changing them at this moment: then it looks again. A `strict` start makes the providers strict,
 * and `listed` ones put its addresses on the blocklist.
 */
export async function changeNames(
  labs: Pick<Labs, 'internet'>,
  lab: Lab,
  wanted: ReturnType<NonNullable<Start['names']>>,
  names: NamesAtAdvance,
): Promise<void> {
  const path = `/domains/${lab.domain}`
  for (const [address, cause] of Object.entries(wanted.listed ?? {}))
    await labs.internet(lab.event, 'POST', `/blocklist/${encodeURIComponent(address)}`, { cause })
  for (let left = TRIES; ; left--) {
    const state = await labs.internet<DomainState>(lab.event, 'GET', path)
    if (wanted.strict && !state.strict) await labs.internet(lab.event, 'PUT', `${path}/strict`)
    const changed = names(state, wanted)
    if (!changed) return
    try {
      // A start says more than names, which the registry does not take.
      const { records, reverse } = changed
      const change: DomainChange = { records, reverse, version: state.version }
      await labs.internet(lab.event, 'PUT', path, change)
      return
    } catch (error) {
      if (!left || !(error instanceof LabError) || error.status !== 409) throw error
    }
  }
}

/** Null if nothing is missing. A record is missing where there is none of its name and type, nor an alias in its place. */
export const withMissing: NamesAtAdvance = (there, wanted) => {
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
