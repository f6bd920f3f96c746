/** What the registrar's page makes of records and changes, without a page. */
import { expect, test } from 'vitest'
import type { DomainNames, ZoneRecord } from '../../site/protocol.ts'
import { EventNames } from '../../site/server/registrar/event-names.ts'
import { between, fits, inverse, isEmpty, toEdit } from '../../site/src/elements/registrar/change.ts'
import {
  FIELDS,
  fromStrings,
  printed,
  type RecordType,
  read,
  textFrom,
  toStrings,
  write,
} from '../../site/src/elements/registrar/data.ts'

const HASH = 'AB'.repeat(32)
const every: [RecordType, string][] = [
  ['A', '198.18.0.16'],
  ['AAAA', '2001:db8::10'],
  ['MX', '10 mail.you.test.'],
  ['TXT', '"v=spf1 mx -all"'],
  ['TXT', '"with \\"quotes\\", a \\\\ and \\195\\169"'],
  ['CNAME', 'mail.you.test.'],
  ['SRV', '0 1 993 mail.you.test.'],
  ['CAA', '0 issue "acme.nic.test; validationmethods=dns-01"'],
  ['TLSA', `3 1 1 ${HASH}`],
]

test.each(every)('%s data goes through its fields and comes back the same: %s', (type, data) => {
  expect(write(type, read(type, data))).toBe(data)
  expect(Object.keys(read(type, data))).toEqual(FIELDS[type].map(([field]) => field))
})

test('a long text is cut into strings of 255 bytes, and is whole again when it is read', () => {
  const key = `v=DKIM1; p=${'é'.repeat(300)}`
  const strings = toStrings(key).split('" "')
  expect(strings.map(one => one.replace(/\\\d{3}/g, '.').replaceAll('"', '').length)).toEqual([255, 255, 101])
  expect(fromStrings(toStrings(key))).toBe(key)
  expect(toStrings('')).toBe('""')
})

test.each([
  ['v=spf1 mx -all', 'v=spf1 mx -all'],
  ['  "v=spf1 mx -all" ', 'v=spf1 mx -all'],
  ['( "v=DKIM1; k=rsa; "\n\t  "p=AAAA" "BBBB" )  ; ----- DKIM key', 'v=DKIM1; k=rsa; p=AAAABBBB'],
  ['nov._domainkey\tIN\tTXT\t( "v=DKIM1; "\n"p=AAAA" ) ; -----', 'v=DKIM1; p=AAAA'],
  ['nov._domainkey.you.test. 300 IN TXT "v=DKIM1; p=AAAA"', 'v=DKIM1; p=AAAA'],
  ['v=DKIM1;\n p=AAAA', 'v=DKIM1; p=AAAA'],
  ['say "hello"', 'say "hello"'],
])('what is pasted as a text is taken for what it means: %s', (typed, meant) => {
  expect(textFrom(typed)).toBe(meant)
})

test('colons and spaces of a pasted hash go, and quotes around a value', () => {
  expect(write('TLSA', { usage: '3', selector: '1', matching: '1', hash: 'ab:cd ef' })).toBe('3 1 1 abcdef')
  expect(write('CAA', { flags: '0', tag: 'issue', value: '"a.test"' })).toBe('0 issue "a.test"')
})

test('a record is shown as the world will see it, with what a missing dot does', () => {
  const shown = (name: string, type: RecordType, data: string) => printed({ name, type, data }, 'you.test')
  expect(shown('@', 'MX', '10 mail.you.test')).toBe('you.test. 300 IN MX 10 mail.you.test.you.test.')
  expect(shown('_imaps._tcp', 'SRV', '0 1 993 mail')).toBe(
    '_imaps._tcp.you.test. 300 IN SRV 0 1 993 mail.you.test.',
  )
  expect(shown('mail', 'A', '198.18.0.16')).toBe('mail.you.test. 300 IN A 198.18.0.16')
})

const a: ZoneRecord = { name: 'a', type: 'A', data: '198.18.0.1', ttl: 300 }
const b: ZoneRecord = { name: 'b', type: 'A', data: '198.18.0.2', ttl: 60 }
const before: DomainNames = {
  records: [a],
  reverse: { '198.18.0.1': 'a.you.test', '198.18.0.2': 'b.you.test' },
}
const after: DomainNames = {
  records: [b],
  reverse: { '198.18.0.1': 'c.you.test', '198.18.0.3': 'd.you.test' },
}

test('a change says what goes and what comes, and its inverse undoes it', () => {
  const change = between(before, after)
  expect(change).toEqual({
    remove: [a],
    add: [b],
    reverse: {
      '198.18.0.1': { from: 'a.you.test', to: 'c.you.test' },
      '198.18.0.2': { from: 'b.you.test', to: null },
      '198.18.0.3': { from: null, to: 'd.you.test' },
    },
  })
  expect(between(after, before)).toEqual(inverse(change))
  expect(toEdit(change, 'v').reverse).toEqual({
    '198.18.0.1': 'c.you.test',
    '198.18.0.2': null,
    '198.18.0.3': 'd.you.test',
  })
  expect(isEmpty(between(before, { ...before, records: [{ ...a, ttl: 300 }] }))).toBe(true)
})

test('a change fits only names in which nothing that it replaces has changed', () => {
  const change = between(before, after)
  expect(fits(change, before)).toBe(true)
  expect(fits(change, { ...before, records: [a, b] })).toBe(true)
  expect(fits(change, { ...before, records: [{ ...a, ttl: 60 }] })).toBe(false)
  expect(fits(change, { ...before, reverse: { ...before.reverse, '198.18.0.2': 'x.you.test' } })).toBe(false)
})

test('one stream serves all pages of an event, tells each of its own names, and ends with the last page', () => {
  const streams: { begin(): void; change(domain: string): void }[] = []
  let open = 0
  const names = new EventNames(
    {
      followNames(_, begin, onChange) {
        streams.push({ begin, change: domain => onChange({ domain }) })
        open++
        return () => {
          open--
        }
      },
    },
    'e',
  )
  const told: string[] = []
  const leave = [
    names.watch('ada.test', () => told.push('ada')),
    names.watch('ada.test', () => told.push('ada again')),
    names.watch('bob.test', () => told.push('bob')),
  ]
  expect([streams.length, open]).toEqual([1, 1])
  streams[0]?.change('ada.test')
  expect(told.splice(0)).toEqual(['ada', 'ada again'])
  // After a loss nobody knows what was missed.
  streams[0]?.begin()
  expect(told.splice(0)).toEqual(['ada', 'ada again', 'bob'])
  for (const one of leave) one()
  expect(open).toBe(0)
})
