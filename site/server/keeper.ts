/**
 * Keeps one participant's lab as they want it: opens it, brings it up again when the engine comes back, says what
 * goes on in the meantime, and never gives up while it is wanted.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { startOf } from '../../checker/start.ts'
import type { Step } from '../../checker/steps.ts'
import { type Lab, LabError, type Labs, type Who } from '../../containers/types.ts'
import type { ErrorCode } from './errors.ts'

/** The state of a lab without words: they are put in when it is sent, in the reader's language. */
export type KeptState =
  | { state: 'closed' }
  | { state: 'opening'; what: string; since: number }
  | { state: 'open'; lab: Lab }
  | { state: 'trouble'; code: ErrorCode; since: number }

const RETRY_MS = [500, 1000, 2000, 4000, 8000]

export class Keeper {
  readonly #labs: Labs
  readonly #who: Who
  readonly #listeners = new Set<(state: KeptState) => void>()
  #state: KeptState = { state: 'closed' }
  /** One job at a time: opening, resetting and closing follow each other. */
  #job: Promise<void> = Promise.resolve()
  #ended = false

  constructor(labs: Labs, who: Who) {
    this.#labs = labs
    this.#who = who
  }

  get state(): KeptState {
    return this.#state
  }

  get lab(): Lab | null {
    return this.#state.state === 'open' ? this.#state.lab : null
  }

  onChange(listener: (state: KeptState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  open(step: Step): Promise<void> {
    return this.#run(progress => this.#labs.open(this.#who, startOf(step), progress))
  }

  reset(step: Step): Promise<void> {
    return this.#run(progress => this.#labs.reset(this.#who, startOf(step), progress))
  }

  close(): Promise<void> {
    return this.#run(async () => {
      await this.#labs.close(this.#who)
      return null
    })
  }

  /**
   * Looks what is there on the engine, and brings up what is there but stopped; after `before`, which clears up what is
   * half made: a lab that is being opened is half made too, and waits for it.
   */
  refresh(before: () => Promise<void> = async () => {}): Promise<void> {
    return this.#run(async () => {
      await before()
      const found = await this.#labs.find(this.#who)
      if (!found || found.running) return found
      return this.#labs.open(this.#who, { step: found.step, files: () => [] })
    })
  }

  /** The engine went away: what was open is not reachable until it is back. */
  lost(): void {
    if (this.#state.state === 'open' || this.#state.state === 'closed')
      this.#set({ state: 'trouble', code: 'unreachable', since: Date.now() })
  }

  end(): void {
    this.#ended = true
    this.#listeners.clear()
  }

  #run(work: (progress: (what: string) => void) => Promise<Lab | null>): Promise<void> {
    this.#job = this.#job.then(() => this.#untilDone(work))
    return this.#job
  }

  async #untilDone(work: (progress: (what: string) => void) => Promise<Lab | null>): Promise<void> {
    const since = Date.now()
    for (let attempt = 0; !this.#ended; attempt++) {
      try {
        const lab = await work(what => {
          if (this.#state.state !== 'trouble') this.#set({ state: 'opening', what, since })
        })
        this.#set(lab ? { state: 'open', lab } : { state: 'closed' })
        return
      } catch (error) {
        const code: ErrorCode = error instanceof LabError ? error.code : 'our-fault'
        console.error(`lab of ${this.#who.participant}: ${error instanceof Error ? error.message : error}`)
        this.#set({ state: 'trouble', code, since })
        await sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)])
      }
    }
  }

  #set(state: KeptState): void {
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }
}
