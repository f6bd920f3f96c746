/** A provider's MX: SMTP on port 25, both families, STARTTLS offered. */

import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import type { MailEvent } from '../api.ts'
import type { MailLog } from '../mail-log.ts'
import { type Provider, refusal } from './provider.ts'
import type { Envelope, MessageStore } from './store.ts'

const refuse = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code })

const envelope = (session: SMTPServerSession): Envelope => ({
  from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
  to: session.envelope.rcptTo.map(({ address }) => address),
  remoteAddress: session.remoteAddress.replace(/^::ffff:/i, ''),
  helo: session.hostNameAppearsAs || '',
  tls: session.secure,
})

/** Listens on port 25 of the provider's two addresses; resolves when it does. */
export async function openMx(
  provider: Provider,
  { ipv4, ipv6 }: { ipv4: string; ipv6: string },
  store: MessageStore,
  certificate: { key: Buffer; cert: Buffer },
  mail: MailLog,
): Promise<void> {
  const note = (
    session: SMTPServerSession,
    what: Pick<MailEvent, 'fate' | 'code' | 'reply'>,
    to?: string,
  ) => {
    const { from, to: taken, remoteAddress, tls } = envelope(session)
    mail.add({
      from: remoteAddress,
      to: provider.domain,
      envelope: { from, to: to === undefined ? taken : [to] },
      size: 0,
      tls: tls && 'TLS',
      reasons: [],
      transcript: '',
      ...what,
    })
  }
  const serverOn = async (address: string) => {
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
      maxClients: 100,
      socketTimeout: 60_000,
      logger: false,
      onRcptTo({ address }, session, done) {
        const no = refusal(provider, address)
        if (no !== null) {
          note(session, { fate: 'refused', code: no.code, reply: `${no.code} ${no.text}` }, address)
          return done(refuse(no.code, no.text))
        }
        if (session.envelope.rcptTo.length >= 100) return done(refuse(452, '4.5.3 Too many recipients'))
        done()
      },
      onData(stream, session, done) {
        store
          .receive(stream, provider.maxSize, () => envelope(session))
          .then(
            id => {
              if (id === null)
                return done(refuse(552, `5.3.4 Message is larger than ${provider.maxSize} bytes`))
              note(session, { fate: 'inbox', code: 250, reply: `250 2.0.0 OK: ${id}` })
              done(null, `2.0.0 OK: ${id}`)
            },
            (error: Error) => {
              console.error(`${provider.name}: a message was not kept: ${error.message}`)
              done(refuse(451, '4.3.0 Try again later'))
            },
          )
      },
    })
    // A client's broken handshake or lost connection is the client's affair.
    server.on('error', (error: Error & { syscall?: string }) => {
      if (error.syscall === 'listen') throw error
    })
    await new Promise<void>(resolve => server.listen(25, address, () => resolve()))
  }
  await Promise.all([serverOn(ipv4), serverOn(ipv6)])
}
