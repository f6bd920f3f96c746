/** The audit without a lab: it asks everything, and reads what it gets as the standards do. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { audit, SUBJECTS } from '../../checker/audit/audit.ts'
import { pidsOf } from '../../checker/audit/behaviour.ts'
import { listName, meaning } from '../../checker/audit/blocklists.ts'
import { strongSignature } from '../../checker/audit/certificate.ts'
import { rollsOver } from '../../checker/audit/dane.ts'
import { bitsOf, signaturesIn } from '../../checker/audit/dkim.ts'
import { addressesOf } from '../../checker/audit/dmarc.ts'
import { dsOf } from '../../checker/audit/ds-digest.ts'
import { bimiIsValid } from '../../checker/audit/mta-sts.ts'
import type { Asker } from '../../checker/audit/row.ts'
import { tellingMacros, unread } from '../../checker/audit/spf.ts'
import { evaluate } from '../../checker/audit/spf-record.ts'
import { good, sufficient, suiteName, weak } from '../../checker/audit/suites.ts'
import { ProbeError } from '../../checker/probes/error.ts'
import type { Probes } from '../../checker/probes/types.ts'
import { textSchema } from '../../checker/step.ts'

const entries = SUBJECTS.flatMap(({ entries }) => entries)

/** What each of them asks, as the list of public checks has it: row by row. */
const ASKED: Record<Asker, string[]> = {
  I: `ns-ipv6 mx-ipv6 rpki dnssec-domain dnssec-mx caa spf-exists spf-strict dkim-exists dmarc-exists dmarc-enforced
    tlsa-exists tlsa-valid tlsa-matches tlsa-rollover starttls tls-versions tls-ciphers tls-order tls-key-exchange
    tls-compression tls-early-data tls-renegotiation certificate-chain certificate-name certificate-key
    certificate-signature certificate-days`.split(/\s+/),
  M: `ns-as-delegated glue same-soa host-addresses mta-sts-addresses autoconfig ptr-exists ptr-is-the-name ptr-confirmed
    mx-present mx-once mx-resolves mx-allowed idna dnssec-domain dnssec-mx ds-matches ds-algorithm ds-digest sts-record
    sts-policy sts-enforced sts-mx tlsa-exists tlsa-valid tlsa-matches certificate-chain certificate-name certificate-days
    not-listed domain-not-listed list-answers services-listen only-there fail2ban ssh-without-passwords updates room backup
    outbound-25 postmaster-address hostmaster-address abuse-address`.split(/\s+/),
  C: `ns-as-delegated glue same-soa ptr-exists ptr-is-the-name ptr-confirmed mx-present mx-once mx-resolves mx-allowed
    dnssec-domain dnssec-mx spf-exists spf-strict spf-single spf-syntax spf-lookups spf-void spf-loops spf-includes-once
    spf-ptr spf-after-all spf-size spf-macros dmarc-exists dmarc-enforced dmarc-single dmarc-known-tags dmarc-removed-tags
    dmarc-subdomains dmarc-report-addresses dmarc-reports-authorised sts-record sts-policy sts-enforced sts-mx tls-rpt bimi
    tlsa-exists tlsa-valid tlsa-matches`.split(/\s+/),
  behaviour:
    `dkim-verifies dkim-key dkim-aligned no-relay no-auth-on-25 starttls-first wrong-password unknown-user
    no-backscatter mail-is-read root-mail plus-detail catch-all over-quota sieve helo-is-ptr from-aligned greylisting gtube
    outbound-limit queue-drains list-unsubscribe restart-is-new restore delisted`.split(/\s+/),
}

describe('the list of the audit', () => {
  it.each(Object.keys(ASKED) as Asker[])('has a row for everything that %s asks', asker => {
    const mine = entries.filter(({ asks }) => asks.includes(asker)).map(({ id }) => id)
    expect(mine.sort()).toEqual(ASKED[asker].sort())
  })

  it('has for each row a check, a later step or a reason, and one of them alone', () => {
    for (const entry of entries) {
      const ways = ['check', 'later', 'cannot'].filter(way => way in entry)
      expect(ways, entry.id).toHaveLength(1)
      if ('later' in entry) expect([7, 8, 9, 10], entry.id).toContain(entry.later)
      if ('cannot' in entry) textSchema.parse(entry.cannot)
    }
  })

  it('has each row once, in both languages, with somebody who asks', () => {
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
    for (const { id, text, asks } of entries) {
      textSchema.parse(text)
      expect(asks.length, id).toBeGreaterThan(0)
    }
  })

  it('is kept in labs/AUDIT.md as it stands here, row by row', () => {
    const file = readFileSync(new URL('../../labs/AUDIT.md', import.meta.url), 'utf8')
    const missing = entries.filter(({ text }) => !file.includes(`| ${text.en} |`))
    expect(missing.map(({ id }) => id)).toEqual([])
  })
})

describe('a run of the audit', () => {
  it('tells what the server lacks from what our machinery lacks', async () => {
    const theirs = new ProbeError('refused', {
      expected: { en: 'a', fr: 'a' },
      observed: { en: 'Nothing listens.', fr: 'Rien n’écoute.' },
    })
    // Whatever is looked with, one half of the world is down by itself and the other by our fault.
    const probes = new Proxy({} as Probes, {
      get(_, name) {
        if (name === 'lab')
          return {
            domain: 'you.test',
            host: 'mail.you.test',
            address: { server: { ipv4: '198.18.0.16', ipv6: '2001:db8::16' } },
          }
        if (name === 'canary') return () => 'canary-0123456789abcdef'
        throw name === 'dns' || name === 'smtp' ? theirs : new Error('the lab internet is silent')
      },
    })
    const rows = await audit(probes, { address: 'ada@you.test', login: 'ada', password: 'x' })
    expect(rows).toHaveLength(entries.length)
    expect(rows.map(({ id }) => id)).toEqual(entries.map(({ id }) => id))
    const stateOf = (id: string) => rows.find(row => row.id === id)?.state
    expect(stateOf('unknown-user')).toBe('open')
    expect(stateOf('delisted')).not.toBe('holds')
    expect(stateOf('sts-enforced')).toBe('broken')
    expect(stateOf('sieve')).toBe('later')
    expect(stateOf('rpki')).toBe('cannot')
    expect(rows.filter(({ state }) => state === 'holds').map(({ id }) => id)).toEqual(['idna'])
  })
})

/** A resolver that knows these TXT records, and hosts with an address each. */
const dns = (texts: Record<string, string>, hosts: Record<string, string> = {}) => {
  const ask = async (name: string, type: string) => {
    const text = type === 'TXT' ? texts[name] : undefined
    const address = type === 'A' ? hosts[name] : undefined
    const answers = text !== undefined ? [`"${text}"`] : address ? [address] : []
    return { status: 'NOERROR', answers, authentic: true }
  }
  const resolve = async (name: string, type: string) => (await ask(name, type)).answers
  return { dns: { ask, resolve } } as unknown as Pick<Probes, 'dns'>
}

describe('SPF is read as receivers read it', () => {
  it('counts the look-ups of included records too', async () => {
    const texts = { 'you.test': 'v=spf1 a include:b.test -all', 'b.test': 'v=spf1 a:mx.b.test -all' }
    const seen = await evaluate(
      dns(texts, { 'you.test': '198.18.0.9', 'mx.b.test': '198.18.0.8' }),
      'you.test',
    )
    expect(seen).toMatchObject({ valid: true, result: 'fail', lookups: 3, loops: [] })
  })

  it('sees a circle, too many look-ups into nothing, and broken syntax', async () => {
    const circle = { 'you.test': 'v=spf1 include:b.test -all', 'b.test': 'v=spf1 include:you.test -all' }
    expect(await evaluate(dns(circle), 'you.test')).toMatchObject({
      valid: false,
      loops: ['you.test > b.test > you.test'],
    })
    const nowhere = { 'you.test': 'v=spf1 a:x.test a:y.test a:z.test -all' }
    expect((await evaluate(dns(nowhere), 'you.test')).valid).toBe(false)
    expect((await evaluate(dns({ 'you.test': 'v=spf1 ipv4:198.18.0.1 -all' }), 'you.test')).valid).toBe(false)
  })

  it('finds what nobody reads, and macros that tell who writes', () => {
    expect(unread(['mx', '-all'])).toEqual([])
    expect(unread(['-all', 'mx', 'exp=why.you.test'])).toEqual(['mx'])
    expect(unread(['redirect=b.test', '~all'])).toEqual(['redirect=b.test'])
    expect(tellingMacros(['exists:%{i}._spf.you.test', 'exists:%{l}.you.test'])).toEqual([
      'exists:%{l}.you.test',
    ])
  })
})

describe('records and evidence', () => {
  it('a DS is computed as in RFC 4509, 2.3', () => {
    const key =
      '256 3 5 AQOeiiR0GOMYkDshWoSKz9Xz fwJr1AYtsmx3TGkJaNXVbfi/ 2pHm822aJ5iI9BMzNXxeYCmZ DRD99WYwYqUSdjMmmAphXdvx egXd/M5+X7OrzKBaMbCVdFLU Uh6DhweJBjEVv5f2wwjM9Xzc nOf+EPbtG9DMBmADjFDc2w/r ljwvFw=='
    expect(dsOf('dskey.example.com', key, '2')).toBe(
      '60485 5 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A',
    )
    expect(dsOf('dskey.example.com', key, '1')).toBeNull()
  })

  it('a blocklist’s own error code is no listing', () => {
    expect(meaning([])).toBe('clean')
    expect(meaning(['127.0.0.2'])).toBe('listed')
    expect(meaning(['127.255.255.254'])).toBe('no-answer')
    expect(meaning(['203.0.113.1'])).toBe('no-answer')
    expect(listName('198.18.0.16')).toBe('16.0.18.198.bl.blocklist.test')
    expect(listName('2001:db8::1')).toMatch(/^1\.0\.0\.0\..*\.8\.b\.d\.0\.1\.0\.0\.2\.bl\.blocklist\.test$/)
  })

  it('DKIM: signatures of a verdict, and the length of a key', () => {
    const header =
      'mx.grosmail.test; dkim=fail header.i=@b.test header.s=old; dkim=pass header.i=@you.test header.s=winter header.a=rsa-sha256; spf=pass'
    expect(signaturesIn(header)).toEqual([
      { result: 'fail', domain: 'b.test', selector: 'old' },
      { result: 'pass', domain: 'you.test', selector: 'winter' },
    ])
    expect(bitsOf('v=DKIM1; p=')).toBe(0)
    expect(bitsOf(`v=DKIM1; k=ed25519; p=${Buffer.alloc(32, 1).toString('base64')}`)).toBe(
      Number.POSITIVE_INFINITY,
    )
  })

  it('DMARC: addresses of reports', () => {
    expect(addressesOf('mailto:a@you.test, mailto:b@c.test!10m')).toEqual(['a@you.test', 'b@c.test'])
    expect(addressesOf('a@you.test')).toEqual([null])
    expect(addressesOf(undefined)).toEqual([])
  })

  it('DANE: a rollover needs a second record of the key or of its authority', () => {
    expect(rollsOver(['3 1 1 AA'])).toBe(false)
    expect(rollsOver(['3 1 1 AA', '3 1 1 BB'])).toBe(true)
    expect(rollsOver(['3 1 1 AA', '2 1 1 BB'])).toBe(true)
    expect(rollsOver(['2 1 1 AA', '2 1 1 BB'])).toBe(false)
  })

  it('BIMI: a logo at an https address, or none on purpose', () => {
    expect(bimiIsValid('v=BIMI1; l=https://you.test/logo.svg; a=')).toBe(true)
    expect(bimiIsValid('v=BIMI1; l=; a=')).toBe(true)
    expect(bimiIsValid('v=BIMI1; l=http://you.test/logo.svg')).toBe(false)
    expect(bimiIsValid('v=BIMI1')).toBe(false)
  })

  it('no suite is in two classes, and strong signatures are told from old ones', () => {
    const all = [...good, ...sufficient, ...weak]
    expect(new Set(all).size).toBe(all.length)
    expect(suiteName(0xc02b)).toBe('ECDHE_ECDSA_AES_128_GCM')
    expect(['ecdsa-with-SHA256', 'RSA-SHA384', 'ED25519'].every(strongSignature)).toBe(true)
    expect(['sha1WithRSAEncryption', 'md5WithRSAEncryption', 'ecdsa-with-SHA1'].some(strongSignature)).toBe(
      false,
    )
  })

  it('processes by name, as a look at the server lists them', () => {
    expect(pidsOf('master 12 \ndovecot 40 41\n\n')).toEqual(
      new Map([
        ['master', ['12']],
        ['dovecot', ['40', '41']],
      ]),
    )
  })
})
