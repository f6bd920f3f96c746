/** Whose names change in one event: one stream from the internet container for all pages that look, while any does. */
import type { Labs } from '../../../containers/types.ts'

export class EventNames {
  readonly #labs: Pick<Labs, 'followNames'>
  readonly #event: string
  readonly #watchers = new Map<() => void, string>()
  #stop: (() => void) | null = null

  constructor(labs: Pick<Labs, 'followNames'>, event: string) {
    this.#labs = labs
    this.#event = event
  }

  /** Calls back at each change of the domain's names, and when changes may have been missed. Gives the end of it. */
  watch(domain: string, changed: () => void): () => void {
    this.#watchers.set(changed, domain)
    this.#stop ??= this.#labs.followNames(
      this.#event,
      () => this.#tell(null),
      change => this.#tell(change.domain),
    )
    return () => {
      this.#watchers.delete(changed)
      if (this.#watchers.size > 0) return
      this.#stop?.()
      this.#stop = null
    }
  }

  #tell(domain: string | null): void {
    for (const [changed, own] of this.#watchers) if (domain === null || domain === own) changed()
  }
}
