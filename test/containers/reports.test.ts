/** What needs no network: how records are read, how messages are counted, how a report is written. */
import { describe, expect, it } from 'vitest'
import type { Authenticated } from '../../containers/internet/providers/authenticate.ts'
import { copine } from '../../containers/internet/providers/copine.ts'
import { grosmail } from '../../containers/internet/providers/grosmail.ts'
import { mailbox, mayReceive } from '../../containers/internet/reports/addresses.ts'
import { dmarcReport, dmarcRow } from '../../containers/internet/reports/dmarc-report.ts'
import { Tally } from '../../containers/internet/reports/tally.ts'
import { parseTlsa } from '../../containers/internet/tls/dane.ts'
import { stsId } from '../../containers/internet/tls/sts.ts'

const dnsOf = (names: Record<string, string[]>) => ({
  resolve: async (name: string) => {
    const found = names[name]
    if (!found) throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
    return found.map(text => [text])
  },
})

describe('a TLSA record', () => {
  const hex = 'ab'.repeat(32)
  it.each([
    [`3 1 1 ${hex}`, true],
    [`2 0 1 ${hex.slice(0, 40)} ${hex.slice(40)}`, true],
    [`3 1 2 ${hex}${hex}`, true],
    [`1 1 1 ${hex}`, false],
    [`3 2 1 ${hex}`, false],
    [`3 1 3 ${hex}`, false],
    [`3 1 1 ${hex.slice(2)}`, false],
    ['3 1 1 no-hex', false],
  ])('%s is usable for mail: %s', (text, usable) => {
    expect(parseTlsa(text) !== null).toBe(usable)
  })
})

describe('the record of MTA-STS', () => {
  const id = (...texts: string[]) =>
    stsId(dnsOf({ '_mta-sts.you.test': texts }), 'you.test').catch(error => error.fault.code)
  it('has an id, or says what is wrong', async () => {
    expect(await stsId(dnsOf({}), 'you.test')).toBeNull()
    expect(await id('v=STSv1; id=20260101a;')).toBe('20260101a')
    expect(await id('v=STSv1; id=2026-01-01;')).toBe('sts-record')
    expect(await id('v=STS1; id=1')).toBe('sts-record')
    expect(await id('v=STSv1; id=1;', 'v=STSv1; id=2;')).toBe('sts-records')
  })
})

describe('an address for reports', () => {
  it('is a mailbox, with or without a size', () => {
    expect(
      ['mailto:a@you.test', 'MAILTO:a%2Bb@you.test!10m', 'mailto:a b@x', 'a@you.test'].map(mailbox),
    ).toEqual(['a@you.test', 'a+b@you.test', null, null])
  })
  it('of another domain has to be willing', async () => {
    const dns = dnsOf({ 'you.test._report._dmarc.other.test': ['v=DMARC1;'] })
    expect(await mayReceive(dns, 'you.test', 'a@reports.you.test')).toBe(true)
    expect(await mayReceive(dns, 'you.test', 'a@other.test')).toBe(true)
    expect(await mayReceive(dns, 'you.test', 'a@copine.test')).toBe(false)
  })
})

describe('a tally', () => {
  it('counts what is the same together, by provider and domain, and begins anew once it is taken', () => {
    const tally = new Tally<{ address: string }>()
    for (const address of ['a', 'b', 'b']) tally.add(grosmail, 'you.test', { address })
    tally.add(copine, 'you.test', { address: 'a' })
    expect(tally.take(grosmail, 'you.test')?.rows).toEqual([
      { row: { address: 'b' }, count: 2 },
      { row: { address: 'a' }, count: 1 },
    ])
    expect(tally.take(grosmail, 'you.test')).toBeNull()
    tally.forget('you.test')
    expect(tally.take(copine, 'you.test')).toBeNull()
  })
  it('keeps to its bounds in a flood', () => {
    const tally = new Tally<{ address: string }>()
    for (let i = 0; i < 2000; i++) tally.add(grosmail, 'you.test', { address: `${i}` })
    expect(tally.take(grosmail, 'you.test')?.rows.length).toBe(500)
    for (let i = 0; i < 2000; i++) tally.add(grosmail, `d${i}.test`, { address: 'a' })
    expect(tally.take(grosmail, 'd0.test')).toBeNull()
    expect(tally.take(grosmail, 'd1999.test')).not.toBeNull()
  })
})

describe('a DMARC report', () => {
  const authentication = (dmarc: string, policy: string, policyDomain = 'you.test') =>
    ({
      ...{ dmarc, policy, author: 'you.test' },
      raw: {
        ...{ policyDomain, testing: false, alignedSpf: false, alignedDkim: dmarc === 'pass' },
        ...{ spfDomain: '', spf: 'none', dkim: [] },
      },
    }) as unknown as Authenticated
  const row = (dmarc: string, policy: string, policyDomain?: string) =>
    dmarcRow({
      address: '198.18.0.9',
      envelopeFrom: '',
      helo: 'MAIL.<x>&.test',
      authentication: authentication(dmarc, policy, policyDomain),
      refused: false,
    })

  it('says what became of a message as the domain asks', () => {
    const outcome = ([dmarc, policy]: [string, string]) => row(dmarc, policy)?.row.disposition
    const cases: [string, string][] = [
      ['fail', 'none'],
      ['fail', 'quarantine'],
      ['fail', 'reject'],
      ['pass', 'reject'],
      ['pass', 'none'],
    ]
    expect(cases.map(outcome)).toEqual(['none', 'quarantine', 'reject', 'pass', 'none'])
  })
  it('has nothing of domains without a record', () => {
    expect(row('none', '', '')).toBeNull()
  })
  it('is XML whatever strangers say, and has the file name of RFC 9990', () => {
    const found = row('fail', 'none')
    if (!found) throw new Error('no row')
    const { text, file, id } = dmarcReport(
      grosmail,
      'you.test',
      { p: 'none', rua: 'mailto:a@you.test' },
      {
        since: 1_780_000_000_000,
        rows: [{ row: found.row, count: 2 }],
      },
    )
    expect(text).toContain('<envelope_from>mail.&#60;x&#62;&#38;.test</envelope_from>')
    expect(file).toMatch(new RegExp(`^grosmail\\.test!you\\.test!1780000000!\\d+!${id}\\.xml\\.gz$`))
  })
})
