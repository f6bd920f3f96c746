/**
 * Lines of text from a peer that may be hostile. Reading happens on demand only, so a flood stays in the peer's
 * window; a line has a limit, so an endless one ends the session instead of our memory.
 */
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { type Awaited, closed, protocol, type Target } from './faults.ts'

/** RFC 5321 4.5.3.1.5 and RFC 3501 servers stay far below; some put long banners. */
const LINE_MAX = 4096

export class Lines {
  #duplex: Duplex
  #rest: Buffer = Buffer.alloc(0)
  #over = false
  #cause: unknown
  readonly #target: Target

  constructor(duplex: Duplex, target: Target) {
    this.#duplex = duplex
    this.#target = target
    this.#follow(duplex)
  }

  get duplex(): Duplex {
    return this.#duplex
  }

  /** Whether the peer has sent something that nobody asked for yet. */
  get pending(): boolean {
    this.#take()
    return this.#rest.length > 0
  }

  /** The next line without its line end. Rejects with `closed` or `protocol`; waits for ever: see `within`. */
  async next(awaited: Awaited): Promise<string> {
    for (;;) {
      this.#take()
      const end = this.#rest.indexOf(10)
      if (end > LINE_MAX || (end < 0 && this.#rest.length > LINE_MAX)) throw this.#tooLong()
      if (end >= 0) {
        const line = this.#rest.subarray(0, this.#rest[end - 1] === 13 ? end - 1 : end).toString()
        this.#rest = this.#rest.subarray(end + 1)
        return line
      }
      if (this.#over) throw closed(this.#target, awaited, this.#cause)
      await this.#more()
    }
  }

  write(data: string | Uint8Array): void {
    if (!this.#over) this.#duplex.write(data)
  }

  /** Goes on over another stream (TLS over this one). What came before it in clear text is forgotten. */
  replace(duplex: Duplex): void {
    this.#rest = Buffer.alloc(0)
    this.#over = false
    this.#cause = undefined
    this.#duplex = duplex
    this.#follow(duplex)
  }

  #follow(duplex: Duplex): void {
    const over = (cause?: unknown) => {
      if (this.#duplex !== duplex) return
      this.#over = true
      this.#cause ??= cause
    }
    duplex.on('error', over)
    duplex.once('end', () => over())
    duplex.once('close', () => over())
  }

  #take(): void {
    while (this.#rest.length <= LINE_MAX) {
      const chunk = this.#duplex.read() as Buffer | null
      if (chunk === null) return
      this.#rest = this.#rest.length ? Buffer.concat([this.#rest, chunk]) : chunk
    }
  }

  async #more(): Promise<void> {
    const stop = new AbortController()
    const heard = (name: string) => once(this.#duplex, name, { signal: stop.signal }).catch(() => {})
    await Promise.race(['readable', 'end', 'close', 'error'].map(heard))
    stop.abort()
  }

  #tooLong() {
    return protocol(this.#target, {
      en: `A line longer than ${LINE_MAX} bytes came on port ${this.#target.port}.`,
      fr: `Une ligne de plus de ${LINE_MAX} octets est arrivée sur le port ${this.#target.port}.`,
    })
  }
}
