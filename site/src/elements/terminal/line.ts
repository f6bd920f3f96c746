/**
 * The page's end of a terminal: one shell, over as many sockets as it takes. It knows the number of the next output
 * byte and keeps the input that has not arrived, so a reload of the server or a lost network costs neither.
 */
import type { TerminalClient, TerminalServer } from '../../../protocol.ts'

export type At = Extract<TerminalServer, { type: 'at' }>

/** `waiting`: the server or the machine is not there; tried again at `retryAt` (milliseconds since the epoch). */
export type LineState =
  | { state: 'connecting' }
  | { state: 'open' }
  | { state: 'waiting'; retryAt: number; message: string | null }
  | { state: 'ended'; code: number }
  | { state: 'closed' }

export interface LineEvents {
  /** Output goes on at `at.seq`. `anew`: it doesn't follow what was shown, so the screen is to be emptied. */
  at(at: At, anew: boolean): void
  data(bytes: Uint8Array): void
  size(cols: number, rows: number): void
  state(state: LineState): void
}

export interface LineOptions {
  /** `wss://…/api/terminals/MACHINE/N`, without a query. */
  url: string
  lang: string
  size(): { cols: number; rows: number }
  /** The shell that this page, before a reload, had here. */
  shell: string
  events: LineEvents
}

const FIRST_RETRY_MS = 200
const LONGEST_RETRY_MS = 5000
/** Site/protocol.ts: none more than this beyond the last `got`. */
const INPUT_WINDOW = 32_768
/** A page that pastes more than this into a program that does not read has made a mistake. */
const MOST_INPUT = 4 * 1024 * 1024
/** The server's window is 128 KiB; an answer each quarter of it keeps the output flowing. */
const ACK_EVERY = 32_768
const ACK_LATEST_MS = 200
/** A network that went away without a word: what was sent gets no answer. */
const SILENCE_MS = 5000

export class Line {
  readonly #options: LineOptions
  readonly #writer = Array.from(crypto.getRandomValues(new Uint8Array(9)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
  #socket: WebSocket | undefined
  #state: LineState = { state: 'closed' }
  #shell: string
  #seq = 0
  #delay = FIRST_RETRY_MS
  #retry: ReturnType<typeof setTimeout> | undefined
  /** The server has said where we are: input may be sent. */
  #joined = false
  #closing = false

  /** Input from byte number `#got` on; up to `#sent` it is under way. */
  #input = new Uint8Array(0)
  #got = 0
  #sent = 0
  #silence: ReturnType<typeof setTimeout> | undefined

  #shown = 0
  #acked = 0
  #ackTimer: ReturnType<typeof setTimeout> | undefined

  constructor(options: LineOptions) {
    this.#options = options
    this.#shell = options.shell
  }

  get state(): LineState {
    return this.#state
  }

  get shell(): string {
    return this.#shell
  }

  connect(): void {
    clearTimeout(this.#retry)
    this.#closing = false
    this.#drop()
    this.#set({ state: 'connecting' })
    const { cols, rows } = this.#options.size()
    const query = new URLSearchParams({
      from: String(this.#seq),
      shell: this.#shell,
      writer: this.#writer,
      cols: String(cols),
      rows: String(rows),
      lang: this.#options.lang,
    })
    const socket = new WebSocket(`${this.#options.url}?${query}`)
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    socket.addEventListener('message', event => {
      if (this.#socket !== socket) return
      this.#heard()
      if (typeof event.data === 'string') this.#receive(JSON.parse(event.data) as TerminalServer)
      else {
        const bytes = new Uint8Array(event.data as ArrayBuffer)
        this.#seq += bytes.length
        this.#options.events.data(bytes)
      }
    })
    socket.addEventListener('close', () => {
      if (this.#socket === socket) this.#lost(null)
    })
    // A connection that opens into nothing gives no event for minutes.
    this.#listenFor()
  }

  /** Tries at once; a line that seems open is asked whether it is. */
  hurry(): void {
    if (this.#state.state === 'waiting') this.connect()
    else if (this.#state.state === 'open') {
      const { cols, rows } = this.#options.size()
      this.resize(cols, rows)
      this.#listenFor()
    }
  }

  /** Starts another shell in place of one that has ended. */
  anew(): void {
    this.#shell = ''
    this.#seq = 0
    this.connect()
  }

  /** False when there is too much waiting already. */
  type(bytes: Uint8Array): boolean {
    if (this.#input.length + bytes.length > MOST_INPUT) return false
    const input = new Uint8Array(this.#input.length + bytes.length)
    input.set(this.#input)
    input.set(bytes, this.#input.length)
    this.#input = input
    this.#flush()
    return true
  }

  /** Output up to byte number `seq` is on the screen. */
  shown(seq: number): void {
    this.#shown = Math.max(seq, this.#shown)
    if (seq - this.#acked >= ACK_EVERY) this.#ack()
    else this.#ackTimer ??= setTimeout(() => this.#ack(), ACK_LATEST_MS)
  }

  resize(cols: number, rows: number): void {
    this.#send({ type: 'resize', cols, rows })
  }

  /** Ends the shell and all that it started; resolves when it is known to have ended, or after three seconds. */
  async close(): Promise<void> {
    this.#closing = true
    if (this.#joined) {
      const socket = this.#socket
      this.#send({ type: 'close' })
      await new Promise(done => {
        socket?.addEventListener('close', done)
        setTimeout(done, 3000)
      })
    }
    this.leave()
  }

  /** Lets go of the line; the shell stays. */
  leave(): void {
    clearTimeout(this.#retry)
    this.#drop()
    this.#set({ state: 'closed' })
  }

  #receive(message: TerminalServer): void {
    if (message.type === 'at') this.#join(message)
    else if (message.type === 'got') this.#arrived(message.seq)
    else if (message.type === 'size') this.#options.events.size(message.cols, message.rows)
    else if (message.type === 'refused') this.#lost(message.message)
    else if (message.type === 'exit') {
      this.#drop()
      this.#set(this.#closing ? { state: 'closed' } : { state: 'ended', code: message.code })
    }
  }

  #join(at: At): void {
    const same = at.shell === this.#shell
    const anew = !same || at.seq !== this.#seq
    // What was typed to a shell that is gone must not run, half of it, in another.
    if (!same && this.#shell) this.#forgetInput()
    this.#shell = at.shell
    this.#seq = at.seq
    this.#shown = this.#acked = at.seq
    this.#delay = FIRST_RETRY_MS
    this.#joined = true
    this.#sent = this.#got
    this.#options.events.at(at, anew)
    this.#set({ state: 'open' })
    this.#flush()
  }

  #forgetInput(): void {
    this.#got += this.#input.length
    this.#sent = this.#got
    this.#input = new Uint8Array(0)
  }

  #arrived(seq: number): void {
    // A shell that does not know this writer says 0.
    if (seq <= this.#got || seq > this.#got + this.#input.length) return
    this.#input = this.#input.slice(seq - this.#got)
    this.#got = seq
    this.#sent = Math.max(this.#sent, seq)
    this.#flush()
  }

  #flush(): void {
    if (!this.#joined || this.#socket?.readyState !== WebSocket.OPEN) return
    const end = Math.min(this.#got + this.#input.length, this.#got + INPUT_WINDOW)
    if (end <= this.#sent) return
    const bytes = this.#input.subarray(this.#sent - this.#got, end - this.#got)
    const frame = new Uint8Array(8 + bytes.length)
    new DataView(frame.buffer).setBigUint64(0, BigInt(this.#sent))
    frame.set(bytes, 8)
    this.#socket.send(frame)
    this.#sent = end
    this.#listenFor()
  }

  #ack(): void {
    clearTimeout(this.#ackTimer)
    this.#ackTimer = undefined
    if (this.#shown <= this.#acked) return
    this.#acked = this.#shown
    this.#send({ type: 'ack', seq: this.#acked })
  }

  #send(message: TerminalClient): void {
    if (this.#joined && this.#socket?.readyState === WebSocket.OPEN)
      this.#socket.send(JSON.stringify(message))
  }

  #listenFor(): void {
    this.#silence ??= setTimeout(() => {
      this.#silence = undefined
      if (this.#socket) this.#lost(null)
    }, SILENCE_MS)
  }

  #heard(): void {
    clearTimeout(this.#silence)
    this.#silence = undefined
  }

  #lost(message: string | null): void {
    const delay = this.#delay
    this.#delay = Math.min(delay * 2, LONGEST_RETRY_MS)
    this.#drop()
    if (this.#closing) {
      this.#set({ state: 'closed' })
      return
    }
    this.#retry = setTimeout(() => this.connect(), delay)
    this.#set({ state: 'waiting', retryAt: Date.now() + delay, message })
  }

  /** Without waiting for the other side's word of farewell: on a dead network it would take minutes. */
  #drop(): void {
    this.#heard()
    clearTimeout(this.#ackTimer)
    this.#ackTimer = undefined
    this.#joined = false
    const socket = this.#socket
    this.#socket = undefined
    socket?.close()
  }

  #set(state: LineState): void {
    this.#state = state
    this.#options.events.state(state)
  }
}
