/** What brings an address onto the blocklist, and what off it, without a lab: providers' words in, listings out. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { LISTING_CAUSES, type ListingCause } from '../../containers/internet/api.ts'
import { EICAR, GTUBE, letter } from '../../containers/internet/attacks/letters.ts'
import { Correspondents } from '../../containers/internet/blocklist/correspondents.ts'
import { Requests } from '../../containers/internet/blocklist/delist.ts'
import { type Blocklist, openBlocklist } from '../../containers/internet/blocklist/list.ts'
import { html, plain } from '../../containers/internet/blocklist/page.ts'
import { RULES } from '../../containers/internet/blocklist/rules.ts'
import { sighting, type Told } from '../../containers/internet/blocklist/sighting.ts'
import { blocklistZone } from '../../containers/internet/blocklist/zone.ts'
import { labNet } from '../../containers/internet/env.ts'
import type { Dns } from '../../containers/internet/providers/lookups.ts'
import { reverseName } from '../../containers/internet/zones.ts'

const ADDRESS = '127.0.0.1'
const folder = mkdtempSync(join(tmpdir(), 'ten-steps-blocklist-'))
afterAll(() => rmSync(folder, { recursive: true }))

let published = 0
let files = 0
const open = (file = join(folder, `${++files}.json`)) =>
  openBlocklist(file, {
    owner: address => (address === ADDRESS || address === '::1' ? 'you.test' : null),
    publish: async () => {
      published++
    },
  })

const correspondents = new Correspondents()
correspondents.wrote('Lucie.Moreau@grosmail.test', 'you.test')
const known = {
  attack: (source: string) => (source.includes('mark-of-ours') ? ('relay' as const) : null),
  wrote: (person: string) => correspondents.has(person, 'you.test'),
}
const told = (more: Partial<Told>): Told => ({
  address: ADDRESS,
  provider: 'grosmail.test',
  from: 'ada@you.test',
  to: ['zoe@grosmail.test'],
  fate: 'inbox',
  rule: null,
  source: Buffer.from('Subject: x\r\n\r\nHello\r\n'),
  transcript: 'S: 220 mx\nC: EHLO mail.you.test',
  ...more,
})
const see = (list: Blocklist, more: Partial<Told>, times = 1) => {
  for (let i = 0; i < times; i++) list.saw(sighting(told(more), known))
}
const unknown: Partial<Told> = { fate: 'refused', rule: 'unknown-user', source: null }
const report = Buffer.from('From: MAILER-DAEMON@mail.you.test\r\nSubject: Undelivered\r\n\r\nSorry\r\n')
const bounce: Partial<Told> = { from: '', to: ['never.wrote@grosmail.test'], source: report }
const virus = Buffer.from(
  letter({ mark: 'x', from: 'a@you.test', to: 'b@c.test', number: 0, content: 'eicar' }),
)

describe('an address is listed', () => {
  it.each<[ListingCause, Partial<Told>, number]>([
    ['spam-trap', { to: ['trap-1@agrume.test'] }, 1],
    ['unknown-users', unknown, 10],
    ['bad-content', { source: Buffer.from(`x\r\n\r\n${GTUBE}`), fate: 'refused', rule: 'spam-test' }, 3],
    ['bad-content', { source: virus }, 3],
    ['bad-content', { source: Buffer.from(`x\r\n\r\n${EICAR}`) }, 3],
    ['backscatter', bounce, 2],
    ['open-relay', { from: 'x@pourriel.test', source: Buffer.from('mark-of-ours') }, 1],
  ])('for %s, and not a message earlier', async (cause, one, times) => {
    const list = await open()
    see(list, one, times - 1)
    expect(list.state(ADDRESS).listed).toBe(false)
    see(list, one)
    const { listing, history } = list.state(ADDRESS)
    expect(listing).toMatchObject({
      cause,
      domain: 'you.test',
      inherited: false,
      reason: RULES[cause].reason,
    })
    expect(listing?.evidence[0]).toMatchObject({
      to: expect.stringContaining('@'),
      dialogue: told({}).transcript,
    })
    expect(history[0]?.what).toBe('listed')
  })

  it.each<[string, Partial<Told>, number]>([
    ['ordinary mail', {}, 50],
    ['a bounce to somebody who wrote', { ...bounce, to: ['lucie.moreau@grosmail.test'] }, 50],
    ['a null sender that somebody typed', { from: '', to: ['never.wrote@grosmail.test'] }, 50],
    ['a trap that was refused', { to: ['trap-1@agrume.test'], fate: 'refused', source: null }, 50],
    ['an address of nobody here', { address: '192.0.2.1', to: ['trap-1@agrume.test'] }, 1],
  ])('never for %s', async (_, one, times) => {
    const list = await open()
    see(list, one, times)
    expect(list.listings()).toEqual([])
  })

  it('with bounded evidence, the first of it and the last', async () => {
    const list = await open()
    for (let i = 0; i < 40; i++) see(list, { to: [`trap-${i}@agrume.test`] })
    const to = list.state(ADDRESS).listing?.evidence.map(one => one.to) ?? []
    expect(to).toHaveLength(10)
    expect([to[0], to[9]]).toEqual(['trap-0@agrume.test', 'trap-39@agrume.test'])
  })

  it('still after a restart, until its owner goes', async () => {
    const file = join(folder, 'kept.json')
    const list = await open(file)
    see(list, { to: ['trap-1@agrume.test'] })
    await expect.poll(() => readFileSync(file, 'utf8').includes('trap-1')).toBe(true)
    const again = await open(file)
    expect(again.state(ADDRESS)).toMatchObject({ listed: true, listing: { cause: 'spam-trap' } })
    await again.forget('you.test')
    expect(again.state(ADDRESS)).toMatchObject({ listed: false, history: [] })
  })
})

it('tells the DNS at once, in both families', async () => {
  const list = await open()
  const before = published
  await list.list(ADDRESS, 'open-relay')
  await list.list('::1', 'backscatter')
  expect(published).toBe(before + 2)
  const net = labNet({
    ...{ LAB_IPV4: '198.18.7.2', LAB_IPV6: '2001:db8:7::2' },
    ...{ LAB_SUBNET4: '198.18.7.0/24', LAB_SUBNET6: '2001:db8:7::/64' },
  })
  const { lines } = blocklistZone(net, list.listings)
  expect(lines).toContain('1.0.0.127.bl 30 A 127.0.0.2')
  expect(lines.filter(line => line.startsWith('2.0.0.127.bl'))).toHaveLength(2)
  expect(
    lines.some(line => line.includes('.0.0.0.0.bl 30 TXT "backscatter: see http://blocklist.test/::1')),
  ).toBe(true)
  await expect(list.list('192.0.2.1', 'open-relay')).rejects.toThrow(/no address/)
})

describe('a request for delisting', () => {
  const servers: SMTPServer[] = []
  afterEach(() =>
    Promise.all(servers.splice(0).map(server => new Promise<void>(done => server.close(() => done())))),
  )

  const faults = { relay: false, everybody: false, greylist: false }
  async function server(): Promise<number> {
    const one = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      onRcptTo({ address }, _, done) {
        const no = (responseCode: number) => done(Object.assign(new Error('no'), { responseCode }))
        if (!address.endsWith('@you.test')) return faults.relay ? done() : no(554)
        if (faults.greylist) return no(451)
        return faults.everybody ? done() : no(550)
      },
      onData(stream, _, done) {
        stream.resume().on('end', () => done())
      },
    })
    servers.push(one)
    await new Promise<void>(done => one.listen(0, ADDRESS, () => done()))
    return (one.server.address() as { port: number }).port
  }

  let names: Record<string, string[]> = {}
  const dns: Dns = {
    resolve: async (name, type) => {
      const found = names[`${name} ${type}`]
      if (!found) throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
      return found
    },
  }
  const asking = async (port: number, quietMs = 0) => {
    const list = await open()
    const requests = new Requests(list, { dns, from: { ipv4: ADDRESS, ipv6: '::1' }, port }, quietMs)
    // Its owner need not wait in these tests.
    const ask = () => {
      list.entry(ADDRESS).notBefore = 0
      return requests.ask(ADDRESS)
    }
    return { list, requests, ask }
  }

  it.each([
    ['open-relay', { relay: true }, /still is an open relay/, /relais ouvert/],
    ['backscatter', { everybody: true }, /takes mail for people who do not exist/, /gens qui n’existent pas/],
    ['backscatter', { greylist: true }, /said «later»/, /plus tard/],
  ] as const)(
    'after %s is refused before mending, with what was seen, and granted after',
    async (cause, fault, en, fr) => {
      const { list, ask } = await asking(await server())
      await list.list(ADDRESS, cause)
      Object.assign(faults, fault)
      const refused = await ask()
      expect(refused).toMatchObject({
        granted: false,
        why: { en: expect.stringMatching(en), fr: expect.stringMatching(fr) },
      })
      expect(refused.inspections.at(-1)?.dialogue).toContain('C: RCPT TO:')
      expect(list.state(ADDRESS).history[0]?.what).toBe('asked')
      Object.assign(faults, { relay: false, everybody: false, greylist: false })
      expect(await ask()).toMatchObject({ granted: true })
      expect(list.state(ADDRESS)).toMatchObject({ listed: false })
    },
  )

  it('for a missing reverse name looks at the names', async () => {
    const { list, ask } = await asking(1)
    await list.list(ADDRESS, 'no-reverse-name')
    expect((await ask()).why.en).toMatch(/has no reverse name/)
    names = { [`${reverseName(ADDRESS).slice(0, -1)} PTR`]: ['mail.you.test'] }
    expect((await ask()).why.en).toMatch(/does not lead back/)
    names['mail.you.test A'] = [ADDRESS]
    expect(await ask()).toMatchObject({ granted: true })
  })

  it('is refused where the server does not answer at all', async () => {
    const { list, ask } = await asking(1)
    await list.list(ADDRESS, 'open-relay')
    expect((await ask()).why.en).toMatch(/could not be looked at on port 25: connection refused/)
  })

  it('is refused while the misbehaviour is fresh', async () => {
    const { list, ask } = await asking(1, 1000)
    see(list, { to: ['trap-1@agrume.test'] })
    const refused = await ask()
    expect(refused).toMatchObject({ granted: false, waitSeconds: 5 })
    expect(refused.why.fr).toMatch(/il faut 1 s de calme/)
    await expect.poll(async () => (await ask()).granted).toBe(true)
  })

  it('is slowed when it is repeated', async () => {
    const { list, requests, ask } = await asking(1)
    await list.list(ADDRESS, 'open-relay')
    const waits: number[] = []
    for (let i = 0; i < 7; i++) waits.push((await ask()).waitSeconds)
    expect(waits).toEqual([5, 10, 20, 40, 80, 120, 120])
    expect((await requests.ask(ADDRESS)).inspections).toEqual([])
    expect(list.state(ADDRESS).history.filter(({ what }) => what === 'asked')).toHaveLength(7)
    await expect(requests.ask('::1')).rejects.toThrow(/not listed/)
  })
})

describe('the page', () => {
  it('says everything in both languages, and nothing that could run', async () => {
    const list = await open()
    see(list, { to: ['trap-<script>@agrume.test'], transcript: 'S: 220 <b>' })
    const view = { address: ADDRESS, state: list.state(ADDRESS) }
    expect(plain(view)).toMatch(/Ask for delisting|curl -X POST http:\/\/blocklist\.test\/127\.0\.0\.1/)
    expect(plain(view)).toMatch(/Elle a envoyé du courrier à des adresses-pièges/)
    expect(html(view)).toContain('<form method="post" action="/127.0.0.1">')
    expect(html(view)).not.toMatch(/<script>|<b>/)
    expect(html({ address: '"><script>', state: 'unknown' })).not.toContain('<script>')
  })

  it('has words for each cause', () => {
    for (const cause of LISTING_CAUSES)
      for (const lang of ['en', 'fr'] as const) {
        expect(RULES[cause].reason[lang]).toBeTruthy()
        expect(RULES[cause].inherited[lang]).toBeTruthy()
      }
  })
})
