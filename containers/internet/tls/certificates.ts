/** What a server showed in the handshake. */
import type { X509Certificate } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import { type Failure, untrusted } from './words.ts'

export interface Shown {
  host: string
  /** `TLSv1.3` */
  tls: string
  /** From the server's own certificate upwards, as sent. */
  chain: X509Certificate[]
  names: string[]
  /** Whether the lab's authorities vouch for it under the host's name; if not, why, as Node says it. */
  trusted: boolean
  why: string
}

/** An endless chain would be its sender's joke. */
const LONGEST = 10

/** Of a socket that was opened with the lab's authorities and without enforcing them; null in clear. */
export function shown(socket: unknown, host: string): Shown | null {
  if (!(socket instanceof TLSSocket)) return null
  const chain: X509Certificate[] = []
  let next = socket.getPeerX509Certificate()
  while (next && chain.length < LONGEST) {
    const current: X509Certificate = next
    if (chain.some(({ fingerprint256 }) => fingerprint256 === current.fingerprint256)) break
    chain.push(current)
    next = current.issuerCertificate
  }
  const names = (chain[0]?.subjectAltName ?? '')
    .split(', ')
    .filter(name => name.startsWith('DNS:'))
    .map(name => name.slice(4))
  // An Error where the name does not fit, a code where the chain does not.
  const error = socket.authorizationError as unknown
  const why = socket.authorized
    ? ''
    : ((error as { code?: string } | null)?.code ?? String(error ?? 'unknown'))
  return { host, tls: socket.getProtocol() ?? 'TLS', chain, names, trusted: socket.authorized, why }
}

/** Null if the web's trust holds for it (RFC 8461, 4.2). */
export const webTrust = ({ host, trusted, why, names }: Shown): Failure | null =>
  trusted ? null : untrusted(host, why, names)
