/** Joins us to a process in a machine: over a socket of ours where that can be, over the engine's stream elsewhere. */
import type { Duplex } from 'node:stream'
import type { Engine } from './docker.ts'
import type { MachineSockets } from './machine-sockets.ts'

/** What the process writes on standard error when it can't connect to our socket. */
const NO_SOCKET = 'no socket'

/** `machine`: the container's name. Rejects as `Engine.pipe`. */
export async function attach(
  engine: Engine,
  sockets: MachineSockets | null,
  machine: string,
  argv: string[],
): Promise<Duplex> {
  const awaited = await sockets?.expect(machine)
  if (!awaited) return engine.pipe(machine, argv)
  const { promise: without, resolve } = Promise.withResolvers<null>()
  try {
    const stream = await engine.pipe(machine, [...argv, ...awaited.argv], {}, said => {
      if (said.includes(NO_SOCKET)) resolve(null)
    })
    // A process that is gone says nothing more; the stream tells its reader.
    stream.once('close', () => resolve(null))
    const socket = await Promise.race([awaited.socket, without])
    if (!socket) return stream
    // The process has handed its connection on and ends by itself.
    stream.on('error', () => {})
    stream.resume().end()
    return socket
  } finally {
    awaited.forget()
  }
}
