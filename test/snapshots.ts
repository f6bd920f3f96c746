import type { Answers } from '../checker/play.ts'
import type { Step } from '../checker/steps.ts'
import type { Lab, Labs } from '../containers/types.ts'
import { listening } from './listening.ts'
import type { Scenario } from './proofs.ts'

export interface Solved {
  image: string
  /** What the disk holds was made from it, so the checks must reckon with it too. */
  seed: string
  ports: number[]
  /** What `solution.sh` answered to the tasks' questions. */
  answers: Answers
}

/** Disks of solved servers, one a step; those who need one wait for it. */
export class Snapshots {
  readonly #labs: Labs
  readonly #solved = new Map<string, PromiseWithResolvers<Solved | null>>()

  constructor(labs: Labs, queue: Scenario[]) {
    this.#labs = labs
    for (const { step } of queue) this.#solved.set(step.id, Promise.withResolvers())
    for (const { promise } of this.#solved.values()) promise.catch(() => {})
    const made = queue.filter(({ script }) => script.kind === 'solution').map(({ step }) => step.id)
    for (const [step, solved] of this.#solved) if (!made.includes(step)) solved.resolve(null)
  }

  async take(step: Step, lab: Lab, passed: boolean, answers: Answers): Promise<void> {
    if (!passed) return this.#solved.get(step.id)?.resolve(null)
    const ports = await listening(this.#labs, lab)
    const image = await this.#labs.snapshot(lab)
    this.#solved.get(step.id)?.resolve({ image, seed: lab.seed, ports, answers })
  }

  of(step: Step): Promise<Solved | null> {
    return this.#solved.get(step.id)?.promise ?? Promise.resolve(null)
  }

  giveUp(error: unknown): void {
    for (const { reject } of this.#solved.values()) reject(error)
  }

  async drop(): Promise<void> {
    const all = await Promise.allSettled([...this.#solved.values()].map(({ promise }) => promise))
    const images = all.flatMap(result =>
      result.status === 'fulfilled' && result.value ? [result.value] : [],
    )
    await Promise.allSettled(images.map(({ image }) => this.#labs.dropSnapshot(image)))
  }
}
