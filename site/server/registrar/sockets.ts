/** The registrar page's socket: it is told that its names have changed, and asks for them. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { keepAlive } from '../keep-alive.ts'
import type { EventNames } from './event-names.ts'

/** More than this unsent means that the page is gone or frozen. */
const BACKLOG = 16 * 1024

export function nameSockets(names: EventNames) {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64, perMessageDeflate: false })

  return {
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, domain: string): void {
      sockets.handleUpgrade(request, socket, head, ws => {
        const leave = names.watch(domain, () => {
          if (ws.bufferedAmount > BACKLOG) ws.terminate()
          else if (ws.readyState === ws.OPEN) ws.send('{}')
        })
        keepAlive(ws, leave)
        // It has nothing to say.
        ws.on('message', () => ws.terminate())
      })
    },
    close(): void {
      for (const ws of sockets.clients) ws.terminate()
      sockets.close()
    },
  }
}
