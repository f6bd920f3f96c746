/** A change of names as something to hold: it can be shown, applied, put off, and turned round. */
import type { DomainEdit, DomainNames, ZoneRecord } from '../../../protocol.ts'

const TTL = 300

/** What is taken away and what is added. Reverse names by address, each with what was there; null is none. */
export interface Change {
  remove: ZoneRecord[]
  add: ZoneRecord[]
  reverse: Record<string, { from: string | null; to: string | null }>
}

/** `mail 300 A 198.18.0.16`: the same for the same record. */
export const keyOf = ({ name, type, data, ttl = TTL }: ZoneRecord): string => `${name} ${ttl} ${type} ${data}`

/** What leads from one state of the names to another. */
export function between(before: DomainNames, after: DomainNames): Change {
  const without = (all: ZoneRecord[], others: ZoneRecord[]) => {
    const there = new Set(others.map(keyOf))
    return all.filter(record => !there.has(keyOf(record)))
  }
  const addresses = new Set([...Object.keys(before.reverse), ...Object.keys(after.reverse)])
  const reverse: Change['reverse'] = {}
  for (const address of addresses) {
    const [from, to] = [before.reverse[address] ?? null, after.reverse[address] ?? null]
    if (from !== to) reverse[address] = { from, to }
  }
  return {
    remove: without(before.records, after.records),
    add: without(after.records, before.records),
    reverse,
  }
}

export const isEmpty = ({ remove, add, reverse }: Change): boolean =>
  remove.length + add.length + Object.keys(reverse).length === 0

export const inverse = ({ remove, add, reverse }: Change): Change => ({
  remove: add,
  add: remove,
  reverse: Object.fromEntries(
    Object.entries(reverse).map(([address, { from, to }]) => [address, { from: to, to: from }]),
  ),
})

export const toEdit = ({ remove, add, reverse }: Change, version: string): DomainEdit => ({
  remove,
  add,
  reverse: Object.fromEntries(Object.entries(reverse).map(([address, { to }]) => [address, to])),
  version,
})

/** Whether all that the change takes away or replaces is still as it was when it was made. */
export function fits({ remove, reverse }: Change, names: DomainNames): boolean {
  const there = new Set(names.records.map(keyOf))
  return (
    remove.every(record => there.has(keyOf(record))) &&
    Object.entries(reverse).every(([address, { from }]) => (names.reverse[address] ?? null) === from)
  )
}
