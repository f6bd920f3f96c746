/**
 * A door on the loopback for a library that insists on connecting by itself (imapflow takes a host and a port, not a
 * stream). It takes one connection and is gone: somebody else on this machine who were faster would reach no more than
 * the learner's server, and our own client then fails instead of sharing the tunnel.
 */
import { createServer } from 'node:net'
import type { Duplex } from 'node:stream'

export interface Forwarder {
  /** On 127.0.0.1. */
  port: number
  close(): void
}

export async function forwardOnce(duplex: Duplex): Promise<Forwarder> {
  const server = createServer({ allowHalfOpen: false }, socket => {
    server.close()
    const end = () => {
      socket.destroy()
      duplex.destroy()
    }
    for (const side of [socket, duplex]) side.on('error', end).once('close', end)
    socket.pipe(duplex)
    duplex.pipe(socket)
  })
  server.maxConnections = 1
  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject)
  server.listen(0, '127.0.0.1', 1, listening.resolve)
  await listening.promise
  const { port } = server.address() as { port: number }
  return {
    port,
    close() {
      if (server.listening) server.close()
      duplex.destroy()
    },
  }
}
