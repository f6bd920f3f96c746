/** A provider's MX: SMTP on port 25, both families, STARTTLS offered; its policy decides, and every decision is told. */
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import type { Fate, Reason } from '../api.ts'
import type { Told } from '../blocklist/sighting.ts'
import type { MailLog } from '../mail-log.ts'
import type { Deliver } from '../mailboxes/deliver.ts'
import type { Judged } from '../reports/dmarc-report.ts'
import { type Authenticated, authenticate } from './authenticate.ts'
import { Counters } from './counters.ts'
import { afterData, atMail, atRcpt, type Finding } from './judge.ts'
import type { Dns, ReverseName } from './lookups.ts'
import { isReader, type Provider, type Reply } from './provider.ts'
import { reason } from './reasons.ts'
import { briefly, clientOf, envelope } from './session.ts'
import type { MessageStore } from './store.ts'
import { Transcripts } from './transcripts.ts'

/** What the rest of the internet knows. */
export interface World {
  dns: Dns
  /**
   * Whose address it is, a domain, and whether they are treated as the real provider would. `from`: the envelope's sender,
   * which tells whose mail it is that a gateway brings.
   */
  sender(address: string, from?: string): { name: string; strict: boolean }
  log: MailLog
  /** Hears of each decision; must not throw. */
  witness(told: Told): void
  deliver: Deliver
  /** Told of each message whose DMARC was looked at, taken or not. */
  judged(provider: Provider, judged: Judged): void
}

/** What is kept of a connection between its commands. */
interface Visit {
  lenient: Finding[]
  name: ReverseName
}

const line = ({ code, enhanced, text }: Reply) => `${code} ${enhanced} ${text}`

/** Listens on port 25 of the provider's two addresses; resolves when it does. `counters` are shared by both. */
export async function openMx(
  provider: Provider,
  { ipv4, ipv6 }: { ipv4: string; ipv6: string },
  store: MessageStore,
  certificate: { key: Buffer; cert: Buffer },
  world: World,
  { counters = new Counters(), port = 25 } = {},
): Promise<SMTPServer[]> {
  return Promise.all(
    [ipv4, ipv6].map(async address => {
      const server = mx(provider, store, certificate, world, counters)
      await new Promise<void>(resolve => server.listen(port, address, () => resolve()))
      return server
    }),
  )
}

function mx(
  provider: Provider,
  store: MessageStore,
  certificate: { key: Buffer; cert: Buffer },
  world: World,
  counters: Counters,
): SMTPServer {
  const { policy } = provider
  const transcripts = new Transcripts()
  const visits = new Map<string, Visit>()
  const looks = { dns: world.dns, counters }

  function tell(
    session: SMTPServerSession,
    what: {
      fate: Fate
      reply: Reply
      reasons: Reason[]
      from?: string
      to?: string[]
      size?: number
      subject?: string
      authentication?: Authenticated
      source?: Buffer
    },
  ) {
    const client = clientOf(session)
    const { mailFrom, rcptTo } = session.envelope
    const { authentication } = what
    const envelope = {
      from: what.from ?? (mailFrom ? mailFrom.address : ''),
      to: what.to ?? rcptTo.map(({ address }) => address),
    }
    const transcript = transcripts.of(session.id, `S: ${line(what.reply)}`)
    world.log.add({
      from: world.sender(client.address).name,
      to: provider.domain,
      envelope,
      ...(what.subject === undefined ? {} : { subject: what.subject }),
      size: what.size ?? 0,
      fate: what.fate,
      code: what.reply.code,
      reply: line(what.reply),
      tls: client.tls,
      ...(authentication ? { authentication: briefly(authentication) } : {}),
      reasons: what.reasons,
      transcript,
    })
    world.witness({
      address: client.address,
      provider: provider.domain,
      ...envelope,
      fate: what.fate,
      rule: what.reasons[0]?.rule ?? null,
      source: what.source ?? null,
      transcript,
    })
  }

  /** Says no, and tells the log. */
  function no(
    session: SMTPServerSession,
    { rule, reply }: Omit<Finding, 'strict'>,
    more: {
      from?: string
      to?: string[]
      size?: number
      authentication?: Authenticated
      source?: Buffer
    } = {},
  ) {
    const fate = reply.code < 500 ? 'deferred' : 'refused'
    tell(session, { fate, reply, reasons: [reason(rule)], ...more })
    return Object.assign(new Error(`${reply.enhanced} ${reply.text}`), { responseCode: reply.code })
  }

  const trouble = (what: string, error: Error) => {
    console.error(`${provider.name}: ${what}: ${error.message}`)
    return Object.assign(new Error('4.3.0 Try again later'), { responseCode: 451 })
  }

  async function take(source: Buffer, id: string, session: SMTPServerSession) {
    const client = clientOf(session)
    const visit = visits.get(session.id) ?? { lenient: [], name: { state: 'missing', name: '' } }
    const { mailFrom, rcptTo } = session.envelope
    const { strict } = world.sender(client.address, mailFrom ? mailFrom.address : '')
    const recipients = rcptTo.filter(({ address }) => !isReader(address)).length
    const authentication = await authenticate(world.dns, source, {
      ip: client.address,
      helo: client.helo,
      sender: mailFrom ? mailFrom.address : '',
      mta: provider.host,
    })
    const findings = afterData(
      provider,
      client,
      { source, recipients, authentication, name: visit.name },
      counters,
    )
    const against = findings.find(finding => strict || !finding.strict)
    world.judged(provider, {
      address: client.address,
      envelopeFrom: mailFrom ? mailFrom.address : '',
      helo: client.helo,
      authentication,
      refused: against !== undefined && against.rule !== 'dmarc-reject',
    })
    if (against) {
      await store.drop(id)
      return no(session, against, { size: source.length, authentication, source })
    }
    const reasons = [...visit.lenient, ...findings].map(({ rule }) => reason(rule))
    if (authentication.dmarc === 'fail' && authentication.policy === 'quarantine')
      reasons.push(reason('dmarc-quarantine'))
    const fate = reasons.length > 0 ? 'spam' : 'inbox'
    const reply = { code: 250, enhanced: '2.0.0', text: `OK: ${id}` }
    const transcript = transcripts.of(session.id, `S: ${line(reply)}`)
    await store.judged(id, {
      fate,
      reasons,
      authentication: briefly(authentication),
      transcript,
      pace: transcripts.pace(session.id),
    })
    await world.deliver(
      provider,
      envelope(session),
      Buffer.concat([Buffer.from(authentication.headers), source]),
      {
        fate,
        reasons,
        authentication: briefly(authentication),
        transcript,
      },
    )
    const subject = /^Subject:[ \t]*(.*)$/im
      .exec(source.toString('utf8', 0, 20_000))?.[1]
      ?.trim()
      .slice(0, 200)
    tell(session, {
      fate,
      reply,
      reasons,
      size: source.length,
      authentication,
      source,
      ...(subject ? { subject } : {}),
    })
    return null
  }

  const server = new SMTPServer({
    ...certificate,
    name: provider.host,
    banner: `${provider.domain} ready`,
    heloResponse: '%s greets %s',
    size: provider.maxSize,
    // An MX knows no users' passwords.
    disabledCommands: ['AUTH'],
    hideSMTPUTF8: true,
    // It would ask the container's resolver for every client, and nothing here uses the name.
    disableReverseLookup: true,
    maxClients: 200,
    // Lines are typed by hand too. RFC 5321, 4.5.3.2.7, asks for five minutes; connections are few here.
    socketTimeout: 180_000,
    logger: transcripts.logger as never,
    onConnect(session, done) {
      const { address } = clientOf(session)
      const count = counters.connected(address)
      const { connections } = policy
      if (!connections || count <= connections.most) return done()
      const reply = { ...connections.reply, text: connections.reply.text.replace('{address}', address) }
      done(no(session, { rule: 'too-many-connections', reply }))
    },
    onClose(session) {
      counters.disconnected(clientOf(session).address)
      transcripts.forget(session.id)
      visits.delete(session.id)
    },
    onMailFrom(sender, session, done) {
      const client = clientOf(session)
      atMail(provider, client, looks).then(
        ({ findings, name }) => {
          const { strict } = world.sender(client.address, sender.address)
          const against = findings.find(finding => strict || !finding.strict)
          if (against) return done(no(session, against, { from: sender.address, to: [] }))
          visits.set(session.id, { lenient: findings, name })
          done()
        },
        error => done(trouble('MAIL', error)),
      )
    },
    onRcptTo({ address }, session, done) {
      const { mailFrom, rcptTo } = session.envelope
      const envelope = { from: mailFrom ? mailFrom.address : '', to: address, before: rcptTo.length }
      atRcpt(provider, clientOf(session), envelope, looks).then(
        finding => (finding ? done(no(session, finding, { to: [address] })) : done()),
        error => done(trouble('RCPT', error)),
      )
    },
    onData(stream, session, done) {
      store
        .receive(stream, provider.maxSize, () => envelope(session))
        .then(async id => {
          // The log has commands only; this line ends the message.
          transcripts.add(session.id, 'C: .')
          const text = `Message is larger than ${provider.maxSize} bytes`
          if (id === null)
            return done(no(session, { rule: 'too-large', reply: { code: 552, enhanced: '5.3.4', text } }))
          const source = await store.source(id)
          if (source === null) throw new Error('it is gone')
          const against = await take(source, id, session)
          if (against) done(against)
          else done(null, `2.0.0 OK: ${id}`)
        })
        .catch((error: Error) => done(trouble('a message was not kept', error)))
    },
  })
  // A client's broken handshake or lost connection is the client's affair.
  server.on('error', (error: Error & { syscall?: string }) => {
    if (error.syscall === 'listen') throw error
  })
  return server
}
