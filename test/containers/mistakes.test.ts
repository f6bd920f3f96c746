/** What a beginner writes wrong in their names, one mistake a test; how the name server takes it is in names.test.ts. */
import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import type { DomainNames, ZoneRecord } from '../../containers/internet/api.ts'
import { mistakesIn } from '../../containers/internet/mistakes/find.ts'

const key = (bits: number) =>
  generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'der', type: 'spki' })
const whole = key(2048).toString('base64')
const HASH = 'ab'.repeat(32)

/** Names of another domain: one alias, one host, a provider whose SPF costs eleven look-ups, one that leads to itself. */
const outside = {
  hasAddress: async (host: string) => host === 'mx.grosmail.test',
  isAlias: async (host: string) => host === 'alias.grosmail.test',
  texts: async (host: string) =>
    ({
      'many.test': [`v=spf1 ${Array.from({ length: 10 }, (_, i) => `exists:${i}.test`).join(' ')} -all`],
      'loop.test': ['v=spf1 include:loop.test -all'],
      'grosmail.test': ['something else', 'v=spf1 ip4:198.18.0.4 -all'],
    })[host] ?? [],
}

const good: ZoneRecord[] = [
  { name: '@', type: 'MX', data: '10 mail.you.test.' },
  { name: '@', type: 'TXT', data: '"v=spf1 mx include:grosmail.test include:loop.test -all"' },
  { name: 'mail', type: 'A', data: '198.18.0.16' },
  { name: 'mail', type: 'AAAA', data: '2001:db8::10' },
  { name: '_dmarc', type: 'TXT', data: '"v=DMARC1; p=quarantine; rua=mailto:dmarc@you.test"' },
  {
    name: 'nov._domainkey',
    type: 'TXT',
    data: `"v=DKIM1; k=rsa; p=${whole.slice(0, 200)}" "${whole.slice(200)}"`,
  },
  { name: 'old._domainkey', type: 'TXT', data: '"v=DKIM1; p="' },
  { name: '_25._tcp.mail', type: 'TLSA', data: `3 1 1 ${HASH}` },
  { name: '_imaps._tcp', type: 'SRV', data: '0 1 993 mail.you.test.' },
  { name: '_submission._tcp', type: 'SRV', data: '0 0 0 .' },
  { name: 'webmail', type: 'CNAME', data: 'mail.you.test.' },
]

async function seen(records: ZoneRecord[], reverse: DomainNames['reverse'] = {}) {
  const found = await mistakesIn('you.test', { records: [...good, ...records], reverse }, outside)
  for (const { text } of found) for (const say of [text.en, text.fr]) expect(say).not.toMatch(/undefined|NaN/)
  return found.map(({ code, name, type, data }) => [code, name, type, data])
}

test('names as they should be have no mistakes', async () => {
  expect(await seen([], { '198.18.0.16': 'mail.you.test', '2001:db8:0::10': 'MAIL.you.test' })).toEqual([])
})

const alone: [string, ZoneRecord['type'], string, string][] = [
  ['mx-to-cname', 'MX', '@', '20 webmail.you.test.'],
  ['mx-to-cname', 'MX', '@', '20 alias.grosmail.test.'],
  ['mx-to-address', 'MX', '@', '20 198.18.0.16.you.test.'],
  ['mx-to-address', 'MX', '@', '20 198.18.0.16.'],
  ['missing-dot', 'MX', '@', '20 mail.you.test.you.test.'],
  ['missing-dot', 'CNAME', 'shop', 'mail.you.test.you.test.'],
  ['name-repeats-domain', 'A', 'mail.you.test', '198.18.0.16'],
  ['target-without-address', 'MX', '@', '20 mx.nowhere.test.'],
  ['target-without-address', 'SRV', '_imap._tcp', '0 1 143 imap.you.test.'],
  ['srv-to-cname', 'SRV', '_imap._tcp', '0 1 143 webmail.you.test.'],
  ['cname-and-others', 'CNAME', '_dmarc', 'mail.you.test.'],
  ['two-spf', 'TXT', '@', '"v=spf1 a -all"'],
  ['spf-syntax', 'TXT', 'news', '"v=spf1 ipv4:198.18.0.1 -all"'],
  ['spf-version', 'TXT', 'news', '"v=spf 1 mx -all"'],
  ['spf-version', 'TXT', 'news', '"v=spf2 mx -all"'],
  ['spf-all-pass', 'TXT', 'news', '"v=spf1 mx +all"'],
  ['spf-after-all', 'TXT', 'news', '"v=spf1 mx -all ip4:198.18.0.20"'],
  ['spf-lookups', 'TXT', 'news', '"v=spf1 include:many.test -all"'],
  ['two-dmarc', 'TXT', '_dmarc', '"v=DMARC1; p=none"'],
  ['dmarc-elsewhere', 'TXT', 'dmarc', '"v=DMARC1; p=none"'],
  ['dmarc-version', 'TXT', '_dmarc.news', '"v=dmarc1; p=none"'],
  ['dmarc-policy', 'TXT', '_dmarc.news', '"v=DMARC1; rua=mailto:a@you.test"'],
  ['dmarc-policy', 'TXT', '_dmarc.news', '"v=DMARC1; p=drop"'],
  ['dmarc-report', 'TXT', '_dmarc.news', '"v=DMARC1; p=none; rua=a@you.test"'],
  ['dkim-elsewhere', 'TXT', 'domainkey', `"v=DKIM1; p=" "${whole.slice(0, 250)}"`],
  ['dkim-without-key', 'TXT', 'a._domainkey', '"v=DKIM1; k=rsa"'],
  [
    'dkim-key-characters',
    'TXT',
    'a._domainkey',
    `"v=DKIM1; p=${whole.slice(0, 200)}\\"" "${whole.slice(200)}"`,
  ],
  ['dkim-key-broken', 'TXT', 'a._domainkey', `"v=DKIM1; p=${whole.slice(0, 200)}"`],
  ['dkim-key-broken', 'TXT', 'a._domainkey', `"v=DKIM1; p=" "${whole.slice(200)}" "${whole.slice(0, 200)}"`],
  ['dkim-key-broken', 'TXT', 'a._domainkey', '"v=DKIM1; k=ed25519; p=AAAA"'],
  ['dkim-key-short', 'TXT', 'a._domainkey', `"v=DKIM1; p=${key(512).toString('base64')}"`],
  ['tlsa-elsewhere', 'TLSA', 'mail', `3 1 1 ${HASH}`],
  ['tlsa-length', 'TLSA', '_465._tcp.mail', `3 1 1 ${HASH.slice(2)}`],
  ['tlsa-length', 'TLSA', '_465._tcp.mail', `3 1 2 ${HASH}`],
  ['tlsa-numbers', 'TLSA', '_465._tcp.mail', `3 2 1 ${HASH}`],
  ['tlsa-usage', 'TLSA', '_25._tcp.mail', `1 1 1 ${HASH}`],
]

test.each(alone)('%s is told of the record it is in: %s %s', async (code, type, name, data) => {
  expect(await seen([{ name, type, data }])).toEqual([[code, name, type, data]])
})

test('a reverse name whose host does not lead back is told of its address', async () => {
  expect(await seen([], { '198.18.0.17': 'mail.you.test', '2001:db8::11': 'none.you.test' })).toEqual([
    ['ptr-not-confirmed', '198.18.0.17', 'PTR', 'mail.you.test'],
    ['ptr-not-confirmed', '2001:db8::11', 'PTR', 'none.you.test'],
  ])
})
