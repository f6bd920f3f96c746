/** Each provider's policy: a well-kept server passes, and one fault, and only it, is refused with its code. */
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { SMTPServer } from 'smtp-server'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { MailEvent } from '../../containers/internet/api.ts'
import { MailLog } from '../../containers/internet/mail-log.ts'
import { agrume } from '../../containers/internet/providers/agrume.ts'
import { copine } from '../../containers/internet/providers/copine.ts'
import { Counters } from '../../containers/internet/providers/counters.ts'
import { fenetre } from '../../containers/internet/providers/fenetre.ts'
import { grosmail } from '../../containers/internet/providers/grosmail.ts'
import type { Dns } from '../../containers/internet/providers/lookups.ts'
import type { Provider } from '../../containers/internet/providers/provider.ts'
import { RULES, reason } from '../../containers/internet/providers/reasons.ts'
import { openMx } from '../../containers/internet/providers/receive.ts'
import { openStore } from '../../containers/internet/providers/store.ts'
import { reverseName } from '../../containers/internet/zones.ts'

const folder = mkdtempSync(join(tmpdir(), 'ten-steps-providers-'))
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const dkim = {
  domainName: 'you.test',
  keySelector: 's',
  privateKey,
  headerFieldNames: 'from:to:subject:date:message-id:list-unsubscribe:list-unsubscribe-post',
}
const name = (address: string) => reverseName(address).replace(/\.$/, '')

/** The names of a well-kept server, which sends from 127.0.0.1 and ::1 here. */
const wellKept = (): Record<string, string[]> => ({
  [`${name('127.0.0.1')} PTR`]: ['mail.you.test'],
  [`${name('::1')} PTR`]: ['mail.you.test'],
  'mail.you.test A': ['127.0.0.1'],
  'mail.you.test AAAA': ['::1'],
  'you.test MX': ['10 mail.you.test'],
  'you.test TXT': ['v=spf1 ip4:127.0.0.1 ip6:::1 -all'],
  's._domainkey.you.test TXT': [`v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`],
  '_dmarc.you.test TXT': ['v=DMARC1; p=reject'],
})

let names = wellKept()
/** Answers as a resolver would; a name given as `trouble` is a server that fails. */
const dns: Dns = {
  resolve: async (asked, type) => {
    const found = names[`${asked.toLowerCase()} ${type}`]
    if (!found) throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
    if (found[0] === 'trouble') throw Object.assign(new Error('fails'), { code: 'ESERVFAIL' })
    return type === 'TXT' ? found.map(text => [text]) : found
  },
}

let certificate: { key: Buffer; cert: Buffer }
const open: SMTPServer[] = []
const log = new MailLog()
let delivered: { source: string; fate: string }[] = []
let strict = true
let port = 42_500

beforeAll(() => {
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', '/CN=mx', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  )
  certificate = { key: readFileSync(key), cert: readFileSync(cert) }
})
afterEach(async () => {
  names = wellKept()
  strict = true
  delivered = []
  await Promise.all(open.splice(0).map(server => new Promise<void>(done => server.close(() => done()))))
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Mail {
  ip?: 4 | 6
  helo?: string
  tls?: boolean
  sign?: boolean
  from?: string
  envelope?: string
  to?: string[]
  headers?: Record<string, string>
  text?: string
  raw?: string
}

/** A provider's MX, and a way to bring it mail; gives the reply, whatever it is. */
async function at(provider: Provider, clock: () => number = Date.now) {
  port += 1
  const on = port
  const store = await openStore(join(folder, `${provider.name}-${on}`))
  const world = {
    dns,
    log,
    witness: () => {},
    sender: () => ({ name: 'you.test', strict }),
    deliver: async (_: unknown, __: unknown, source: Buffer, { fate }: { fate: string }) => {
      delivered.push({ source: source.toString(), fate })
    },
    judged: () => {},
  }
  const counters = new Counters(clock)
  open.push(
    ...(await openMx(provider, { ipv4: '127.0.0.1', ipv6: '::1' }, store, certificate, world, {
      counters,
      port: on,
    })),
  )
  const transport = (mail: Mail = {}) =>
    createTransport({
      host: mail.ip === 6 ? '::1' : '127.0.0.1',
      port: on,
      name: mail.helo ?? 'mail.you.test',
      ignoreTLS: mail.tls === false,
      tls: { rejectUnauthorized: false },
    })
  const bring = async (mail: Mail = {}): Promise<string> => {
    const from = mail.from ?? 'ada@you.test'
    const to = mail.to ?? [`bob@${provider.domain}`]
    const content = mail.raw
      ? { raw: mail.raw }
      : { from, to, subject: 'Hello', text: mail.text ?? 'Hello\n', headers: mail.headers ?? {} }
    try {
      const sent = await transport(mail).sendMail({
        ...content,
        envelope: { from: mail.envelope ?? from, to },
        ...(mail.sign === false ? {} : { dkim }),
      })
      return sent.response
    } catch (error) {
      return (error as { response?: string }).response ?? String(error)
    }
  }
  return { bring, store, port: on }
}

const last = (): MailEvent => log.recent().at(-1) as MailEvent
/** Takes records away; gives the mail, as it is sent then. */
const without = (keys: string[], mail: Mail = {}): Mail => {
  for (const key of keys) delete names[key]
  return mail
}
const saying = (key: string, data: string, mail: Mail = {}): Mail => {
  names[key] = [data]
  return mail
}

describe.each([grosmail, agrume, fenetre])('$domain and a well-kept server', provider => {
  it.each([4, 6] as const)('takes its mail over IPv%i into the inbox, and says what it saw', async ip => {
    const { bring } = await at(provider)
    expect(await bring({ ip })).toMatch(/^250 2\.0\.0/)
    expect(last()).toMatchObject({
      from: 'you.test',
      to: provider.domain,
      fate: 'inbox',
      reasons: [],
      subject: 'Hello',
      authentication: { spf: 'pass', dkim: 'pass', dmarc: 'pass' },
    })
    expect(last().transcript).toMatch(/C: EHLO mail\.you\.test[\s\S]*C: MAIL FROM[\s\S]*S: 250 2\.0\.0/)
    expect(delivered[0]?.source).toMatch(/^Received-SPF:|^Authentication-Results: /m)
    expect(delivered[0]?.source).toContain(`Authentication-Results: ${provider.host};`)
  })
})

/** One fault each, at the providers that ask for it. */
const FAULTS: [string, Provider, RegExp, string, () => Mail][] = [
  ['no PTR', grosmail, /^550 5\.7\.25/, 'reverse', () => without([`${name('127.0.0.1')} PTR`], {})],
  [
    'a PTR that leads elsewhere',
    grosmail,
    /^550 5\.7\.25/,
    'reverse',
    () => saying('mail.you.test A', '192.0.2.1', { helo: 'mail.you.test' }),
  ],
  [
    'a reverse zone in trouble',
    grosmail,
    /^451 4\.7\.23/,
    'reverse',
    () => saying(`${name('127.0.0.1')} PTR`, 'trouble', {}),
  ],
  ['no TLS', grosmail, /^550 5\.7\.29/, 'no-tls', () => ({ tls: false })],
  [
    'neither SPF nor DKIM',
    grosmail,
    /^550 5\.7\.26/,
    'unauthenticated',
    () => without(['you.test TXT', '_dmarc.you.test TXT'], { sign: false }),
  ],
  [
    'IPv6 without PTR',
    grosmail,
    /^550 5\.7\.25/,
    'reverse',
    () => without([`${name('::1')} PTR`], { ip: 6 }),
  ],
  [
    'IPv6 without authentication',
    grosmail,
    /^550 5\.7\.1/,
    'ipv6',
    () => without(['you.test TXT', '_dmarc.you.test TXT'], { ip: 6, sign: false }),
  ],
  [
    'a From whose DMARC says reject',
    grosmail,
    /^550 5\.7\.26/,
    'dmarc-reject',
    () => ({ sign: false, envelope: 'ada@other.test' }),
  ],
  [
    'two Froms',
    grosmail,
    /^550 5\.7\.1 .*2 From/,
    'format',
    () => ({
      raw: 'From: ada@you.test\r\nFrom: eve@you.test\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\nHello\r\n',
    }),
  ],
  [
    'the test string of spam filters',
    grosmail,
    /^550 5\.7\.1/,
    'spam-test',
    () => ({ text: 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\n' }),
  ],
  [
    'somebody who is not there',
    grosmail,
    /^550 5\.1\.1/,
    'unknown-user',
    () => ({ to: ['no-such-user@grosmail.test'] }),
  ],
  ['another’s recipient', grosmail, /^550 5\.7\.1 .*Relaying/, 'no-relay', () => ({ to: ['x@agrume.test'] })],
  ['no PTR', agrume, /^550 5\.7\.25 .*AGR_107/, 'reverse', () => without([`${name('127.0.0.1')} PTR`], {})],
  ['a bare name in EHLO', agrume, /^501 5\.5\.4 .*AGR_201/, 'helo', () => ({ helo: 'mail' })],
  ['an EHLO that does not exist', agrume, /^501 5\.5\.4/, 'helo', () => ({ helo: 'nowhere.you.test' })],
  ['no SPF', agrume, /^550 5\.7\.23/, 'no-spf', () => without(['you.test TXT'], {})],
  ['no DKIM', agrume, /^550 5\.7\.20 .*AGR_535/, 'no-dkim', () => ({ sign: false })],
  ['no DMARC', agrume, /^550 5\.7\.1 .*AGR_517/, 'no-dmarc', () => without(['_dmarc.you.test TXT'], {})],
  ['no PTR', fenetre, /^550 5\.7\.25/, 'reverse', () => without([`${name('127.0.0.1')} PTR`], {})],
  [
    'an address on the blocklist',
    fenetre,
    /^550 5\.7\.1 .*S3150/,
    'blocklisted',
    () => saying('1.0.0.127.bl.blocklist.test A', '127.0.0.2', {}),
  ],
  [
    'IPv6 without authentication',
    fenetre,
    /^550 5\.7\.26/,
    'ipv6',
    () => without(['you.test TXT', '_dmarc.you.test TXT'], { ip: 6, sign: false }),
  ],
  ['a bare name in EHLO', copine, /^550 5\.7\.1/, 'helo', () => ({ helo: 'mail' })],
]

describe('one fault and only it', () => {
  it.each(FAULTS)('%s at %o is refused', async (_, provider, reply, rule, fault) => {
    const { bring } = await at(provider)
    const mail = fault()
    expect(await bring(mail)).toMatch(reply)
    expect(last()).toMatchObject({ from: 'you.test', to: provider.domain, reasons: [reason(rule)] })
    expect(last().fate).toBe(last().code < 500 ? 'deferred' : 'refused')
    expect(last().transcript.split('\n').at(-1)).toMatch(/^S: [45]\d\d /)
    expect(delivered).toEqual([])
  })

  it('a blocklist’s own error code is no listing', async () => {
    names['1.0.0.127.bl.blocklist.test A'] = ['127.255.255.254']
    expect(await (await at(fenetre)).bring()).toMatch(/^250/)
  })
})

describe('to beginners', () => {
  it('what strictness would refuse lands in spam, with the reason', async () => {
    strict = false
    without(['you.test TXT', '_dmarc.you.test TXT', `${name('127.0.0.1')} PTR`])
    expect(await (await at(grosmail)).bring({ sign: false, tls: false })).toMatch(/^250/)
    expect(last()).toMatchObject({ fate: 'spam' })
    expect(last().reasons.map(({ rule }) => rule)).toEqual(['reverse', 'no-tls', 'unauthenticated'])
    expect(delivered[0]?.fate).toBe('spam')
  })

  it('the wish of the From’s own domain holds all the same', async () => {
    strict = false
    expect(await (await at(grosmail)).bring({ sign: false, envelope: 'ada@other.test' })).toMatch(
      /^550 5\.7\.26/,
    )
    names['_dmarc.you.test TXT'] = ['v=DMARC1; p=quarantine']
    expect(await (await at(grosmail)).bring({ sign: false, envelope: 'ada@other.test' })).toMatch(/^250/)
    expect(last().fate).toBe('spam')
  })
})

describe('a full mailbox', () => {
  it('is a reason to come again, not to give up', async () => {
    const { bring } = await at(grosmail)
    expect(await bring({ to: ['overflowing@grosmail.test'] })).toMatch(/^450 4\.2\.2/)
    expect(last()).toMatchObject({ fate: 'deferred', reasons: [reason('mailbox-full')] })
  })
})

describe('the pace of a conversation', () => {
  /** Says each line `waits` ms after the answer to the one before, and gives what was noted. */
  async function talk(waits: number): Promise<number[]> {
    const { port: on, store } = await at(grosmail)
    const socket = connect(on, '127.0.0.1')
    const said = [
      'EHLO me',
      'MAIL FROM:<ada@you.test>',
      'RCPT TO:<bob@grosmail.test>',
      'DATA',
      'From: a@b\r\nDate: x\r\n\r\nx\r\n.',
    ]
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      if (!/^\d{3} /m.test(chunk.toString())) continue
      const next = said.shift()
      if (next === undefined) break
      await new Promise(done => setTimeout(done, waits))
      socket.write(`${next}\r\n`)
    }
    const [message] = await store.find({ to: 'bob@grosmail.test' })
    return message?.verdict?.pace ?? []
  }

  it('is noted with the message, line by line, the dot too', async () => {
    strict = false
    const typed = await talk(120)
    expect(typed).toHaveLength(5)
    // The timer's clock and ours may differ by a moment.
    expect(Math.min(...typed)).toBeGreaterThanOrEqual(110)
    expect(Math.min(...(await talk(0)))).toBeLessThan(100)
  })
})

describe('who resets the connection', () => {
  it('before it was looked at harms nobody', async () => {
    const { bring, port: on } = await at(grosmail)
    await Promise.all(
      Array.from({ length: 300 }, async () => {
        const socket = connect(on, '127.0.0.1').on('error', () => {})
        await once(socket, 'connect')
        socket.resetAndDestroy()
      }),
    )
    expect(await bring()).toMatch(/^250/)
  })
})

describe('pace', () => {
  it('agrume takes three messages a second, and more in the next', async () => {
    let now = 1_000_000
    const { bring } = await at(agrume, () => now)
    for (let i = 0; i < 3; i++) expect(await bring()).toMatch(/^250/)
    expect(await bring()).toMatch(/^421 4\.7\.0 .*AGR_109/)
    expect(last().fate).toBe('deferred')
    now += 1001
    expect(await bring()).toMatch(/^250/)
  })

  it('agrume takes two connections at once', async () => {
    const { bring, port: on } = await at(agrume)
    const { connect } = await import('node:net')
    const idle = await Promise.all(
      [1, 2].map(
        () =>
          new Promise<import('node:net').Socket>(done => {
            const socket = connect(on, '127.0.0.1')
            socket.once('data', () => done(socket))
          }),
      ),
    )
    expect(await bring()).toMatch(/421 4\.7\.0 .*AGR_104/)
    for (const socket of idle) socket.destroy()
    await expect.poll(() => bring()).toMatch(/^250/)
  })

  it('copine asks a stranger to come again, and knows them then', async () => {
    let now = 1_000_000
    const { bring } = await at(copine, () => now)
    expect(await bring()).toMatch(/^451 4\.7\.1 .*15 seconds/)
    now += 5000
    expect(await bring()).toMatch(/^451/)
    now += 15_000
    expect(await bring()).toMatch(/^250/)
    expect(await bring({ to: ['other@copine.test'] })).toMatch(/^250/)
  })

  it('a mailbox called later-… is full at the first try, whoever comes, and has room after a while', async () => {
    let now = 1_000_000
    const { bring } = await at(grosmail, () => now)
    expect(await bring({ to: ['later-1@grosmail.test'] })).toMatch(/^450 4\.2\.2 /)
    now += 14_000
    expect(await bring({ to: ['LATER-1@grosmail.test'] })).toMatch(/^450 4\.2\.2 /)
    now += 1000
    expect(await bring({ to: ['later-1@grosmail.test'] })).toMatch(/^250/)
    expect(await bring({ to: ['later-2@grosmail.test'] })).toMatch(/^450/)
  })
})

describe('who sends much', () => {
  const mailing = { 'List-Id': '<news.you.test>' }
  const oneClick = {
    ...mailing,
    'List-Unsubscribe': '<https://you.test/u/1>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  }
  const crowd = (provider: Provider) => Array.from({ length: 51 }, (_, i) => `p${i}@${provider.domain}`)

  it('needs DMARC and one-click unsubscribe at grosmail', async () => {
    const to = crowd(grosmail)
    expect(await (await at(grosmail)).bring({ to })).toMatch(/^250/)
    expect(await (await at(grosmail)).bring({ to, headers: mailing })).toMatch(/^550 5\.7\.1 .*one-click/)
    expect(await (await at(grosmail)).bring({ to, headers: oneClick })).toMatch(/^250/)
    without(['_dmarc.you.test TXT'])
    expect(await (await at(grosmail)).bring({ to })).toMatch(/^550 5\.7\.40/)
  })

  it('is nobody whose server is only looked at by checks', async () => {
    without(['_dmarc.you.test TXT'])
    const to = crowd(grosmail).map(one => `reader-${one}`)
    expect(await (await at(grosmail)).bring({ to })).toMatch(/^250/)
    expect(await (await at(grosmail)).bring({ to })).toMatch(/^250/)
  })

  it('needs the required level of authentication at fenetre', async () => {
    const to = crowd(fenetre)
    expect(await (await at(fenetre)).bring({ to })).toMatch(/^250/)
    expect(await (await at(fenetre)).bring({ to, sign: false })).toMatch(/^550 5\.7\.515/)
  })
})

it('every rule has words in both languages', () => {
  for (const rule of RULES) {
    const { text } = reason(rule)
    expect(text.en && text.fr).toBeTruthy()
  }
  expect(() => reason('no such rule')).toThrow()
})
