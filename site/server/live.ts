/** The page's one socket: the lab's state, the checks' verdicts and one's progress, pushed; a few wishes back. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import { ANSWER_MAX } from '../../checker/answers.ts'
import type { Step } from '../../checker/steps.ts'
import type { LiveClient, LiveServer } from '../protocol.ts'
import { type ErrorCode, errorBody } from './errors.ts'
import { keepAlive } from './keep-alive.ts'
import { languageOf } from './language.ts'
import type { Room } from './room.ts'

const name = z.string().max(60)
const wishes = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['open', 'close', 'advance', 'cancel']) }),
  z.strictObject({ type: z.literal('reset'), keep: z.boolean() }),
  z.strictObject({ type: z.literal('return'), at: z.int() }),
  z.strictObject({ type: z.literal('check'), task: name.optional() }),
  z.strictObject({
    type: z.literal('answer'),
    task: name,
    answers: z.record(name, z.string().max(ANSWER_MAX)).refine(all => Object.keys(all).length <= 20),
  }),
])
/** More than this unsent means that the page is gone or frozen: it comes back and gets the state anew. */
const BACKLOG = 1024 * 1024

export function liveSockets() {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 32 * 1024, perMessageDeflate: false })

  return {
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, room: Room, step: Step): void {
      sockets.handleUpgrade(request, socket, head, ws => {
        const lang = languageOf(request)
        const send = (message: LiveServer) => {
          if (ws.bufferedAmount > BACKLOG) ws.terminate()
          else if (ws.readyState === ws.OPEN) ws.send(JSON.stringify(message))
        }
        const leave = room.enter({ step: step.id, lang, send })

        keepAlive(ws, leave)
        ws.on('message', (data, binary) => {
          const wish = binary ? null : parse(data.toString())
          if (!wish) return send({ type: 'refused', ...errorBody('bad-message', lang) })
          const code = grant(room, step, wish)
          if (code) send({ type: 'refused', ...errorBody(code, lang) })
        })
      })
    },
    close(): void {
      for (const ws of sockets.clients) ws.terminate()
      sockets.close()
    },
  }
}

/** Gives a code where the wish can't be granted at all. */
function grant(room: Room, step: Step, wish: LiveClient): ErrorCode | null {
  switch (wish.type) {
    case 'open':
      room.open(step)
      return null
    case 'reset':
      room.reset(step, wish.keep)
      return null
    case 'close':
      room.close()
      return null
    case 'advance':
      room.advance(step)
      return null
    case 'cancel':
      room.cancel()
      return null
    case 'return':
      room.return(wish.at)
      return null
    case 'check':
      return room.check(step, wish.task)
    case 'answer':
      return room.answer(step, wish.task, wish.answers)
  }
}

function parse(text: string): LiveClient | null {
  try {
    return wishes.parse(JSON.parse(text))
  } catch {
    return null
  }
}
