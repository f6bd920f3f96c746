/** A lab whose learner's server is a few listeners on the loopback: real sockets, no machines. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { makeProbes } from '../../checker/probes/index.ts'
import { type Lab, LabError, type Labs } from '../../containers/types.ts'

export const lab: Lab = {
  event: 'home',
  participant: 'you',
  domain: 'you.test',
  host: 'mail.you.test',
  seed: '00112233445566778899aabbccddeeff',
  step: '05-fifty-users',
  address: {
    server: { ipv4: '198.18.0.16', ipv6: '2001:db8::10' },
    desk: { ipv4: '198.18.0.17', ipv6: '2001:db8::11' },
  },
}

/** What stands behind the ports of the learner's server. */
export type Ports = Record<number, Server | LabError>

/** The parts of `Labs` that probes use; `more` replaces or adds some. */
export function labsOf(ports: Ports, more: Partial<Labs> = {}): Labs {
  const parts: Partial<Labs> = {
    find: async () => ({ ...lab, running: true }),
    kept: async () => [],
    internet: async <T>() => [] as T,
    tunnel: async (_event, { port }) => {
      const behind = ports[port]
      if (behind instanceof LabError) throw behind
      if (!behind?.listening)
        throw new LabError('refused', `connect(5, 198.18.0.16:${port}): Connection refused`)
      const socket = connect({ port: (behind.address() as { port: number }).port, host: '127.0.0.1' })
      await once(socket, 'connect')
      // The real tunnel is a stream of bytes that is no socket, which TLS treats in its own way.
      // (`from` takes the pair, its types do not know.)
      return Duplex.from({ readable: socket, writable: socket } as unknown as NodeJS.ReadableStream)
    },
    ...more,
  }
  return parts as Labs
}

export const probesOf = (ports: Ports, signal = new AbortController().signal, authorities?: string[]) =>
  makeProbes(labsOf(ports), lab, signal, authorities)

const open = new Set<Server>()

/** A server that does what the test says with each connection. Closed by `closeAll`. */
export async function serverThat(talk: (socket: Socket) => void): Promise<Server> {
  const server = createServer(socket => {
    socket.on('error', () => {})
    talk(socket)
  })
  return listening(server)
}

/** Any `net.Server`, listening on the loopback. */
export async function listening<S extends Server>(server: S): Promise<S> {
  open.add(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Says its lines one after another: the first at once, each other when the client has sent a line. */
export const saying = (...lines: string[]): Promise<Server> =>
  serverThat(socket => {
    let next = 0
    const say = () => next < lines.length && socket.write(lines[next++] ?? '')
    say()
    socket.on('data', chunk => {
      for (const _ of chunk.toString().matchAll(/\n/g)) say()
    })
  })

export function closeAll(): void {
  for (const server of open) server.close()
  open.clear()
}
