import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { domainSchema, domainSchemas, ResolveSchema, SendSchema } from '../../containers/internet/bodies.ts'
import { bundleInternet } from '../../containers/internet/bundle.ts'
import { labNet } from '../../containers/internet/env.ts'
import { grosmail } from '../../containers/internet/providers/grosmail.ts'
import { providerZone, refusal } from '../../containers/internet/providers/provider.ts'
import { openStore } from '../../containers/internet/providers/store.ts'
import { readDig } from '../../containers/internet/resolver.ts'
import { allZones, ownPointers, RESERVED, renderZone, reverseName } from '../../containers/internet/zones.ts'

const net = labNet({
  LAB_IPV4: '198.18.7.2',
  LAB_IPV6: '2001:db8:7::2',
  LAB_SUBNET4: '198.18.7.0/24',
  LAB_SUBNET6: '2001:db8:7::/64',
})

describe('the environment', () => {
  it('names what is missing', () => {
    expect(() => labNet({ LAB_IPV4: '198.18.7.2' })).toThrow(/LAB_IPV6/)
  })
  it('refuses a subnet of the wrong family', () => {
    expect(() => labNet({ ...process.env, LAB_IPV4: '198.18.7.2', LAB_SUBNET4: '2001:db8::/64' })).toThrow(
      /198\.18/,
    )
  })
  it('knows which addresses are of the lab', () => {
    expect(['198.18.7.9', '2001:db8:7::9', '198.18.8.9', '127.0.0.1', 'x'].map(net.contains)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

describe('zones', () => {
  const zones = (signers = new Map<string, string[]>()) =>
    new Map(
      allZones(net, [providerZone(grosmail, net)], ['you.test'], signers).map(zone => [
        zone.origin,
        renderZone(zone),
      ]),
    )

  it('write a reverse name for both families', () => {
    expect(reverseName('198.18.7.16')).toBe('16.7.18.198.in-addr.arpa.')
    const nibbles = `${'0.1.'}${'0.'.repeat(14)}0.0.0.0.7.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.`
    expect(reverseName('2001:DB8:7::10')).toBe(nibbles)
    expect(reverseName('2001:db8:7:0:0:0:0:10')).toBe(nibbles)
    expect(reverseName('2001:db8:7::0.0.0.16')).toBe(nibbles)
  })
  it('give each address of the internet its name back', () => {
    const pointers = ownPointers(net, { grosmail: 'mx.grosmail.test.' })
    const [four] = pointers.filter(({ zone }) => zone === '18.198.in-addr.arpa.')
    expect(four?.lines).toContain('4.7.18.198.in-addr.arpa. 300 PTR mx.grosmail.test.')
    expect(four?.lines).toContain('3.7.18.198.in-addr.arpa. 300 PTR ns.nic.test.')
    expect(pointers.flatMap(({ lines }) => lines).filter(line => line.includes('ip6.arpa'))).toHaveLength(4)
  })
  it('delegate each child with its DS', () => {
    const signers = new Map([
      ['you.test.', ['1 13 2 AB']],
      ['test.', ['2 13 2 CD']],
    ])
    expect(zones(signers).get('test.')).toContain('you.test. NS ns.nic.test.\nyou.test. DS 1 13 2 AB')
    expect(zones(signers).get('.')).toContain('test. DS 2 13 2 CD')
    expect(zones().get('test.')).not.toContain(' DS ')
  })
})

describe("a domain's records", () => {
  const record = (value: object) => domainSchemas(net).Change.safeParse({ records: [value], reverse: {} })
  const fits = (type: string, data: string, name = '@') => record({ name, type, data }).success

  it.each([
    ['A', '198.18.7.16'],
    ['AAAA', '2001:db8:7::10'],
    ['MX', '10 mail'],
    ['MX', '0 .'],
    ['TXT', '"v=spf1 mx -all"'],
    ['TXT', '"a \\"quoted\\" \\\\ ; word" "and more"'],
    ['CNAME', 'mail.you.test.'],
    ['SRV', '0 1 993 mail.you.test.'],
    ['CAA', '0 issue "ca.test"'],
    ['TLSA', '3 1 1 ABCD'],
  ])('take %s %s', (type, data) => expect(fits(type, data)).toBe(true))

  it.each([
    ['A', '198.18.7'],
    ['A', '198.18.7.16\n$INCLUDE /etc/passwd'],
    ['AAAA', 'fe80::1%eth0'],
    ['MX', 'mail.you.test.'],
    ['MX', '10 mail ; comment'],
    ['TXT', 'v=spf1 -all'],
    ['TXT', '"open'],
    ['TXT', '"a" ( "b"'],
    ['TXT', `"${'a'.repeat(256)}"`],
    ['TXT', '"two\nlines"'],
    ['CNAME', 'a b'],
    ['TLSA', '3 1 1 ABC'],
    ['NS', 'ns.you.test.'],
  ])('refuse %s %j', (type, data) => expect(fits(type, data)).toBe(false))

  it.each(['$INCLUDE', 'mail.', 'a b', '', '-a', '*a'])('refuse the name %j', name => {
    expect(fits('A', '198.18.7.16', name)).toBe(false)
  })
  it.each(['@', 'mail', '*', '*.sub', '_dmarc', 'x._domainkey'])('take the name %j', name => {
    expect(fits('A', '198.18.7.16', name)).toBe(true)
  })
  it('say what was expected, and where', () => {
    expect(record({ name: '@', type: 'TXT', data: 'v=spf1' }).error?.issues[0]).toMatchObject({
      path: ['records', 0, 'data'],
      message: 'expected TXT data such as "v=spf1 mx -all"',
    })
  })
  it.each(['10.0.0.1', '198.18.7.2', '2001:DB8:7:0::2', 'x'])('give no name to %s', address => {
    const reverse = { [address]: 'mail.you.test' }
    expect(domainSchemas(net).Change.safeParse({ records: [], reverse }).success).toBe(false)
  })
})

describe('what is asked over the control socket', () => {
  const domain = domainSchema(new Set([...RESERVED, 'grosmail.test']))
  it.each(['grosmail.test', 'nic.test', 'test', 'a.b.test', 'You.test', 'you.com', '-.test', '../x.test'])(
    '%s is no domain for a learner',
    name => expect(domain.safeParse(name).success).toBe(false),
  )
  it.each(['-x', '@1.2.3.4', '+short', 'a b', ''])('%j is no name to resolve', name => {
    expect(ResolveSchema.safeParse({ name, type: 'A' }).success).toBe(false)
  })
  it.each(['a@you.test>\r\nRCPT TO:<b@you.test', 'a b@you.test', 'you.test', 'é@you.test'])(
    '%j is no recipient',
    to => expect(SendSchema.safeParse({ from: '', to, source: 'eA==' }).success).toBe(false),
  )
})

describe('the resolver', () => {
  it('reads the answers of the asked type, without the way there', () => {
    const text = [
      ';; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1',
      ';; flags: qr rd ra ad; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 1',
      'www.you.test.\t\t300\tIN\tCNAME\tmail.you.test.',
      'mail.you.test.\t\t300\tIN\tA\t198.18.7.16',
    ].join('\n')
    expect(readDig(text, 'A')).toEqual({ status: 'NOERROR', answers: ['198.18.7.16'], authentic: true })
  })
  it('says so when nobody answers', () => {
    expect(() => readDig(';; no servers could be reached', 'A')).toThrow(/no servers could be reached/)
  })
})

describe('grosmail', () => {
  it('has users, knows who is none, and relays for nobody', () => {
    expect(refusal(grosmail, 'Ada.Lovelace+x@GROSMAIL.test')).toBeNull()
    expect(refusal(grosmail, 'nobody-here@grosmail.test')?.text).toMatch(/^5\.1\.1/)
    expect(refusal(grosmail, 'ada@you.test')?.text).toMatch(/^5\.7\.1/)
  })
})

describe('the message store', () => {
  const envelope =
    (remoteAddress: string, to = 'ada@grosmail.test') =>
    () => ({
      from: 'you@you.test',
      to: [to],
      remoteAddress,
      helo: 'mail.you.test',
      tls: true,
    })
  const directory = () => mkdtemp(join(tmpdir(), 'store-'))
  const limits = { messages: 3, bytes: 1000, ageMs: 60_000 }
  const text = (source: string) => Buffer.from(source, 'base64').toString()

  it('gives back what it was given, newest first, after a restart too', async () => {
    const where = await directory()
    const store = await openStore(where)
    await store.receive(Readable.from([Buffer.from('one '), Buffer.from('canary\r\n')]), 100, envelope('a'))
    await store.receive(Readable.from([Buffer.from('two canary\r\n')]), 100, envelope('a'))
    await store.receive(Readable.from([Buffer.from('three\r\n')]), 100, envelope('a', 'bob@grosmail.test'))
    const again = await openStore(where)
    const found = await again.find({ to: 'ADA@grosmail.test', containing: 'canary' })
    expect(found.map(({ source }) => text(source))).toEqual(['two canary\r\n', 'one canary\r\n'])
  })
  it('keeps nothing of a message that is too large', async () => {
    const where = await directory()
    const store = await openStore(where)
    expect(
      await store.receive(Readable.from([Buffer.alloc(60), Buffer.alloc(60)]), 100, envelope('a')),
    ).toBeNull()
    expect(await readdir(where)).toEqual([])
  })
  it('makes room at the cost of who brought most', async () => {
    const store = await openStore(await directory(), limits)
    for (const [from, body] of [
      ['quiet', 'mine'],
      ['flood', '1'],
      ['flood', '2'],
      ['flood', '3'],
    ] as const) {
      await store.receive(Readable.from([Buffer.from(body)]), 100, envelope(from))
    }
    expect((await store.find({})).map(({ source }) => text(source))).toEqual(['3', '2', 'mine'])
  })
  it('forgets a message that a kill cut off', async () => {
    const where = await directory()
    await writeFile(join(where, 'half.eml'), 'half')
    expect(await (await openStore(where)).find({})).toEqual([])
    expect(await readdir(where)).toEqual([])
  })
})

describe('the bundle', () => {
  it('stands alone', async () => {
    const imports = [...(await bundleInternet()).matchAll(/^import .* from "([^"]+)";$/gm)].map(
      ([, from]) => from,
    )
    expect(imports).not.toHaveLength(0)
    expect(imports.filter(from => !from?.startsWith('node:'))).toEqual([])
  })
})
