/** One participant's servers: the one that is there, what it has come to, and those that are kept. */
import type { Answers } from '../../checker/play.ts'
import type { Step } from '../../checker/steps.ts'
import type { KeptLab, Lab, Labs, Start, Who } from '../../containers/types.ts'
import type { Building, KeptServer } from '../protocol.ts'
import type { ErrorCode } from './errors.ts'
import type { Places, Reached } from './places.ts'

/** Each of them takes room on the engine's disk. */
export const MOST_KEPT = 3

/** Why a server could not be built. */
export type Failure = { code: ErrorCode } | { step: string; output: string }

/** The state of a lab without words: they are put in when it is sent, in the reader's language. */
export type KeptState =
  | { state: 'closed' }
  | { state: 'opening'; what: string; since: number }
  | ({ state: 'building' } & Building)
  | { state: 'unfinished'; to: string; why: 'failed' | 'interrupted'; failure: Failure | null }
  | { state: 'open'; lab: Lab; reached: Reached[] }
  | { state: 'trouble'; code: ErrorCode; since: number }

/** What is told of them, besides their state. */
export interface ServersListener {
  /** A lab is gone for good. */
  gone(seed: string): void
  /** A solution that was played on a lab has answered a step's questions. */
  answers(step: Step, lab: Lab, answers: Answers): void
  /** What was wished could not be done, and all is as it was. */
  refused(code: ErrorCode): void
}

export class Servers {
  readonly labs: Labs
  readonly who: Who
  readonly places: Places
  readonly listener: ServersListener
  readonly #startOf: (step: string) => Start | undefined
  #kept: KeptLab[] = []
  /** Why the last building failed, while what it left is there. */
  #failure: Failure | null = null

  /** `start` gives the starting state of a step that there is. */
  constructor(
    labs: Labs,
    who: Who,
    places: Places,
    listener: ServersListener,
    start: (step: string) => Start | undefined,
  ) {
    this.#startOf = start
    this.labs = labs
    this.who = who
    this.places = places
    this.listener = listener
  }

  /** Newest first, as it was when something happened last. */
  get kept(): KeptServer[] {
    return this.#kept.map(lab => ({ at: lab.at, step: this.#reached(lab).at(-1)?.step ?? lab.step }))
  }

  keptAt(at: number): KeptLab | undefined {
    return this.#kept.find(lab => lab.at === at)
  }

  async list(): Promise<void> {
    this.#kept = await this.labs.kept(this.who)
  }

  opened(lab: Lab): KeptState {
    return { state: 'open', lab, reached: this.#reached(lab) }
  }

  has(lab: Lab, step: Step): boolean {
    return this.#reached(lab).some(one => one.step === step.id)
  }

  /** What is there now, brought up where it is stopped. `failure`: of a building that has just ended. */
  async look(failure: Failure | null = null): Promise<KeptState> {
    const found = await this.labs.find(this.who)
    const begun = this.places.begun()
    if (begun && found?.seed !== begun.seedBefore) {
      this.#failure = failure ?? this.#failure
      const why = this.#failure ? 'failed' : 'interrupted'
      return { state: 'unfinished', to: begun.step, why, failure: this.#failure }
    }
    // It had not come to anything yet: the lab of before is there.
    if (begun) this.end()
    if (begun && failure) this.listener.refused('code' in failure ? failure.code : 'our-fault')
    if (!found) return { state: 'closed' }
    if (found.running) return this.opened(found)
    return this.opened(await this.labs.open(this.who, { step: found.step, files: () => [] }))
  }

  /** Keeps the lab that is there, or removes it. */
  async makeRoom(lab: Lab, keep: boolean): Promise<KeptLab | null> {
    if (!keep) {
      await this.labs.close(this.who)
      this.gone(lab.seed)
      return null
    }
    const kept = await this.labs.keep(lab)
    for (const old of (await this.labs.kept(this.who)).slice(MOST_KEPT)) {
      await this.labs.dropKept(this.who, old.at)
      this.gone(old.seed)
    }
    await this.list()
    return kept
  }

  /** Opens a lab that is kept in the place of the one that is there; done once more, it changes nothing. */
  async goTo(wanted: KeptLab, progress: (what: string) => void): Promise<KeptState> {
    progress('machines')
    const found = await this.labs.find(this.who)
    if (found?.seed === wanted.seed) {
      this.end()
      return this.opened(await this.labs.open(this.who, { step: found.step, files: () => [] }, progress))
    }
    if (found) await this.makeRoom(found, !this.places.begun())
    const starts = this.#reached(wanted).flatMap(({ step }) => this.#startOf(step) ?? [])
    const lab = await this.labs.restore(this.who, wanted.at, progress, starts)
    this.end()
    return this.opened(lab)
  }

  /** What is being built is given up: `home` is what was kept for it. */
  async giveUp(home: KeptLab | null, progress: (what: string) => void): Promise<KeptState> {
    if (home) return this.goTo(home, progress)
    const found = await this.labs.find(this.who)
    if (found && found.seed === this.places.begun()?.seedBefore) return this.look()
    return this.close()
  }

  async close(): Promise<KeptState> {
    const found = await this.labs.find(this.who)
    await this.labs.close(this.who)
    if (found) this.gone(found.seed)
    this.end()
    return { state: 'closed' }
  }

  gone(seed: string): void {
    this.places.forget(seed)
    this.listener.gone(seed)
  }

  /** Nothing is being built any more, or unfinished. */
  end(): void {
    this.places.end()
    this.#failure = null
  }

  #reached(lab: Lab): Reached[] {
    const more = this.places.reached(lab.seed)
    const first = more.some(({ step }) => step === lab.step) ? [] : [{ step: lab.step, replayed: false }]
    return [...first, ...more]
  }
}
