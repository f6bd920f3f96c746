/** The map's sockets: one's own mail on a step page, the whole room's on the page for the projector. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import type { MapClient, MapServer } from '../../protocol.ts'
import { keepAlive } from '../keep-alive.ts'
import { languageOf } from '../language.ts'
import type { EventMail, Kept, Watcher } from './event-mail.ts'
import type { OwnLog } from './own-log.ts'

const wishes = z.strictObject({ type: z.literal('history'), id: z.string().max(40) })
/** More than this unsent means that the page is gone or frozen: it comes back and gets what is kept. */
const BACKLOG = 512 * 1024
/** A page lists no more than this of what was before it. */
const PAST = 100
/** What is older is listed, and no longer seen travelling: a log is read from some lines before its end. */
const FRESH_MS = 5000
/** More in one batch can't be drawn one by one. */
const MOST_IN_BATCH = 200

export interface MapContext {
  mail: EventMail
  log: OwnLog
  view: 'own' | 'room'
  /** The reader's domain. */
  own: string
}

/** Whether a reader may see it: what a log says is its owner's, and the room's when it went out from one server to another. */
export function visible({ mail, outgoing }: Kept, view: 'own' | 'room', own: string): boolean {
  const { log } = mail
  if (view === 'own') return (mail.from === own || mail.to === own) && (log === null || log === own)
  return log === null || (outgoing && mail.from === log)
}

export function mapSockets() {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false })

  return {
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, context: MapContext): void {
      sockets.handleUpgrade(request, socket, head, ws => {
        const { mail, log, view, own } = context
        const lang = languageOf(request)
        const send = (message: MapServer) => {
          if (ws.bufferedAmount > BACKLOG) ws.terminate()
          else if (ws.readyState === ws.OPEN) ws.send(JSON.stringify(message))
        }
        const tell = (kept: Kept[], past: boolean, most: number) =>
          send({
            type: 'mail',
            mail: kept.slice(-most).map(one => one.mail),
            past,
            missed: past ? 0 : Math.max(0, kept.length - most),
          })
        const watcher: Watcher = {
          sees: kept => visible(kept, view, own),
          places: places => send({ type: 'places', own, places }),
          mail(kept) {
            const since = Date.now() - FRESH_MS
            const old = kept.filter(one => one.mail.at < since)
            const fresh = kept.filter(one => one.mail.at >= since)
            if (old.length > 0) tell(old, true, PAST)
            if (fresh.length > 0) tell(fresh, false, MOST_IN_BATCH)
          },
        }
        const leave = mail.watch(watcher)
        tell(mail.past(watcher), true, PAST)
        const close = view === 'own' ? log.read() : () => {}

        keepAlive(ws, () => {
          leave()
          close()
        })
        ws.on('message', (data, binary) => {
          const wish = binary ? null : parse(data.toString())
          if (!wish) return ws.terminate()
          const kept = mail.get(wish.id)
          const may = kept !== undefined && watcher.sees(kept)
          const history = may ? mail.history(kept, lang, view === 'own') : null
          send({ type: 'history', id: wish.id, history })
        })
      })
    },
    close(): void {
      for (const ws of sockets.clients) ws.terminate()
      sockets.close()
    },
  }
}

function parse(text: string): MapClient | null {
  try {
    return wishes.parse(JSON.parse(text))
  } catch {
    return null
  }
}
