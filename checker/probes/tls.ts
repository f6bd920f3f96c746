import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import type { Authorities } from '../../containers/internet/api.ts'
import { quoted } from '../clean.ts'
import { type Context, connect, REPLY_MS } from './connect.ts'
import { noStartTls, protocol, silent, type Target } from './faults.ts'
import { internet } from './internet.ts'
import { Lines } from './lines.ts'
import { secure } from './secure.ts'
import { readReply } from './smtp-reply.ts'
import type { TlsProbe } from './types.ts'
import { within } from './within.ts'

/** An IMAP server may say this many untagged lines before its answer to STARTTLS. */
const UNTAGGED_MAX = 20
const ASK_MS = 5000

export function tlsProbe(context: Context): TlsProbe {
  return {
    async handshake({ port, starttls }) {
      const target = { host: context.lab.host, port }
      const duplex = await connect(context, target, context.lab.address.server.ipv4)
      try {
        if (starttls) {
          const lines = new Lines(duplex, target)
          const asked = starttls === 'smtp' ? askSmtp(lines, target) : askImap(lines, target)
          await within(asked, {
            ms: REPLY_MS,
            signal: context.signal,
            late: s => silent(target, s, { en: 'the answer to STARTTLS', fr: 'la réponse à STARTTLS' }),
          })
          if (lines.pending) throw injected(target)
        }
        const socket = await secure({ ...context, authorities: await trusted(context) }, duplex, target)
        const seen = report(socket)
        socket.destroy()
        return seen
      } finally {
        duplex.destroy()
      }
    },
  }
}

/** Those of the lab at this moment: its authority makes a new root whenever it starts. */
async function trusted(context: Context): Promise<readonly string[]> {
  if (context.authorities.length > 0) return context.authorities
  return internet<Authorities>(context, ASK_MS, 'GET', '/authorities')
}

async function askSmtp(lines: Lines, target: Target): Promise<void> {
  await readReply(lines, target, '', () => {})
  lines.write('EHLO mx.grosmail.test\r\n')
  await readReply(lines, target, 'EHLO', () => {})
  lines.write('STARTTLS\r\n')
  if ((await readReply(lines, target, 'STARTTLS', () => {})).code !== 220) throw noStartTls(target)
}

async function askImap(lines: Lines, target: Target): Promise<void> {
  await lines.next({ en: 'the banner', fr: 'la bannière' })
  lines.write('a STARTTLS\r\n')
  for (let i = 0; i < UNTAGGED_MAX; i++) {
    const line = await lines.next({ en: 'the answer to STARTTLS', fr: 'la réponse à STARTTLS' })
    if (/^a OK/i.test(line)) return
    if (!line.startsWith('* ')) break
  }
  throw noStartTls(target)
}

const injected = (target: Target) =>
  protocol(target, {
    en: `Clear text came before the TLS handshake on port ${target.port}.`,
    fr: `Du texte en clair est arrivé avant la négociation TLS sur le port ${target.port}.`,
  })

function report(socket: TLSSocket) {
  const certificate = socket.getPeerCertificate(true) as Partial<DetailedPeerCertificate>
  return {
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().name,
    subject: quoted([certificate.subject?.CN].flat().join(' ')),
    altNames: (certificate.subjectaltname ?? '')
      .split(', ')
      .filter(Boolean)
      .map(name => quoted(name)),
    validFrom: certificate.valid_from ?? '',
    validTo: certificate.valid_to ?? '',
    serial: quoted(certificate.serialNumber ?? ''),
    trusted: socket.authorized,
    why: socket.authorized ? '' : quoted(String(socket.authorizationError ?? '')),
  }
}
