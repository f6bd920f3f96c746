/**
 * One page's socket on one attachment to the machine's holder. It keeps nothing that matters: who loses either side
 * comes back with the numbers of the last bytes it had, and goes on.
 */
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { LabError } from '../../../containers/types.ts'
import type { TerminalServer } from '../../protocol.ts'
import { type ErrorCode, say } from '../errors.ts'
import type { TerminalContext } from '../terminal.ts'
import { encode, FrameReader, LONGEST_INPUT, type Sink } from './frames.ts'
import { ATTACH, LOCALES, type Shell } from './shells.ts'
import { readMessage, type Wish } from './wish.ts'

/** A page that wants nothing more gets a moment in which what it last said reaches the machine. */
const FAREWELL_MS = 5000
const ANSWER_MS = 15_000
/** The holder sends at most a window; only a forged one sends more than this. */
const MOST_UNSENT = 1024 * 1024
const ACTIVITY_MS = 200

/** RFC 6455 leaves 4000 and up to applications. After both the page comes back, after AGAIN at once. */
const ENDED = 4000
const AGAIN = 4001

export class Relay implements Sink {
  readonly #ws: WebSocket
  readonly #socket: Duplex
  readonly #context: TerminalContext
  #pipe: Duplex | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #state: 'starting' | 'open' | 'over' = 'starting'
  #output: Buffer[] = []
  #lastActivity = 0
  #alive = true

  constructor(ws: WebSocket, socket: Duplex, context: TerminalContext) {
    this.#ws = ws
    this.#socket = socket
    this.#context = context
    ws.on('message', (data: Buffer, binary: boolean) => this.#receive(data, binary))
    ws.on('pong', () => {
      this.#alive = true
    })
    ws.on('close', () => this.#leave())
    // A frame too large or malformed: ws closes the socket with the right code by itself.
    ws.on('error', () => {})
  }

  /** Opens the terminal that the page wishes; null is a wish that no page of ours makes. Never rejects. */
  async start(wish: Wish | null, how: { window: number; shell: Shell }): Promise<void> {
    const context = this.#context
    if (!wish) return this.#refuse('bad-request')
    const lab = context.lab()
    if (!lab) return this.#refuse('lab-closed')
    this.#ws.pause()
    this.#timer = setTimeout(() => this.#refuse('slow'), ANSWER_MS)
    try {
      const pipe = await context.labs.attach(lab, context.machine, ATTACH)
      pipe.on('error', () => pipe.destroy())
      if (this.#state === 'over') return void pipe.destroy()
      this.#pipe = pipe
      this.#join(pipe)
    } catch (error) {
      context.onGone?.()
      return this.#refuse(error instanceof LabError ? error.code : 'our-fault')
    }
    this.#write(
      encode.open({
        terminal: String(context.terminal),
        ...wish,
        ...how.shell,
        window: how.window,
        lang: LOCALES[context.lang],
        readOnly: false,
      }),
    )
    this.#ws.resume()
  }

  close(): void {
    this.#ws.close(AGAIN)
  }

  /** Asks whether the page is still there, and lets go of one that was silent since the last time. */
  ping() {
    if (!this.#alive) return this.#ws.terminate()
    this.#alive = false
    this.#ws.ping()
  }

  #join(pipe: Duplex): void {
    const reader = new FrameReader(this)
    pipe.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk)
      } catch {
        this.#refuse('no-holder')
        // Whoever talks like this is not waited for.
        pipe.destroy()
      }
    })
    pipe.on('end', () => pipe.destroy())
    pipe.on('close', () => {
      if (this.#state === 'starting') {
        this.#context.onGone?.()
        this.#refuse('no-holder')
      } else if (this.#state === 'open') this.#end(AGAIN)
    })
  }

  // From the page

  #receive(data: Buffer, binary: boolean) {
    this.#alive = true
    if (this.#state === 'over') return
    if (binary) {
      if (data.length < 8 || data.length > 8 + LONGEST_INPUT) return this.#refuse('bad-message')
      const number = data.readBigUInt64BE()
      if (number > BigInt(Number.MAX_SAFE_INTEGER)) return this.#refuse('bad-message')
      this.#write(encode.input(Number(number), data.subarray(8)))
      return this.#active('input')
    }
    const message = data.length <= 1024 ? readMessage(data.toString()) : null
    if (!message) return this.#refuse('bad-message')
    if (message.type === 'ack') this.#write(encode.ack(message.seq))
    else if (message.type === 'resize') this.#write(encode.resize(message.cols, message.rows))
    else this.#write(encode.close())
  }

  #write(bytes: Buffer): void {
    const pipe = this.#pipe
    if (!pipe || pipe.destroyed || pipe.write(bytes)) return
    this.#ws.pause()
    pipe.once('drain', () => this.#ws.resume())
  }

  #active(what: 'input' | 'output'): void {
    const now = performance.now()
    if (what === 'output' && now - this.#lastActivity < ACTIVITY_MS) return
    this.#lastActivity = now
    this.#context.onActivity?.(what)
  }

  // From the machine

  at(at: Parameters<Sink['at']>[0]): void {
    clearTimeout(this.#timer)
    this.#state = 'open'
    this.#tell({ type: 'at', ...at })
  }

  data(bytes: Buffer): void {
    if (this.#state !== 'open') return
    // The engine cuts output into pieces of some kilobytes. All that one read of its socket brought goes to the page
    // as one message, without waiting for more.
    if (this.#output.push(bytes) === 1) queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    const pieces = this.#output
    if (pieces.length === 0 || this.#state !== 'open') return
    this.#output = []
    this.#ws.send(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces), { binary: true })
    this.#active('output')
    if (this.#ws.bufferedAmount > MOST_UNSENT && this.#pipe) {
      const pipe = this.#pipe.pause()
      this.#socket.once('drain', () => pipe.resume())
    }
  }

  got(seq: number): void {
    this.#tell({ type: 'got', seq })
  }

  size(cols: number, rows: number): void {
    this.#tell({ type: 'size', cols, rows })
  }

  exit(code: number): void {
    this.#tell({ type: 'exit', code })
    this.#end(ENDED)
  }

  refused(word: string): void {
    this.#refuse(word === 'full' ? 'too-many-terminals' : word === 'spawn' ? 'no-shell' : 'no-holder')
  }

  // The end

  #tell(message: TerminalServer): void {
    // Words about output come after it.
    this.#flush()
    if (this.#state !== 'over') this.#ws.send(JSON.stringify(message))
  }

  #refuse(code: ErrorCode): void {
    this.#tell({ type: 'refused', code, message: say(code, this.#context.lang) })
    this.#end(ENDED)
  }

  #end(code: number): void {
    this.#leave()
    this.#ws.resume()
    this.#ws.close(code)
  }

  #leave(): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    clearTimeout(this.#timer)
    const pipe = this.#pipe
    if (!pipe) return
    // The end of our input makes the holder let go; what comes until then is of no interest.
    pipe.end()
    pipe.resume()
    const late = setTimeout(() => pipe.destroy(), FAREWELL_MS).unref()
    pipe.once('close', () => clearTimeout(late))
  }
}
