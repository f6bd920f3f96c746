/**
 * The door of the gateway: 587 with STARTTLS and 465, never without a password, and for each participant only with
 * senders of their own domain, in the envelope and in the From. What it takes, the queue delivers.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import addressparser from 'nodemailer/lib/addressparser'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { Address } from '../bodies.ts'
import type { MailLog } from '../mail-log.ts'
import { Counters } from '../providers/counters.ts'
import { Transcripts } from '../providers/transcripts.ts'
import type { Accounts } from './accounts.ts'
import { Intake } from './collect.ts'
import { HourlyLimit, RECIPIENTS_PER_HOUR } from './limits.ts'
import type { Queue } from './queue.ts'
import { relayReason } from './words.ts'

const MAX_SIZE = 3_000_000
/** Of all messages that come in at this moment: they are held in memory. */
const IN_FLIGHT = 30_000_000
const CONNECTIONS = 10
const MAX_RECIPIENTS = 50
/** RFC 5321, 6.3 */
const HOPS = 30
/** Whoever guesses waits. */
const MISS_MS = 1000
export const RELAY_HOST = 'smtp.relais.test'

export interface Door {
  accounts: Accounts
  queue: Queue
  mail: MailLog
  limit?: HourlyLimit
  ports?: { submission: number; submissions: number }
}

const intake = new Intake(MAX_SIZE, IN_FLIGHT)

class Refusal extends Error {
  readonly responseCode: number
  readonly rule: string
  constructor(code: number, rule: string, text: string) {
    super(text)
    this.responseCode = code
    this.rule = rule
  }
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()
const belongs = (address: string, domain: string) =>
  domainOf(address) === domain || domainOf(address).endsWith(`.${domain}`)

/** Listens on both ports of both addresses; resolves when it does. */
export async function openDoor(
  { ipv4, ipv6 }: { ipv4: string; ipv6: string },
  certificate: { key: Buffer; cert: Buffer },
  door: Door,
): Promise<SMTPServer[]> {
  const { submission, submissions } = door.ports ?? { submission: 587, submissions: 465 }
  const limit = door.limit ?? new HourlyLimit()
  return Promise.all(
    [ipv4, ipv6].flatMap(address =>
      [
        { port: submission, secure: false },
        { port: submissions, secure: true },
      ].map(async ({ port, secure }) => {
        const server = smtp(certificate, secure, door, limit)
        await new Promise<void>(resolve => server.listen(port, address, () => resolve()))
        return server
      }),
    ),
  )
}

function smtp(
  certificate: { key: Buffer; cert: Buffer },
  secure: boolean,
  { accounts, queue, mail }: Door,
  limit: HourlyLimit,
) {
  const transcripts = new Transcripts()
  const counters = new Counters()
  const account = (session: SMTPServerSession) => String(session.user ?? '')
  const clientOf = (session: SMTPServerSession) =>
    ((session.remoteAddress as string | undefined) ?? '').replace(/^::ffff:/i, '')

  function tell(
    session: SMTPServerSession,
    what: { code: number; text: string; rule?: string; size?: number; to?: string[]; from?: string },
  ) {
    const { mailFrom, rcptTo } = session.envelope
    const reply = `${what.code} ${what.text}`
    mail.add({
      from: account(session) || clientOf(session),
      to: 'relais.test',
      envelope: {
        from: what.from ?? (mailFrom ? mailFrom.address : ''),
        to: what.to ?? rcptTo.map(({ address }) => address),
      },
      size: what.size ?? 0,
      fate: what.code < 400 ? 'inbox' : what.code < 500 ? 'deferred' : 'refused',
      code: what.code,
      reply,
      tls: session.secure ? 'TLS' : false,
      reasons: what.rule ? [relayReason(what.rule)] : [],
      transcript: transcripts.of(session.id, `S: ${reply}`).replace(/^(C: AUTH \S+).*$/gim, '$1 ****'),
    })
  }

  /** Tells and gives the refusal; what broke on our side is «later». */
  function no(
    session: SMTPServerSession,
    error: unknown,
    more: { to?: string[]; from?: string; size?: number } = {},
  ) {
    if (!(error instanceof Refusal)) {
      console.error('relais:', error)
      return Object.assign(new Error('4.3.0 Try again later'), { responseCode: 451 })
    }
    tell(session, { code: error.responseCode, text: error.message, rule: error.rule, ...more })
    return error
  }

  async function take(session: SMTPServerSession, source: Buffer): Promise<string> {
    const domain = account(session)
    const { mailFrom, rcptTo } = session.envelope
    const authors = authorsOf(source)
    if (authors.length === 0 || !authors.every(author => belongs(author, domain)))
      throw new Refusal(550, 'relay-from', `5.7.1 The From has to be an address of ${domain}`)
    if ((headOf(source).match(/^Received:/gim)?.length ?? 0) > HOPS)
      throw new Refusal(554, 'relay-loop', '5.4.6 Too many hops: this message goes round in circles')
    if (!queue.fits(domain, rcptTo.length, source.length))
      throw new Refusal(452, 'relay-full', '4.3.1 Your part of the queue is full. Try again later')
    const id = randomUUID()
    const trace = [
      `Received: from ${clean(session.hostNameAppearsAs)} ([${clean(clientOf(session))}])`,
      `\tby ${RELAY_HOST} with ESMTPSA id ${id};`,
      `\t${new Date().toUTCString().replace('GMT', '+0000')}`,
    ]
    const whole = Buffer.concat([Buffer.from(`${trace.join('\r\n')}\r\n`), source])
    const recipients = [...new Set(rcptTo.map(({ address }) => address))]
    await queue.add(domain, mailFrom ? mailFrom.address : '', recipients, whole)
    limit.count(domain, recipients.length)
    const text = `2.0.0 OK: queued as ${id}`
    tell(session, { code: 250, text, size: source.length })
    return text
  }

  const server = new SMTPServer({
    ...certificate,
    secure,
    name: RELAY_HOST,
    banner: 'relais.test ready',
    heloResponse: '%s greets %s',
    size: MAX_SIZE,
    authMethods: ['PLAIN', 'LOGIN'],
    // A password in clear text is everybody's.
    allowInsecureAuth: false,
    hideSMTPUTF8: true,
    disableReverseLookup: true,
    maxClients: 200,
    socketTimeout: 60_000,
    logger: transcripts.logger as never,
    onAuth({ username, password }, session, done) {
      const domain = accounts.check(username ?? '', password ?? '')
      if (domain !== null) return done(null, { user: domain })
      const refusal = new Refusal(535, 'relay-login', '5.7.8 Wrong user or password')
      delay(MISS_MS).then(() => done(no(session, refusal, { from: '', to: [] }) as Error))
    },
    onMailFrom({ address }, session, done) {
      const domain = account(session)
      if (address === '' || (belongs(address, domain) && Address.safeParse(address).success)) return done()
      const text = `5.7.1 <${address}>: you may send as ${domain} only`
      done(no(session, new Refusal(550, 'relay-sender', text), { from: address, to: [] }))
    },
    onRcptTo({ address }, session, done) {
      const { rcptTo } = session.envelope
      const refuse = (code: number, rule: string, text: string) =>
        done(no(session, new Refusal(code, rule, text), { to: [address] }))
      if (!Address.safeParse(address).success) return refuse(553, 'relay-address', '5.1.3 This is no address')
      if (rcptTo.length >= MAX_RECIPIENTS)
        return refuse(452, 'relay-recipients', `4.5.3 At most ${MAX_RECIPIENTS} recipients a message`)
      const minutes = limit.waitFor(account(session), rcptTo.length + 1)
      if (minutes > 0)
        return refuse(
          452,
          'relay-limit',
          `4.7.1 More than ${RECIPIENTS_PER_HOUR} recipients an hour. Try again in ${minutes} min`,
        )
      done()
    },
    onData(stream, session, done) {
      intake
        .collect(stream)
        .then(source => {
          if (source === 'too-large') throw new Refusal(552, 'relay-size', `5.3.4 At most ${MAX_SIZE} bytes`)
          if (source === 'busy') throw new Refusal(452, 'relay-busy', '4.3.1 Busy. Try again later')
          return take(session, source)
        })
        .then(
          text => done(null, text),
          error => done(no(session, error)),
        )
    },
    onConnect(session, done) {
      const count = counters.connected(clientOf(session))
      if (count <= CONNECTIONS) return done()
      const text = `4.7.0 At most ${CONNECTIONS} connections at once`
      done(no(session, new Refusal(421, 'relay-connections', text)))
    },
    onClose(session) {
      counters.disconnected(clientOf(session))
      transcripts.forget(session.id)
    },
  })
  // A client's broken handshake or lost connection is the client's affair.
  server.on('error', (error: Error & { syscall?: string }) => {
    if (error.syscall === 'listen') throw error
  })
  return server
}

const clean = (text: string | undefined) => (text || 'unknown').replace(/[^\x21-\x7e]/g, '?').slice(0, 255)
const headOf = (source: Buffer) => source.toString('latin1', 0, 200_000).split(/\r?\n\r?\n/, 1)[0] ?? ''

/** The addresses of the From fields; none if one of them holds what is no address. */
function authorsOf(source: Buffer): string[] {
  const fields = [...headOf(source).matchAll(/^From:((?:.|\r?\n[ \t])*)/gim)].map(([, value = '']) => value)
  if (fields.length !== 1) return []
  return addressparser(fields[0] ?? '', { flatten: true }).map(({ address }) => address)
}
