/** The one place where a connection becomes a WebSocket: who asks, from which page, for what. */
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { MACHINES, type MachineName } from '../../checker/step.ts'
import type { Step } from '../../checker/steps.ts'
import type { Labs } from '../../containers/types.ts'
import type { Door } from './door.ts'
import { type ErrorCode, errorBody, errors } from './errors.ts'
import { languageOf } from './language.ts'
import type { liveSockets } from './live.ts'
import type { mapSockets } from './map/sockets.ts'
import type { nameSockets } from './registrar/sockets.ts'
import type { Room } from './room.ts'
import type { Participant } from './store.ts'
import type { terminals } from './terminal.ts'

/** Sockets of one participant at once: some pages with some terminals each. */
const MOST = 64

interface Parts {
  door: Door
  live: ReturnType<typeof liveSockets>
  shells: ReturnType<typeof terminals>
  maps: ReturnType<typeof mapSockets>
  names: ReturnType<typeof nameSockets>
  labs: Labs
  steps: Map<string, Step>
  roomOf(participant: Participant): Room
}

export function upgrades(server: Server, parts: Parts): void {
  const open = new Map<number, number>()

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Without a listener an error of a socket that is being refused would end the process.
    socket.on('error', () => socket.destroy())
    try {
      const refusal = accept(request, socket, head)
      if (refusal) refuse(request, socket, refusal)
    } catch (error) {
      console.error(error)
      refuse(request, socket, 'our-fault')
    }
  })

  function accept(request: IncomingMessage, socket: Duplex, head: Buffer): ErrorCode | null {
    const { door } = parts
    if (!door.knowsHost(request)) return 'wrong-host'
    if (!door.sameOrigin(request)) return 'wrong-origin'
    const visitor = door.visitor(request)
    if (!visitor) return 'no-session'
    const count = open.get(visitor.id) ?? 0
    if (count >= MOST) return 'too-many'

    const url = new URL(request.url ?? '/', 'http://localhost')
    const [, api, kind, machine, number] = url.pathname.split('/')
    if (api !== 'api') return 'not-found'
    const room = parts.roomOf(visitor)
    if (kind === 'live' && machine === undefined) {
      const step = parts.steps.get(url.searchParams.get('step') ?? '')
      if (!step) return 'unknown-step'
      parts.live.upgrade(request, socket, head, room, step)
    } else if (kind === 'terminals' && isMachine(machine) && /^\d{1,2}$/.test(number ?? '')) {
      parts.shells.upgrade(request, socket, head, {
        labs: parts.labs,
        lab: () => room.keeper.lab,
        machine,
        terminal: Number(number),
        lang: languageOf(request),
        participant: visitor.name,
        onActivity: what => room.activity(what),
        onGone: () => void room.keeper.refresh(),
      })
    } else if (kind === 'map' && machine === undefined) {
      const view = url.searchParams.get('view') === 'room' ? 'room' : 'own'
      const { mail, log } = room
      parts.maps.upgrade(request, socket, head, { mail, log, view, own: `${visitor.name}.test` })
    } else if (kind === 'registrar' && machine === undefined)
      parts.names.upgrade(request, socket, head, `${visitor.name}.test`)
    else return 'not-found'

    open.set(visitor.id, count + 1)
    socket.once('close', () => open.set(visitor.id, (open.get(visitor.id) ?? 1) - 1))
    return null
  }
}

const isMachine = (name: string | undefined): name is MachineName =>
  MACHINES.some(machine => machine === name)

function refuse(request: IncomingMessage, socket: Duplex, code: ErrorCode): void {
  if (socket.destroyed) return
  const { status } = errors[code]
  const body = JSON.stringify(errorBody(code, languageOf(request)))
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
