import type { Labs } from '../containers/types.ts'
import type { Scenario } from './proofs.ts'
import type { Solved } from './solved.ts'

/** The step whose solution a scenario begins from: its own, the one that its step follows, or none. */
export const baseOf = ({ step, script }: Scenario): string | undefined =>
  script.after === 'solution' && script.kind !== 'solution' ? step.id : step.lab.follows

/** Solved labs, one a step; those who need one wait for it. What can't be had is a sentence that says why. */
export class Snapshots {
  readonly #labs: Labs
  readonly #made: ReadonlySet<string>
  readonly #solved = new Map<string, PromiseWithResolvers<Solved | string>>()
  readonly #settled = new Set<string>()

  constructor(labs: Labs, scenarios: readonly Scenario[]) {
    this.#labs = labs
    this.#made = new Set(scenarios.filter(({ script }) => script.kind === 'solution').map(s => s.step.id))
    for (const scenario of scenarios) {
      const base = baseOf(scenario)
      if (base) this.#solved.set(base, Promise.withResolvers())
    }
    for (const base of this.#solved.keys())
      if (!this.#made.has(base)) this.settle(base, `${base} has no solution.sh to begin from`)
  }

  /** Whether somebody begins from this step's solution. */
  wanted(step: string): boolean {
    return this.#solved.has(step)
  }

  settle(step: string, solved: Solved | string): void {
    this.#settled.add(step)
    this.#solved.get(step)?.resolve(solved)
  }

  /** Whether a scenario could begin now. */
  ready(scenario: Scenario): boolean {
    const base = baseOf(scenario)
    return base === undefined || this.#settled.has(base)
  }

  /** What a scenario begins from; undefined if from nothing. */
  async of(scenario: Scenario): Promise<Solved | string | undefined> {
    return this.#solved.get(baseOf(scenario) ?? '')?.promise
  }

  /** Removes the images. What was not made by now will not be. */
  async drop(): Promise<void> {
    for (const { resolve } of this.#solved.values()) resolve('the run has ended')
    const all = await Promise.all([...this.#solved.values()].map(({ promise }) => promise))
    const images = all.flatMap(solved => (typeof solved === 'string' ? [] : [solved.image]))
    await Promise.allSettled(images.map(image => this.#labs.dropSnapshot(image)))
  }
}
