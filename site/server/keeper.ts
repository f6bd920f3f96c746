/**
 * Keeps one participant's lab as they want it: opens it, brings it up again when the engine comes back, says what
 * goes on in the meantime, and never gives up while it is wanted. What is built from other steps' solutions is the
 * exception: that can fail for good, and is then left for its participant to decide.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { ReplayError, stepsBefore } from '../../checker/replay.ts'
import { startOf } from '../../checker/start.ts'
import type { Step } from '../../checker/steps.ts'
import { type KeptLab, type Lab, LabError, type Labs, type Who } from '../../containers/types.ts'
import type { KeptServer } from '../protocol.ts'
import { catchUp } from './catch-up.ts'
import type { ErrorCode } from './errors.ts'
import type { Places } from './places.ts'
import { type Failure, type KeptState, Servers, type ServersListener } from './servers.ts'

type Work = (progress: (what: string) => void) => Promise<KeptState>

const RETRY_MS = [500, 1000, 2000, 4000, 8000]

export class Keeper {
  readonly #servers: Servers
  readonly #steps: Map<string, Step>
  readonly #listeners = new Set<(state: KeptState) => void>()
  #state: KeptState = { state: 'closed' }
  /** One job at a time: opening, resetting and closing follow each other. */
  #job: Promise<void> = Promise.resolve()
  /** Ends what is being built, or waits to be. */
  #stop: AbortController | null = null
  #ended = false

  constructor(options: {
    labs: Labs
    who: Who
    steps: Map<string, Step>
    places: Places
    listener: ServersListener
  }) {
    this.#steps = options.steps
    this.#servers = new Servers(options.labs, options.who, options.places, options.listener, id => {
      const step = this.#steps.get(id)
      return step && startOf(step)
    })
  }

  get state(): KeptState {
    return this.#state
  }

  get lab(): Lab | null {
    return this.#state.state === 'open' ? this.#state.lab : null
  }

  get kept(): KeptServer[] {
    return this.#servers.kept
  }

  onChange(listener: (state: KeptState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Opens a lab at the step's start, or brings up the one that is there. */
  open(step: Step): Promise<void> {
    const { labs, who } = this.#servers
    if (this.#isBuilt(step)) return this.#buildOnce(step, false, true)
    return this.#run(async progress => this.#servers.opened(await labs.open(who, startOf(step), progress)))
  }

  /** A new lab at the step's start, and the one that is there removed or kept. */
  reset(step: Step, keep: boolean): Promise<void> {
    const { labs, who } = this.#servers
    if (keep || this.#isBuilt(step)) return this.#buildOnce(step, keep, false)
    return this.#run(async progress => {
      const before = await labs.find(who)
      const lab = await labs.reset(who, startOf(step), progress)
      if (before) this.#servers.gone(before.seed)
      return this.#servers.opened(lab)
    })
  }

  /** Puts the step's start on the lab that is there, unless it is there already. */
  advance(step: Step): Promise<void> {
    const { labs, places, listener } = this.#servers
    return this.#then(async () => {
      const { lab } = this
      if (!lab || this.#servers.has(lab, step)) return
      try {
        await labs.advance(lab, startOf(step))
        places.reach(lab.seed, step.id, false)
        this.#set(this.#servers.opened(lab))
      } catch (error) {
        this.#report(error)
        listener.refused(codeOf(error))
      }
    })
  }

  /** Gives up what is being built. */
  cancel(): void {
    this.#stop?.abort(new Error('given up'))
  }

  /** Opens a lab that is kept, and keeps the one that is there unless it is unfinished. */
  return(at: number): Promise<void> {
    return this.#then(async () => {
      const wanted = this.#servers.keptAt(at)
      if (!wanted) return this.#servers.listener.refused('not-kept')
      await this.#untilDone(progress => this.#servers.goTo(wanted, progress))
    })
  }

  close(): Promise<void> {
    return this.#run(() => this.#servers.close())
  }

  /**
   * Looks what is there on the engine, and brings up what is there but stopped; after `before`, which clears up what is
   * half made: a lab that is being opened is half made too, and waits for it.
   */
  refresh(before: () => Promise<void> = async () => {}): Promise<void> {
    return this.#run(async () => {
      await before()
      return this.#servers.look()
    })
  }

  /** The engine went away: what was open is not reachable until it is back. */
  lost(): void {
    if (['open', 'closed', 'unfinished'].includes(this.#state.state))
      this.#set({ state: 'trouble', code: 'unreachable', since: Date.now() })
  }

  end(): void {
    this.#ended = true
    this.#listeners.clear()
  }

  #isBuilt(step: Step): boolean {
    return this.#state.state === 'unfinished' || stepsBefore(step, this.#steps).length > 0
  }

  /** Who presses twice, or in two windows, means one. */
  #buildOnce(step: Step, keep: boolean, unlessThere: boolean): Promise<void> {
    if (this.#stop) return this.#job
    const stop = new AbortController()
    this.#stop = stop
    return this.#then(async () => {
      try {
        if (!unlessThere || !this.lab) await this.#build(step, keep, stop)
      } finally {
        this.#stop = null
      }
    })
  }

  async #build(step: Step, keep: boolean, stop: AbortController): Promise<void> {
    const { labs, who, places, listener } = this.#servers
    let home: KeptLab | null = null
    let built = false
    let ending = Promise.resolve()
    stop.signal.addEventListener('abort', () => {
      // A script can run for minutes; without its machine it ends at once.
      if (built) ending = labs.close(who).catch(() => {})
    })
    try {
      const found = await labs.find(who)
      const whole = found !== null && !places.begun()
      places.begin(step.id, whole ? found.seed : '')
      const makeRoom = async () => {
        if (found) home = await this.#servers.makeRoom(found, keep && whole)
      }
      const lab = await catchUp(
        { labs, who, step, before: stepsBefore(step, this.#steps), places },
        {
          signal: stop.signal,
          tell: building => this.#set({ state: 'building', ...building }),
          makeRoom: found && makeRoom,
          onLab: () => {
            built = true
          },
          onAnswers: (one, of, answers) => listener.answers(one, of, answers),
        },
      )
      this.#servers.end()
      this.#set(this.#servers.opened(lab))
    } catch (error) {
      this.#report(error)
      const gaveUp = stop.signal.aborted
      // Its machines have the names that those of the one to return to will get.
      await ending
      await this.#untilDone(progress =>
        gaveUp ? this.#servers.giveUp(home, progress) : this.#servers.look(failureOf(error)),
      )
    }
  }

  #then(work: () => Promise<void>): Promise<void> {
    this.#job = this.#job.then(work).catch(error => this.#report(error))
    return this.#job
  }

  #run(work: Work): Promise<void> {
    return this.#then(() => this.#untilDone(work))
  }

  async #untilDone(work: Work): Promise<void> {
    const since = Date.now()
    for (let attempt = 0; !this.#ended; attempt++) {
      try {
        const state = await work(what => {
          if (this.#state.state !== 'trouble') this.#set({ state: 'opening', what, since })
        })
        await this.#servers.list()
        this.#set(state)
        return
      } catch (error) {
        this.#report(error)
        this.#set({ state: 'trouble', code: codeOf(error), since })
        await sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)])
      }
    }
  }

  #report(error: unknown): void {
    const { participant } = this.#servers.who
    console.error(`lab of ${participant}: ${error instanceof Error ? error.message : error}`)
  }

  #set(state: KeptState): void {
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }
}

const codeOf = (error: unknown): ErrorCode => (error instanceof LabError ? error.code : 'our-fault')

const failureOf = (error: unknown): Failure =>
  error instanceof ReplayError ? { step: error.step, output: error.output } : { code: codeOf(error) }
