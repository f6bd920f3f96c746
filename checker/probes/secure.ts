import type { Duplex } from 'node:stream'
import { type TLSSocket, connect as tlsConnect } from 'node:tls'
import { type Context, REPLY_MS } from './connect.ts'
import { silent, type Target, tlsFailed } from './faults.ts'
import { within } from './within.ts'

/**
 * TLS over a connection that is already there. The chain is looked at, never enforced: opportunistic TLS between mail
 * servers (RFC 7435) takes what it gets, and a check that cares asks `authorized`.
 */
export async function secure(context: Context, duplex: Duplex, target: Target): Promise<TLSSocket> {
  const socket = tlsConnect({
    socket: duplex,
    servername: context.lab.host,
    rejectUnauthorized: false,
    // Without a list Node would trust the world's authorities, which have no say in the lab.
    ca: [...context.authorities],
  })
  const ready = new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve)
    socket.once('error', error => reject(tlsFailed(target, error.message, error)))
    socket.once('close', () => reject(tlsFailed(target, 'the connection was closed')))
  })
  // Later errors belong to whoever reads; without a listener they would end our process.
  socket.on('error', () => {})
  try {
    await within(ready, {
      ms: REPLY_MS,
      signal: context.signal,
      late: s =>
        silent(target, s, { en: 'the end of the TLS handshake', fr: 'la fin de la négociation TLS' }),
    })
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}
