/** Each kind of attack against a server that is well kept and one that is not. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ATTACK_KINDS, ATTACK_LIMITS, type AttackBody } from '../../containers/internet/api.ts'
import { type Attacks, openAttacks } from '../../containers/internet/attacks/attacks.ts'
import { AttackSchema } from '../../containers/internet/attacks/bodies.ts'
import { EICAR, GTUBE } from '../../containers/internet/attacks/letters.ts'
import { attackReason } from '../../containers/internet/attacks/words.ts'
import { MailLog } from '../../containers/internet/mail-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'ten-steps-attacks-'))
let certificate: { key: Buffer; cert: Buffer }
const open: { close(done: () => void): unknown }[] = []

beforeAll(() => {
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
  const ec = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=mail',
  ]
  execFileSync('openssl', ['req', '-x509', ...ec, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  certificate = { key: readFileSync(key), cert: readFileSync(cert) }
})
afterEach(() => Promise.all(open.splice(0).map(server => new Promise<void>(done => void server.close(done)))))
afterAll(() => rmSync(folder, { recursive: true }))

const refusal = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

interface Target {
  port: number
  messages: string[]
}

/** Sasha lives here, with the password `secret`. A careless server takes everything from everybody. */
async function target(careless: boolean, delayMs = 0): Promise<Target> {
  const messages: string[] = []
  const server = new SMTPServer({
    ...certificate,
    authOptional: true,
    disableReverseLookup: true,
    onAuth({ username, password }, _, done) {
      if (username === 'sasha' && password === 'secret') done(null, { user: 'sasha' })
      else done(refusal(535, '5.7.8 no'))
    },
    onRcptTo({ address }, session, done) {
      const later = address.startsWith('slow-') && refusal(450, '4.2.2 full')
      if (later) return done(later)
      if (careless || session.user || address === 'sasha@you.test') return done()
      done(address.endsWith('@you.test') ? refusal(550, '5.1.1 who?') : refusal(554, '5.7.1 no relay'))
    },
    onData(stream, _, done) {
      let text = ''
      stream.on('data', chunk => {
        text += chunk
      })
      stream.on('end', () => {
        messages.push(text)
        setTimeout(done, delayMs, null)
      })
    },
  })
  open.push(server)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', () => done()))
  return { port: (server.server.address() as { port: number }).port, messages }
}

const log = () => new MailLog()
const attacksOn = (port: number, mail = log()): Attacks =>
  openAttacks(
    {
      locate: async () => ({ host: 'mail.you.test', address: '127.0.0.1', port }),
      from: () => ({ ipv4: '127.0.0.1', ipv6: '::1' }),
      providers: new Set(['grosmail.test']),
    },
    mail,
  )

async function ended(attacks: Attacks, body: AttackBody) {
  const { id } = attacks.start(body)
  await expect.poll(() => attacks.state(id).state, { timeout: 10_000, interval: 20 }).not.toBe('running')
  return attacks.state(id)
}

const fast = { pace: 50 }
const stolen = { kind: 'stolen-account', domain: 'you.test', user: 'sasha', ...fast, count: 4 } as const
/** What comes of it: accepted, refused, deferred, at a well-kept server and at a careless one. */
const KINDS: [AttackBody, [number, number, number], [number, number, number]][] = [
  [{ kind: 'spam', to: ['sasha@you.test', 'nobody@you.test'], count: 2, ...fast }, [1, 1, 0], [2, 0, 0]],
  [{ kind: 'forged', to: ['sasha@you.test'], sender: 'boss@you.test', count: 1 }, [1, 0, 0], [1, 0, 0]],
  [{ kind: 'dictionary', domain: 'you.test', count: 25, ...fast }, [0, 25, 0], [25, 0, 0]],
  [{ kind: 'relay', domain: 'you.test', count: 3, ...fast }, [0, 3, 0], [3, 0, 0]],
  [
    { kind: 'passwords', domain: 'you.test', users: ['sasha', 'root'], passwords: ['1', 'secret'], ...fast },
    [1, 3, 0],
    [1, 3, 0],
  ],
  [{ kind: 'virus', to: ['sasha@you.test'], count: 1 }, [1, 0, 0], [1, 0, 0]],
  [{ ...stolen, password: 'secret' }, [2, 0, 2], [2, 0, 2]],
  [{ ...stolen, password: 'changed' }, [0, 4, 0], [0, 4, 0]],
]

const nameOf = (body: AttackBody) =>
  'password' in body ? `${body.kind}, password ${body.password},` : body.kind

describe('an attack', () => {
  it.each(
    KINDS.map(([body, ...rest]): [string, AttackBody, ...typeof rest] => [nameOf(body), body, ...rest]),
  )('%s is told with what the server made of it', async (_, body, wellKept, careless) => {
    expect(AttackSchema.safeParse(body).success).toBe(true)
    for (const [isCareless, expected] of [
      [false, wellKept],
      [true, careless],
    ] as const) {
      const { port } = await target(isCareless)
      const mail = log()
      const state = await ended(attacksOn(port, mail), body)
      expect([state.accepted, state.refused, state.deferred, state.unanswered]).toEqual([...expected, 0])
      expect(state.attempts).toHaveLength(state.planned)
      expect(state.transcript).toContain('S: 220 ')
      expect(state.transcript).not.toContain(Buffer.from('\0sasha\0secret').toString('base64'))
      expect(mail.recent()).toHaveLength(state.planned)
      expect(mail.recent()[0]?.reasons).toEqual([attackReason(body.kind)])
    }
  })

  it('has words for each kind in both languages', () => {
    for (const kind of ATTACK_KINDS)
      for (const lang of ['en', 'fr'] as const) expect(attackReason(kind).text[lang]).toBeTruthy()
  })

  it('carries the test strings of filters, the wanted word, and a mark that is known again', async () => {
    const { port, messages } = await target(true)
    const attacks = attacksOn(port)
    const letter = { to: ['sasha@you.test'], count: 1, containing: 'canary-1' }
    await ended(attacks, { kind: 'spam', ...letter, gtube: true })
    await ended(attacks, { kind: 'virus', ...letter })
    const [spam = '', virus = ''] = messages
    expect(spam).toContain(GTUBE)
    expect(virus.replace(/\r\n/g, '')).toContain(Buffer.from(EICAR).toString('base64'))
    expect([spam, virus].every(text => text.includes('canary-1'))).toBe(true)
    expect([spam, virus, 'Message-ID: <x@you.test>'].map(attacks.kindOf)).toEqual(['spam', 'virus', null])
  })

  it('keeps its pace, and overlaps where a server is slow', async () => {
    const { port } = await target(true, 1000)
    const began = Date.now()
    const { attempts } = await ended(attacksOn(port), {
      kind: 'spam',
      to: ['a@you.test'],
      count: 4,
      pace: 10,
    })
    expect(attempts).toHaveLength(4)
    expect(Date.now() - began).toBeGreaterThan(650)
    // One after another would take 4 s.
    expect(Date.now() - began).toBeLessThan(3500)
  })

  it('says why where nobody answers', async () => {
    const { port } = await target(true)
    await new Promise<void>(done => void open.pop()?.close(done))
    const state = await ended(attacksOn(port), { kind: 'relay', domain: 'you.test', count: 1 })
    expect(state).toMatchObject({ unanswered: 1 })
    expect(state.attempts[0]).toMatchObject({ stage: 'CONNECT', reply: 'connection refused' })
  })

  it('guesses at IMAP as well', async () => {
    const server = createServer(certificate, socket => {
      socket.on('error', () => {})
      socket.write('* OK ready\r\n')
      socket.on('data', chunk =>
        socket.write(chunk.includes('"secret"') ? 'a2 OK in\r\n' : 'a2 NO [AUTHENTICATIONFAILED] no\r\n'),
      )
    })
    open.push(server)
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as { port: number }
    const state = await ended(attacksOn(port), {
      ...{ kind: 'passwords', domain: 'you.test', service: 'imaps', users: ['sasha'], ...fast },
      passwords: ['1234', 'secret'],
    })
    expect(state).toMatchObject({ accepted: 1, refused: 1 })
    expect(state.transcript).toContain('LOGIN "sasha" ****')
  })

  it('stops when told to, and is bounded in number', async () => {
    const { port } = await target(true)
    const attacks = attacksOn(port)
    const slow = { kind: 'dictionary', domain: 'you.test', pace: 0.1, count: 10 } as const
    const running = Array.from({ length: ATTACK_LIMITS.running }, () => attacks.start(slow))
    expect(() => attacks.start(slow)).toThrow(/hands full/)
    for (const { id } of running) expect(attacks.stop(id).state).toBe('stopped')
    expect((await ended(attacks, { ...slow, pace: 50 })).accepted).toBe(10)
    expect(() => attacks.state('none')).toThrow(/no attack/)
  })

  it.each<object>([
    { kind: 'spam', to: ['a@you.test'], count: ATTACK_LIMITS.count + 1 },
    { kind: 'spam', to: ['a@you.test'], pace: ATTACK_LIMITS.pace + 1 },
    { kind: 'spam', to: ['a@you.test>\r\nDATA'] },
    { kind: 'relay', domain: 'example.com' },
    { kind: 'passwords', domain: 'you.test', users: ['a\r\nb'] },
    { kind: 'forged', to: ['a@you.test'] },
  ])('that asks for too much or for something else is not begun: %j', body => {
    expect(AttackSchema.safeParse(body).success).toBe(false)
  })
})

describe('the mail log', () => {
  it('forgets of a flood first', () => {
    const mail = log()
    const envelope = { from: '', to: [] }
    const event = { to: 'you.test', envelope, size: 0, code: 550, reply: '', reasons: [], transcript: '' }
    const rest = { ...event, fate: 'refused', tls: false } as const
    mail.add({ from: 'you.test', ...rest })
    for (let i = 0; i < 1500; i++) mail.add({ from: 'pourriel.test', ...rest })
    expect(mail.recent()).toHaveLength(1000)
    expect(mail.recent()[0]?.from).toBe('you.test')
  })
})
