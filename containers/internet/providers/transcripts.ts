/** The SMTP dialogues of a server, from its own log: `C: ` and `S: ` lines by connection, and when. Bounded. */

const MOST_LINES = 200
const LONGEST = 500

interface Line {
  text: string
  at: number
}

export class Transcripts {
  readonly #lines = new Map<string, Line[]>()

  /** For `SMTPServer`'s option `logger`: what is no dialogue is left out. */
  readonly logger = (() => {
    const silent = () => {}
    const debug = (about: { tnx?: string; cid?: string }, side: string, text: string) => {
      if ((about.tnx === 'send' || about.tnx === 'command') && about.cid)
        this.add(about.cid, `${side} ${text}`)
    }
    return { level: silent, trace: silent, debug, info: silent, warn: silent, error: silent, fatal: silent }
  })()

  add(id: string, said: string): void {
    const lines = this.#lines.get(id) ?? []
    this.#lines.set(id, lines)
    const at = Date.now()
    if (lines.length < MOST_LINES)
      lines.push(
        ...said
          .slice(0, LONGEST)
          .split(/\r?\n/)
          .map(text => ({ text, at })),
      )
  }

  /** So far; `more` is what is about to be said. */
  of(id: string, more: string): string {
    return [...(this.#lines.get(id) ?? []).map(({ text }) => text), more].join('\n')
  }

  /** For each `C: ` line, how many milliseconds after the server's last word it came. */
  pace(id: string): number[] {
    let last = 0
    return (this.#lines.get(id) ?? []).flatMap(({ text, at }) => {
      if (text.startsWith('C:')) return [at - last]
      last = at
      return []
    })
  }

  forget(id: string): void {
    this.#lines.delete(id)
  }
}
