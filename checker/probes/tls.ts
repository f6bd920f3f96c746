import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { Authorities } from '../../containers/internet/api.ts'
import { quoted } from '../clean.ts'
import { type Context, connect, REPLY_MS } from './connect.ts'
import { closed, protocol, silent, type Target } from './faults.ts'
import { internet } from './internet.ts'
import { secure } from './secure.ts'
import { startTls } from './starttls.ts'
import { earlyDataOf } from './tls-early.ts'
import { clientHello, type Flight, readFlight } from './tls-hello.ts'
import type { Certificate, TlsDoor, TlsProbe } from './types.ts'
import { within } from './within.ts'

const ASK_MS = 5000
/** Tickets come right after the handshake, if at all. */
const TICKET_MS = 2000
/** A server's certificates and its part of a key exchange are far smaller. */
const FLIGHT_MAX = 64 * 1024
const HELLO = { en: 'its answer to our first TLS message', fr: 'sa réponse à notre premier message TLS' }

export function tlsProbe(context: Context): TlsProbe {
  /** Runs `work` where the handshake is to begin; closes everything in any case. */
  async function at<T>({ port, starttls }: TlsDoor, work: (duplex: Duplex, target: Target) => Promise<T>) {
    const target = { host: context.lab.host, port }
    const duplex = await connect(context, target, context.lab.address.server.ipv4)
    try {
      if (starttls) await startTls(context, duplex, target, starttls)
      return await work(duplex, target)
    } finally {
      duplex.destroy()
    }
  }
  const shaken = async (duplex: Duplex, target: Target) =>
    secure({ ...context, authorities: await trusted(context) }, duplex, target)

  return {
    handshake: door =>
      at(door, async (duplex, target) => {
        const socket = await shaken(duplex, target)
        const seen = report(socket)
        socket.destroy()
        return seen
      }),

    earlyData: door =>
      at(door, async (duplex, target) => {
        let most = 0
        const tickets = Promise.withResolvers<void>()
        const socket = await shaken(duplex, target)
        socket.on('session', session => {
          most = Math.max(most, earlyDataOf(session))
          tickets.resolve()
        })
        const late = (s: number) => silent(target, s, HELLO)
        // A server that gives no tickets gives no early data either.
        await within(tickets.promise, { ms: TICKET_MS, signal: context.signal, late }).catch(() => {})
        socket.destroy()
        return most
      }),

    hello: (door, hello) =>
      at(door, (duplex, target) => {
        duplex.write(clientHello(hello, context.lab.host))
        const late = (s: number) => silent(target, s, HELLO)
        return within(flight(duplex, target), { ms: REPLY_MS, signal: context.signal, late })
      }),
  }
}

/** Those of the lab at this moment: its authority makes a new root whenever it starts. */
async function trusted(context: Context): Promise<readonly string[]> {
  if (context.authorities.length > 0) return context.authorities
  return internet<Authorities>(context, ASK_MS, 'GET', '/authorities')
}

async function flight(duplex: Duplex, target: Target): Promise<Flight> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of duplex) {
      chunks.push(chunk as Buffer)
      const bytes = Buffer.concat(chunks)
      const seen = readFlight(bytes)
      if (seen) return seen
      if (bytes.length > FLIGHT_MAX) throw new Error('it goes on without an end')
    }
  } catch (error) {
    const { message } = error as Error
    throw protocol(target, { en: message, fr: message }, error)
  }
  throw closed(target, HELLO)
}

function report(socket: TLSSocket) {
  const certificate = socket.getPeerCertificate(true)
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
    certificates: chainOf(socket),
  }
}

/** An endless chain would be its sender's joke. */
const LONGEST = 10

/** From the server's own upwards, without a root, whose signature nobody looks at. */
function chainOf(socket: TLSSocket): Certificate[] {
  const chain: Certificate[] = []
  let next = socket.getPeerX509Certificate()
  while (next && chain.length < LONGEST && !next.checkIssued(next)) {
    const { modulusLength, namedCurve } = next.publicKey.asymmetricKeyDetails ?? {}
    chain.push({
      key: next.publicKey.asymmetricKeyType ?? '',
      bits: modulusLength ?? Number(/\d{3}/.exec(namedCurve ?? '')?.[0] ?? 256),
      signature: next.signatureAlgorithm ?? '',
    })
    next = next.issuerCertificate
  }
  return chain
}
