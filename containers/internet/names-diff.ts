/** Two states of a domain's names, compared. */
import { createHash } from 'node:crypto'
import type { DomainEdit, DomainNames, ZoneRecord } from './api.ts'
import type { ZoneUpdate } from './dynamic.ts'
import { REVERSE_ZONES, reverseName, reverseZoneOf } from './zones.ts'

const TTL = 300

/** The same for the same names, in whatever order. */
export const versionOf = ({ records, reverse }: DomainNames): string =>
  createHash('sha256')
    .update(JSON.stringify([records, Object.entries(reverse).sort()]))
    .digest('hex')
    .slice(0, 16)

const line = (domain: string, { name, ttl = TTL, type, data }: ZoneRecord) =>
  `${name === '@' ? '' : `${name}.`}${domain}. ${ttl} ${type} ${data}`

const isSame = (a: ZoneRecord, b: ZoneRecord) =>
  a.name === b.name && a.type === b.type && a.data === b.data && (a.ttl ?? TTL) === (b.ttl ?? TTL)

/** The names after an edit. */
export function edited({ records, reverse }: DomainNames, edit: DomainEdit): DomainNames {
  const kept = records.filter(record => !edit.remove.some(one => isSame(one, record)))
  const added = edit.add.filter(one => !kept.some(record => isSame(one, record)))
  const hosts = Object.entries({ ...reverse, ...edit.reverse })
  return {
    records: [...kept, ...added],
    reverse: Object.fromEntries(hosts.filter((one): one is [string, string] => one[1] !== null)),
  }
}

/** What has to be told to the name server; `after` as it would print it, so that what is the same compares so. */
export function changes(domain: string, before: DomainNames, after: DomainNames): ZoneUpdate[] {
  const old = new Set(before.records.map(record => line(domain, record)))
  const wanted = new Set(after.records.map(record => line(domain, record)))
  const withoutTtl = (text: string) => text.replace(/^(\S+) \d+ /, '$1 ')
  const zone: ZoneUpdate = {
    zone: `${domain}.`,
    lines: [
      ...[...old].filter(one => !wanted.has(one)).map(one => `delete ${withoutTtl(one)}`),
      ...[...wanted].filter(one => !old.has(one)).map(one => `add ${one}`),
    ],
  }
  const reverse = REVERSE_ZONES.map((origin): ZoneUpdate => {
    const lines: string[] = []
    for (const address of new Set([...Object.keys(before.reverse), ...Object.keys(after.reverse)])) {
      const name = reverseName(address)
      if (reverseZoneOf(name) !== origin || before.reverse[address] === after.reverse[address]) continue
      lines.push(`delete ${name} PTR`)
      const host = after.reverse[address]
      if (host !== undefined) lines.push(`add ${name} ${TTL} PTR ${host}.`)
    }
    return { zone: origin, lines }
  })
  return [zone, ...reverse].filter(({ lines }) => lines.length > 0)
}
