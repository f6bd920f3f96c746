/**
 * Progress on stderr, so that stdout holds only what the next program may read. One line a step, `what … 12 s`: in
 * place on a terminal, several side by side; elsewhere a plain line at the end of a step, and one every five seconds
 * before that.
 */
import { createInterface } from 'node:readline/promises'
import { stripVTControlCharacters } from 'node:util'
import type { Progress } from '../../containers/types.ts'

export interface Output {
  write(text: string): unknown
  isTTY?: boolean | undefined
  columns?: number | undefined
}

interface Running {
  name: string
  detail: string
  start: number
  said: number
}

const BEAT_MS = 5000

export class Report {
  readonly #out: Output
  readonly #running: Running[] = []
  #drawn = 0
  #timer: NodeJS.Timeout | undefined
  #asking = false

  constructor(out: Output = process.stderr) {
    this.#out = out
  }

  /** Runs a step and shows it. `work` may tell what it is at; its error is shown as a failed step and thrown on. */
  async step<T>(name: string, work: (progress: Progress) => Promise<T>): Promise<T> {
    const now = Date.now()
    const step: Running = { name, detail: '', start: now, said: now }
    this.#running.push(step)
    this.#timer ??= setInterval(() => this.#beat(), this.#out.isTTY ? 200 : 500)
    this.#draw()
    try {
      const result = await work(what => {
        step.detail = what
      })
      this.#end(step, '')
      return result
    } catch (error) {
      this.#end(step, ' failed')
      throw error
    }
  }

  /** A line that stays. */
  line(text: string): void {
    this.#erase()
    this.#out.write(`${text}\n`)
    this.#draw()
  }

  /** Asks on the terminal; undefined where nobody is there to answer. */
  get ask(): ((question: string) => Promise<boolean>) | undefined {
    if (!process.stdin.isTTY || !this.#out.isTTY) return undefined
    return async question => {
      this.#erase()
      this.#asking = true
      const prompt = createInterface({ input: process.stdin, output: process.stderr })
      // The prompt takes Ctrl-C and Ctrl-D for itself: the first must end the program, the second is no consent.
      prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
      const left = new Promise<string>(resolve => prompt.once('close', () => resolve('no')))
      try {
        const answer = await Promise.race([prompt.question(`${question} [Y/n] `), left])
        return /^(y|yes|o|oui)?$/i.test(answer.trim())
      } finally {
        prompt.close()
        this.#asking = false
      }
    }
  }

  #end(step: Running, how: string) {
    this.#running.splice(this.#running.indexOf(step), 1)
    this.line(`${step.name} …${how} ${seconds(step)} s`)
    if (this.#running.length > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #beat() {
    if (this.#out.isTTY) {
      this.#erase()
      this.#draw()
      return
    }
    const now = Date.now()
    for (const step of this.#running)
      if (now - step.said >= BEAT_MS) {
        step.said = now
        this.#out.write(`${text(step)}\n`)
      }
  }

  #erase() {
    if (this.#drawn > 0) this.#out.write(`\x1b[${this.#drawn}A\x1b[J`)
    this.#drawn = 0
  }

  #draw() {
    if (!this.#out.isTTY || this.#asking || this.#drawn > 0) return
    // A line that wraps would be two to erase.
    const width = (this.#out.columns || 80) - 1
    for (const step of this.#running) this.#out.write(`${text(step).slice(0, width)}\n`)
    this.#drawn = this.#running.length
  }
}

const seconds = (step: Running): number => Math.round((Date.now() - step.start) / 1000)
const text = (step: Running): string =>
  `${step.name} … ${seconds(step)} s${step.detail ? `  ${plain(step.detail)}` : ''}`
/** A build's output may hold what moves the cursor. */
const plain = (detail: string): string =>
  stripVTControlCharacters(detail)
    .replace(/\p{Cc}/gu, '')
    .slice(0, 160)
