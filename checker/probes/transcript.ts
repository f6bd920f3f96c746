import { clean, TRANSCRIPT_MAX } from '../clean.ts'

const LINE_MAX = 300

/**
 * A dialogue as a learner reads it: `C: ` what the probe said, `S: ` what the server said. The beginning and the end are
 * kept when it grows too long, since the end tells what went wrong.
 */
export class Transcript {
  #lines: string[] = []
  #length = 0
  #left = 0

  add(side: 'C' | 'S', line: string): void {
    const shown = `${side}: ${clean(line, LINE_MAX)}`
    this.#lines.push(shown)
    this.#length += shown.length + 1
    while (this.#length > TRANSCRIPT_MAX - 40 && this.#lines.length > 12) {
      const [dropped] = this.#lines.splice(6, 1)
      this.#length -= (dropped?.length ?? 0) + 1
      this.#left += 1
    }
  }

  get text(): string {
    if (!this.#left) return this.#lines.join('\n')
    return [...this.#lines.slice(0, 6), `… (${this.#left})`, ...this.#lines.slice(6)].join('\n')
  }
}
