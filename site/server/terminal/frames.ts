/**
 * Frames on the pipe between the server and the holder in a machine (containers/terminal/holding/frames.py has the
 * whole description). The machine's root is the learner, who may put anything in the holder's place: every length
 * and number that comes from there is checked, and what is not as described throws `BadFrame`.
 */

export const VERSION = 1
const OPEN = 1
const INPUT = 2
const ACK = 3
const RESIZE = 4
const CLOSE = 5
const AT = 65
const DATA = 66
const GOT = 67
const SIZE = 68
const EXIT = 69
const REFUSED = 70

const HEAD = 5
/** The part of OPEN before its texts. */
const OPENING = 18
/** No honest control frame comes near it; DATA is passed on piece by piece and has no limit of its own. */
const LONGEST_CONTROL = 4096
/** The most input bytes in one frame. */
export const LONGEST_INPUT = 32_768

export class BadFrame extends Error {
  override readonly name = 'BadFrame'
}

export interface Opening {
  terminal: string
  /** The shell that the viewer saw last, or empty. */
  shell: string
  from: number
  /** The most output bytes under way. */
  window: number
  cols: number
  rows: number
  /** Names one page's input; bytes with a number that was seen are dropped. */
  writer: string
  user: string
  lang: string
  argv: string[]
  readOnly: boolean
}

function frame(type: number, size: number): Buffer {
  const bytes = Buffer.alloc(HEAD + size)
  bytes[0] = type
  bytes.writeUInt32BE(size, 1)
  return bytes
}

function numbered(type: number, number: number, size: number): Buffer {
  const bytes = frame(type, 8 + size)
  bytes.writeBigUInt64BE(BigInt(number), HEAD)
  return bytes
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const size = Buffer.alloc(2)
  size.writeUInt16BE(bytes.length)
  return Buffer.concat([size, bytes])
}

export const encode = {
  open(o: Opening): Buffer {
    const texts = Buffer.concat([o.terminal, o.shell, o.writer, o.user, o.lang, ...o.argv].map(text))
    const whole = frame(OPEN, OPENING + texts.length)
    whole[HEAD] = VERSION
    whole[HEAD + 1] = o.readOnly ? 1 : 0
    whole.writeBigUInt64BE(BigInt(o.from), HEAD + 2)
    whole.writeUInt32BE(o.window, HEAD + 10)
    whole.writeUInt16BE(o.cols, HEAD + 14)
    whole.writeUInt16BE(o.rows, HEAD + 16)
    whole.set(texts, HEAD + OPENING)
    return whole
  },
  input(number: number, bytes: Uint8Array): Buffer {
    const whole = numbered(INPUT, number, bytes.length)
    whole.set(bytes, HEAD + 8)
    return whole
  },
  ack: (seq: number): Buffer => numbered(ACK, seq, 0),
  resize(cols: number, rows: number): Buffer {
    const whole = frame(RESIZE, 4)
    whole.writeUInt16BE(cols, HEAD)
    whole.writeUInt16BE(rows, HEAD + 2)
    return whole
  },
  close: (): Buffer => frame(CLOSE, 0),
}

export type Fresh = 'new' | 'machine-restarted' | 'shell-ended' | 'replay-gap' | null
const FRESH: readonly Fresh[] = [null, 'new', 'machine-restarted', 'shell-ended', 'replay-gap']

/** What the holder says, in the order in which it said it. */
export interface Sink {
  at(at: { seq: number; shown: number; fresh: Fresh; shell: string; modes: string }): void
  /** A piece of output; the buffer is only valid during the call unless it is kept whole. */
  data(bytes: Buffer): void
  got(seq: number): void
  size(cols: number, rows: number): void
  exit(code: number): void
  refused(word: string): void
}

/** Reads the holder's side of a pipe from chunks of any size. */
export class FrameReader {
  readonly #sink: Sink
  #rest: Buffer = Buffer.alloc(0)
  /** Bytes of the current DATA frame that are still to come. */
  #data = 0

  constructor(sink: Sink) {
    this.#sink = sink
  }

  /** Throws BadFrame; the pipe is then of no more use. */
  push(chunk: Buffer): void {
    let bytes = this.#rest.length ? Buffer.concat([this.#rest, chunk]) : chunk
    while (bytes.length > 0) {
      if (this.#data > 0) {
        const piece = bytes.subarray(0, this.#data)
        this.#data -= piece.length
        bytes = bytes.subarray(piece.length)
        this.#sink.data(piece)
        continue
      }
      if (bytes.length < HEAD) break
      const type = bytes[0] as number
      const size = bytes.readUInt32BE(1)
      if (type === DATA) {
        this.#data = size
        bytes = bytes.subarray(HEAD)
        continue
      }
      if (type < AT || type > REFUSED || size > LONGEST_CONTROL)
        throw new BadFrame(`type ${type}, ${size} bytes`)
      if (bytes.length < HEAD + size) break
      this.#control(type, bytes.subarray(HEAD, HEAD + size))
      bytes = bytes.subarray(HEAD + size)
    }
    this.#rest = bytes.length ? Buffer.from(bytes) : Buffer.alloc(0)
  }

  #control(type: number, payload: Buffer): void {
    const sink = this.#sink
    if (type === AT) {
      const fresh = FRESH[byte(payload, 16)]
      if (fresh === undefined) throw new BadFrame('fresh')
      const [shell = '', modes = ''] = texts(payload, 17)
      if (!/^[\w.]{1,64}$/.test(shell)) throw new BadFrame('shell')
      // These are written to the page's terminal as they are: nothing but setting of modes may hide in them.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
      if (!/^(\x1b\[\?\d{1,4}[hl]){0,32}$/.test(modes)) throw new BadFrame('modes')
      sink.at({ seq: u64(payload, 0), shown: u64(payload, 8), fresh, shell, modes })
    } else if (type === GOT) sink.got(u64(payload, 0))
    else if (type === SIZE) sink.size(u16(payload, 0), u16(payload, 2))
    else if (type === EXIT) sink.exit(u16(payload, 0))
    else sink.refused(texts(payload, 0)[0] ?? '')
  }
}

function need(payload: Buffer, end: number): void {
  if (payload.length < end) throw new BadFrame('too short')
}

function byte(payload: Buffer, at: number): number {
  need(payload, at + 1)
  return payload[at] as number
}

function u16(payload: Buffer, at: number): number {
  need(payload, at + 2)
  return payload.readUInt16BE(at)
}

function u64(payload: Buffer, at: number): number {
  need(payload, at + 8)
  const number = payload.readBigUInt64BE(at)
  if (number > BigInt(Number.MAX_SAFE_INTEGER)) throw new BadFrame('number')
  return Number(number)
}

function texts(payload: Buffer, start: number): string[] {
  const found: string[] = []
  for (let at = start; at < payload.length; ) {
    const size = u16(payload, at)
    need(payload, at + 2 + size)
    found.push(payload.toString('utf8', at + 2, at + 2 + size))
    at += 2 + size
  }
  return found
}
