/** How often each address was seen at what, of late. In memory, bounded: whoever was silent longest is forgotten. */
import { EVIDENCE_AT_MOST, type Evidence } from './api.ts'
import type { Rule } from './rules.ts'

const MOST = 500

interface Count {
  address: string
  times: number[]
  evidence: Evidence[]
}

export class Counts {
  readonly #counts = new Map<string, Count>()

  /** Counts a sighting; gives the evidence when it is enough for this rule. */
  add(address: string, { cause, from, seconds }: Rule, seen: Evidence): Evidence[] | null {
    const key = `${address} ${cause}`
    const since = seen.at - seconds * 1000
    const before = this.#counts.get(key)
    const times = [...(before?.times ?? []).filter(at => at > since), seen.at]
    const evidence = [...(before?.evidence ?? []).filter(({ at }) => at > since), seen].slice(
      -EVIDENCE_AT_MOST,
    )
    this.#counts.delete(key)
    if (times.length >= from) return evidence
    this.#counts.set(key, { address, times, evidence })
    const [oldest] = this.#counts.keys()
    if (this.#counts.size > MOST && oldest !== undefined) this.#counts.delete(oldest)
    return null
  }

  forget(whose: (address: string) => boolean): void {
    for (const [key, { address }] of this.#counts) if (whose(address)) this.#counts.delete(key)
  }
}
