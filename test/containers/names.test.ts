/** The registrar from where a learner stands: with dig, nsupdate and their key, on the desk. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DomainState, ZoneRecord } from '../../containers/internet/api.ts'
import type { Lab } from '../../containers/types.ts'
import { type Ground, ground, plain } from '../fixture.ts'

let place: Ground & AsyncDisposable
let event: string
let ada: Lab
let bob: Lab

beforeAll(async () => {
  place = await ground()
  event = place.event()
  ada = await place.labs.open({ event, participant: 'ada' }, plain)
  bob = await place.labs.open({ event, participant: 'bob' }, { step: 'none', files: () => [] })
}, 240_000)
afterAll(() => place?.[Symbol.asyncDispose]())

/** Runs a command line on a desk as its participant; gives what it printed. */
async function desk(lab: Lab, line: string): Promise<string> {
  const { stdout, stderr } = await place.labs.exec(lab, 'desk', ['sh', '-c', line], {
    user: lab.participant,
    env: { HOME: `/home/${lab.participant}` },
  })
  return `${stdout}${stderr}`.trim()
}

const nsupdate = (lab: Lab, ...lines: string[]) =>
  desk(lab, `nsupdate -k ~/registrar.key 2>&1 <<'END'\nserver ns.nic.test\n${lines.join('\n')}\nsend\nEND`)
const state = (lab: Lab) => place.labs.internet<DomainState>(event, 'GET', `/domains/${lab.domain}`)
const put = (lab: Lab, body: object) =>
  place.labs.internet<DomainState>(event, 'PUT', `/domains/${lab.domain}`, body)
const reverseOf = ({ address }: Lab) => `${address.server.ipv4.split('.').reverse().join('.')}.in-addr.arpa`

describe('a new domain', () => {
  it('has what its step gave it, and nothing where the step gave nothing', async () => {
    expect((await state(ada)).records.map(({ name, type }) => `${name} ${type}`)).toEqual([
      '@ MX',
      'desk A',
      'desk AAAA',
      'mail A',
      'mail AAAA',
    ])
    const { records, reverse } = await state(bob)
    expect([records, reverse]).toEqual([[], {}])
    expect(await desk(bob, 'dig +short bob.test MX')).toBe('')
    expect(await desk(bob, `dig +noall +comments -x ${bob.address.server.ipv4}`)).toContain('NXDOMAIN')
  })

  it('is delegated from the root on, as anybody may follow', async () => {
    const trace = await desk(ada, 'dig +trace +nodnssec mail.ada.test A')
    expect(trace).toMatch(/^\.\s+\d+\s+IN\s+NS\s+ns\.nic\.test\./m)
    expect(trace).toMatch(
      new RegExp(`^mail\\.ada\\.test\\.\\s+\\d+\\s+IN\\s+A\\s+${ada.address.server.ipv4}`, 'm'),
    )
  })

  it('stays as its owner made it when the lab is opened again', async () => {
    await nsupdate(ada, 'zone ada.test', 'update add kept.ada.test 300 TXT "yes"')
    await place.labs.open({ event, participant: 'ada' }, plain)
    expect(await desk(ada, 'dig +short kept.ada.test TXT')).toBe('"yes"')
  })
})

describe('the key on the desk', () => {
  it('changes one’s own names, seen at once, an earlier «there is none» included', async () => {
    expect(await desk(ada, 'dig +short soon.ada.test A')).toBe('')
    expect(await nsupdate(ada, 'zone ada.test', 'update add soon.ada.test 300 A 198.18.0.99')).toBe('')
    await expect.poll(() => desk(ada, 'dig +short soon.ada.test A')).toBe('198.18.0.99')
    await nsupdate(ada, 'zone ada.test', 'update delete soon.ada.test A')
    await expect.poll(() => desk(ada, 'dig +short soon.ada.test A')).toBe('')
  })

  it('sets the reverse name of one’s own address', async () => {
    const zone = `zone ${reverseOf(bob).split('.').slice(2).join('.')}`
    expect(await nsupdate(bob, zone, `update add ${reverseOf(bob)} 300 PTR mail.bob.test.`)).toBe('')
    await expect.poll(() => desk(ada, `dig +short -x ${bob.address.server.ipv4}`)).toBe('mail.bob.test.')
  })

  it('changes nobody else’s', async () => {
    const zone = `zone ${reverseOf(ada).split('.').slice(2).join('.')}`
    expect(await nsupdate(bob, 'zone ada.test', 'update add evil.ada.test 300 A 198.18.0.99')).toMatch(
      /NOTAUTH|REFUSED/,
    )
    expect(await nsupdate(bob, zone, `update add ${reverseOf(ada)} 300 PTR mail.bob.test.`)).toMatch(
      /NOTAUTH|REFUSED/,
    )
    expect(await nsupdate(bob, 'zone test', 'update add x.test 300 A 198.18.0.99')).toMatch(/NOTAUTH|REFUSED/)
    expect(await nsupdate(bob, 'zone grosmail.test', 'update delete grosmail.test MX')).toMatch(
      /NOTAUTH|REFUSED/,
    )
    expect(
      await desk(
        bob,
        "printf 'server ns.nic.test\\nzone ada.test\\nupdate add e.ada.test 60 A 198.18.0.9\\nsend\\n' | nsupdate 2>&1",
      ),
    ).toMatch(/REFUSED|NOTAUTH/)
    expect((await state(ada)).records.filter(({ name }) => ['evil', 'e'].includes(name))).toEqual([])
  })

  it('takes nothing that would unhinge the zone, and shows it to no stranger whole', async () => {
    await nsupdate(ada, 'zone ada.test', 'update delete ada.test NS')
    await nsupdate(ada, 'zone ada.test', 'update add ada.test 300 NS ns.evil.test.')
    expect(await desk(ada, 'dig +short ada.test NS')).toBe('ns.nic.test.')
    expect(await desk(bob, 'dig @ns.nic.test ada.test AXFR')).toMatch(/Transfer failed|REFUSED/)
  })
})

describe('DNSSEC', () => {
  const flags = async (name: string) =>
    /flags: ([a-z ]*);/.exec(await desk(ada, `dig +dnssec ${name}`))?.[1]?.split(' ') ?? []

  it('validates from the root to the providers, and to a learner once the registry has the DS', async () => {
    expect(await flags('mx.grosmail.test A')).toContain('ad')
    expect(await flags('mail.ada.test A')).not.toContain('ad')
    const before = await state(ada)
    expect(before.signed).toBe(false)
    await place.labs.internet(event, 'PUT', '/domains/ada.test/ds', {})
    expect((await state(ada)).signed).toBe(true)
    expect(await flags('mail.ada.test A')).toContain('ad')
    expect(await desk(ada, 'dig +short ada.test DS')).toMatch(/^\d+ 13 2 /)
    await place.labs.internet(event, 'DELETE', '/domains/ada.test/ds')
    expect(await flags('mail.ada.test A')).not.toContain('ad')
  })
})

describe('the registrar’s table', () => {
  it('replaces names and tells who came between', async () => {
    const { records, reverse, version } = await state(ada)
    const more = [...records, { name: '_dmarc', type: 'TXT', data: '"v=DMARC1; p=none"', ttl: 120 }]
    const after = await put(ada, { records: more, reverse, version })
    expect(after.version).not.toBe(version)
    expect(await desk(ada, 'dig +short _dmarc.ada.test TXT')).toBe('"v=DMARC1; p=none"')
    await expect(put(ada, { records, reverse, version })).rejects.toThrow(/have changed/)
    await put(ada, { records, reverse, version: after.version })
    expect(await desk(ada, 'dig +short _dmarc.ada.test TXT')).toBe('')
  })

  it('takes an edit, which leaves alone what it does not name, and tells who came between', async () => {
    // A table would not take this one; whoever put it there by nsupdate can edit the others all the same.
    await nsupdate(ada, 'zone ada.test', 'update add odd+name.ada.test 0 TXT "odd"')
    const { reverse, version, ds } = await state(ada)
    const edit = (body: object) =>
      place.labs.internet<DomainState>(event, 'POST', '/domains/ada.test/changes', {
        ...{ remove: [], add: [], reverse: {} },
        ...body,
      })
    const one: ZoneRecord = { name: 'one', type: 'TXT', data: '"1"', ttl: 60 }
    const after = await edit({ add: [one], reverse: { [ada.address.desk.ipv4]: null }, version })
    expect(await desk(ada, 'dig +short one.ada.test TXT; dig +short odd+name.ada.test TXT')).toBe(
      '"1"\n"odd"',
    )
    expect(Object.keys(after.reverse).length).toBe(Object.keys(reverse).length - 1)
    expect(ds).toEqual([])
    await expect(edit({ remove: [one], version })).rejects.toThrow(/have changed/)
    await expect(edit({ reverse: { [bob.address.server.ipv4]: 'mail.ada.test' } })).rejects.toThrow(
      /not an address of/,
    )
    await expect(edit({ add: [{ ...one, data: 'no quotes' }] })).rejects.toThrow(/expected TXT data/)
    await edit({ remove: [one], reverse: { [ada.address.desk.ipv4]: 'desk.ada.test' } })
    await nsupdate(ada, 'zone ada.test', 'update delete odd+name.ada.test TXT')
    expect(await desk(ada, 'dig +short one.ada.test TXT')).toBe('')
  })

  it('tells who watches whose names have changed, by whatever way', async () => {
    const told: string[] = []
    const begun = Promise.withResolvers<void>()
    const end = place.labs.followNames(event, begun.resolve, ({ domain }) => told.push(domain))
    try {
      await begun.promise
      const heard = (domain: string) => expect.poll(() => told.splice(0)).toEqual([domain])
      await nsupdate(ada, 'zone ada.test', 'update add seen.ada.test 300 TXT "1"')
      await heard('ada.test')
      const reverse = reverseOf(bob)
      const zone = `zone ${reverse.split('.').slice(2).join('.')}`
      await nsupdate(bob, zone, `update delete ${reverse} PTR`)
      await heard('bob.test')
      await nsupdate(bob, zone, `update add ${reverse} 300 PTR mail.bob.test.`)
      await heard('bob.test')
      await nsupdate(ada, 'zone ada.test', 'update delete seen.ada.test TXT')
      await heard('ada.test')
      await place.labs.internet(event, 'PUT', '/domains/ada.test/ds', {})
      await expect.poll(() => told).toContain('ada.test')
      expect((await state(ada)).ds[0]).toMatch(/^\d+ 13 2 [0-9A-F]{64}$/i)
      await place.labs.internet(event, 'DELETE', '/domains/ada.test/ds')
    } finally {
      end()
    }
  })

  it('refuses what is no zone, and another’s address', async () => {
    const { records, reverse } = await state(ada)
    const both: ZoneRecord[] = [
      { name: 'two', type: 'CNAME', data: 'mail' },
      { name: 'two', type: 'A', data: '198.18.0.99' },
    ]
    await expect(put(ada, { records: [...records, ...both], reverse })).rejects.toThrow(/CNAME/i)
    const theirs = { [bob.address.server.ipv4]: 'mail.ada.test' }
    await expect(put(ada, { records, reverse: theirs })).rejects.toThrow(/not an address of/)
  })

  it('explains what name servers take and mail does not', async () => {
    const { address } = bob
    const records: ZoneRecord[] = [
      { name: '@', type: 'MX', data: '10 alias' },
      { name: '@', type: 'MX', data: '20 mail.bob.test' },
      { name: '@', type: 'MX', data: '30 nowhere' },
      { name: '@', type: 'TXT', data: '"v=spf1 mx -all"' },
      { name: '@', type: 'TXT', data: '"v=spf1 ipv4:198.18.0.1 -all"' },
      { name: '@', type: 'TXT', data: '"v=DMARC1; p=none"' },
      { name: 'alias', type: 'CNAME', data: 'mail' },
      { name: 'mail', type: 'A', data: address.server.ipv4 },
    ]
    const reverse = { [address.server.ipv4]: 'mail.bob.test', [address.server.ipv6]: 'mail.bob.test' }
    const { mistakes } = await put(bob, { records, reverse })
    expect(mistakes.map(({ code }) => code).sort()).toEqual(
      [
        'dmarc-elsewhere',
        'missing-dot',
        'mx-to-cname',
        'ptr-not-confirmed',
        'spf-syntax',
        'target-without-address',
        'two-spf',
      ].sort(),
    )
    expect((await state(ada)).mistakes).toEqual([])
  })

  it('reads a zone file and gives one', async () => {
    const read = (text: string) =>
      place.labs.internet<{ records: ZoneRecord[] }>(event, 'POST', '/domains/ada.test/zone', { text })
    const { zone, records } = await state(ada)
    expect((await read(zone)).records).toEqual(records)
    const { records: free } = await read('$TTL 1h\nwww A 198.18.0.7 ; a comment\n    TXT "two" "parts"\n')
    expect(free).toEqual([
      { name: 'www', type: 'A', data: '198.18.0.7', ttl: 3600 },
      { name: 'www', type: 'TXT', data: '"two" "parts"', ttl: 3600 },
    ])
    await expect(read('www A 198.18.0.300\n')).rejects.toThrow(/line 1/)
    await expect(read('$INCLUDE /etc/passwd\n')).rejects.toThrow(/INCLUDE/)
  })
})

it('keeps names of both ways when everything is killed, and gives them back to nobody', async () => {
  await nsupdate(ada, 'zone ada.test', 'update add kept2.ada.test 300 TXT "key"')
  const { records, reverse } = await state(ada)
  await put(ada, { records: [...records, { name: 'kept3', type: 'TXT', data: '"table"' }], reverse })
  await place.engine.kill(`ten-${place.instance}-${event}-internet`)
  await place.labs.ensureEvent(event)
  for (const name of ['kept2', 'kept3'])
    expect(await desk(ada, `dig +short ${name}.ada.test TXT`)).toMatch(/^"(key|table)"$/)
  expect(await desk(ada, `dig +short -x ${ada.address.server.ipv4}`)).toBe('mail.ada.test.')

  const old = ada.address.server.ipv4
  await place.labs.reset({ event, participant: 'ada' }, { step: 'none', files: () => [] })
  expect(await desk(bob, 'dig +short kept2.ada.test TXT')).toBe('')
  expect(await desk(bob, `dig +short -x ${old}`)).toBe('')
}, 60_000)
