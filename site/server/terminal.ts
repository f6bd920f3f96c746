/**
 * Terminals: a page's WebSocket on one side, a shell in a lab's machine on the other. The caller has looked at who
 * asks and from which page (site/server/upgrades.ts); what goes over the wire is in site/protocol.ts.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Lang, MachineName } from '../../checker/step.ts'
import type { Lab, Labs } from '../../containers/types.ts'
import { Relay } from './terminal/relay.ts'
import { SHELLS } from './terminal/shells.ts'
import { readWish } from './terminal/wish.ts'

export interface TerminalContext {
  labs: Pick<Labs, 'attach'>
  /** The participant's lab, or null while it isn't open. */
  lab(): Lab | null
  machine: MachineName
  /** The terminal's number on its machine. */
  terminal: number
  lang: Lang
  participant: string
  /** Something was typed or, told at most some times a second, printed. */
  onActivity?: (what: 'input' | 'output') => void
  /** The machine or the engine did not let us in. */
  onGone?: () => void
}

export interface TerminalOptions {
  /**
   * The most output bytes under way to one page, 4 to 192 KiB. Smaller makes Ctrl-C faster on a slow line, larger
   * makes output faster on a long one.
   */
  window?: number
  /** How often a page is asked whether it is still there; after two silences it is let go. */
  pingMs?: number
  /** Other shells than the course's: tests run them where no machine is. */
  shells?: typeof SHELLS
}

export const WINDOW = 128 * 1024
/** Input comes in frames of 32 KiB and 8 bytes at most. */
const LARGEST = 40_960

export function terminals(options: TerminalOptions = {}): {
  /** Answers every request: with a terminal, or with a `refused` frame in the reader's language. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, context: TerminalContext): void
  /** Lets all pages go; they come back by themselves when a server is there again. Shells stay. */
  close(): void
} {
  const { window = WINDOW, pingMs = 15_000, shells = SHELLS } = options
  // Compression costs memory for each socket (websockets/ws#1202) and time for each key.
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: LARGEST })
  const relays = new Set<Relay>()
  let closed = false
  const timer = setInterval(() => {
    for (const relay of relays) relay.ping()
  }, pingMs).unref()

  return {
    upgrade(request, socket, head, context) {
      if (closed) return void socket.destroy()
      server.handleUpgrade(request, socket, head, ws => {
        if ('setNoDelay' in socket) (socket as import('node:net').Socket).setNoDelay(true)
        const relay = new Relay(ws, socket, context)
        relays.add(relay)
        ws.on('close', () => relays.delete(relay))
        void relay.start(readWish(request.url ?? '/'), { window, shell: shells[context.machine] })
      })
    },
    close() {
      closed = true
      clearInterval(timer)
      for (const relay of relays) relay.close()
    },
  }
}
