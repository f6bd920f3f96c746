/** Lets go of a page that is gone without a word: a closed lid, a lost network. */
import type { WebSocket } from 'ws'

const PING_MS = 20_000

/** Asks the page now and then whether it is there, and ends the socket of one that was silent since. `leave` is called at its end. */
export function keepAlive(ws: WebSocket, leave: () => void): void {
  let alive = true
  const pinging = setInterval(() => {
    if (!alive) return ws.terminate()
    alive = false
    ws.ping()
  }, PING_MS)
  ws.on('pong', () => {
    alive = true
  })
  ws.on('error', () => ws.terminate())
  ws.on('close', () => {
    clearInterval(pinging)
    leave()
  })
}
