/** A record's data as fields to fill in, and back: presentation format (RFC 1035, 5.1) is for name servers. */
import type { ZoneRecord } from '../../../protocol.ts'

export type RecordType = ZoneRecord['type']
export type FieldName =
  | 'address'
  | 'host'
  | 'priority'
  | 'weight'
  | 'port'
  | 'text'
  | 'flags'
  | 'tag'
  | 'value'
  | 'usage'
  | 'selector'
  | 'matching'
  | 'hash'

/** Each type's fields in their order, with what a new record begins with. */
export const FIELDS: Record<RecordType, [FieldName, string][]> = {
  A: [['address', '']],
  AAAA: [['address', '']],
  MX: [
    ['priority', '10'],
    ['host', ''],
  ],
  TXT: [['text', '']],
  CNAME: [['host', '']],
  SRV: [
    ['priority', '0'],
    ['weight', '1'],
    ['port', '993'],
    ['host', ''],
  ],
  CAA: [
    ['flags', '0'],
    ['tag', 'issue'],
    ['value', ''],
  ],
  TLSA: [
    ['usage', '3'],
    ['selector', '1'],
    ['matching', '1'],
    ['hash', ''],
  ],
}
export const TYPES = Object.keys(FIELDS) as RecordType[]

export type Values = Partial<Record<FieldName, string>>

/** A character-string holds at most 255 bytes (RFC 1035, 3.3). */
const LONGEST = 255

const STRING = /"((?:[^"\\]|\\.)*)"/gs
const bytes = (text: string) => [...new TextEncoder().encode(text)]

/** Quoted, with what is no plain ASCII as `\DDD`. */
function quoted(part: number[]): string {
  const inside = part.map(byte => {
    const sign = String.fromCharCode(byte)
    if (sign === '"' || sign === '\\') return `\\${sign}`
    return byte >= 32 && byte < 127 ? sign : `\\${String(byte).padStart(3, '0')}`
  })
  return `"${inside.join('')}"`
}

/** Text as the strings of a TXT record. */
export function toStrings(text: string): string {
  const all = bytes(text)
  const parts: string[] = []
  for (let at = 0; at === 0 || at < all.length; at += LONGEST) parts.push(quoted(all.slice(at, at + LONGEST)))
  return parts.join(' ')
}

/** The strings of a record joined, as their readers do. */
export function fromStrings(data: string): string {
  const all = [...data.matchAll(STRING)].flatMap(([, inside = '']) =>
    [...inside.matchAll(/\\(\d{3})|\\(.)|([^\\])/gsu)].flatMap(([, code, escaped, plain]) =>
      code ? [Number(code)] : bytes(escaped ?? plain ?? ''),
    ),
  )
  return new TextDecoder().decode(new Uint8Array(all))
}

/**
 * What was typed or pasted as a text. A line of a key file (`mail._domainkey IN TXT ( "v=DKIM1; …" "p=…" ) ; …`) and
 * strings in quotes are taken for what they mean.
 */
export function textFrom(typed: string): string {
  const line = typed.trim().replace(/^(?:\S+\s+)?(?:\d+\s+)?IN\s+TXT\s+(?=[("])/i, '')
  if (/^\(?\s*(?:"(?:[^"\\]|\\.)*"\s*)+\)?\s*(?:;.*)?$/s.test(line))
    return fromStrings(line.replace(/\)\s*;.*$/s, ''))
  return typed.trim().replace(/\s*\n\s*/g, ' ')
}

export function read(type: RecordType, data: string): Values {
  const names = FIELDS[type].map(([name]) => name)
  if (type === 'TXT') return { text: fromStrings(data) }
  const parts = data.split(' ')
  // The last field takes the rest: a hash may be printed in groups, a value may hold spaces.
  const values = names.map((_, i) => (i === names.length - 1 ? parts.slice(i).join(' ') : (parts[i] ?? '')))
  const all = Object.fromEntries(names.map((name, i) => [name, values[i] ?? ''])) as Values
  return type === 'CAA' ? { ...all, value: fromStrings(all.value ?? '') } : all
}

export function write(type: RecordType, values: Values): string {
  const of = (name: FieldName) => (values[name] ?? '').trim()
  if (type === 'TXT') return toStrings(textFrom(values.text ?? ''))
  return FIELDS[type]
    .map(([name]) => {
      if (name === 'value') return quoted(bytes(of(name).replace(/^"(.*)"$/, '$1')))
      return name === 'hash' ? of(name).replace(/[\s:]/g, '') : of(name)
    })
    .join(' ')
}

/** A name as the world sees it: what has no dot at its end goes on with the domain. */
export const whole = (name: string, domain: string): string => {
  if (name === '@' || name === '') return `${domain}.`
  return name.endsWith('.') ? name : `${name}.${domain}.`
}

/** The record as a name server prints it. */
export function printed({ name, ttl = 300, type, data }: ZoneRecord, domain: string): string {
  const fields = FIELDS[type].map(([field]) => field)
  const host = fields.indexOf('host')
  const parts = data.split(' ')
  const at = parts[host]
  if (at !== undefined && at !== '') parts[host] = whole(at, domain)
  return `${whole(name, domain)} ${ttl} IN ${type} ${parts.join(' ')}`
}
