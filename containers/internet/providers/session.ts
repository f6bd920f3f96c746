/** What a provider reads from an SMTP session. */
import type { SMTPServerSession } from 'smtp-server'
import type { Authenticated } from './authenticate.ts'
import type { Client } from './judge.ts'
import type { Envelope } from './store.ts'

/** Who stands at the door. */
export const clientOf = (session: SMTPServerSession): Client => ({
  // Who reset the connection before it was looked at has no address any more, whatever the types say.
  address: ((session.remoteAddress as string | undefined) ?? '').replace(/^::ffff:/i, ''),
  helo: session.hostNameAppearsAs || '',
  tls: session.secure ? versionOf(session.tlsOptions) : false,
})
const versionOf = (options: unknown): string =>
  (options as { version?: string } | undefined)?.version ?? 'TLS'

/** The envelope as it is kept. */
export const envelope = (session: SMTPServerSession): Envelope => {
  const { address, helo, tls } = clientOf(session)
  return {
    from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
    to: session.envelope.rcptTo.map(({ address }) => address),
    remoteAddress: address,
    helo,
    tls: tls !== false,
  }
}

/** What others hear of the authentication. */
export const briefly = ({ spf, dkim, dmarc, arc, header }: Authenticated) => ({
  spf,
  dkim,
  dmarc,
  arc,
  header,
})
