/** The SMTP dialogues of a server, from its own log: `C: ` and `S: ` lines by connection. Bounded. */

const MOST_LINES = 200
const LONGEST = 500

export class Transcripts {
  readonly #lines = new Map<string, string[]>()

  /** For `SMTPServer`'s option `logger`: what is no dialogue is left out. */
  readonly logger = (() => {
    const silent = () => {}
    const debug = (about: { tnx?: string; cid?: string }, side: string, text: string) => {
      if ((about.tnx === 'send' || about.tnx === 'command') && about.cid)
        this.#add(about.cid, `${side} ${text}`)
    }
    return { level: silent, trace: silent, debug, info: silent, warn: silent, error: silent, fatal: silent }
  })()

  #add(id: string, line: string): void {
    const lines = this.#lines.get(id) ?? []
    this.#lines.set(id, lines)
    if (lines.length < MOST_LINES) lines.push(...line.slice(0, LONGEST).split(/\r?\n/))
  }

  /** So far; `more` is what is about to be said. */
  of(id: string, more: string): string {
    return [...(this.#lines.get(id) ?? []), more].join('\n')
  }

  forget(id: string): void {
    this.#lines.delete(id)
  }
}
