/** What a provider counts until its next report. In memory, and bounded: whoever was silent longest goes. */
import type { Provider } from '../providers/provider.ts'

const DOMAINS = 1000
/** Kinds of rows of one domain: a flood from ever new senders is no reason to forget the others. */
const ROWS = 500

/** Rows by provider and domain, each counted. */
export class Tally<Row extends object> {
  readonly #all = new Map<string, { since: number; rows: Map<string, { row: Row; count: number }> }>()

  add(provider: Provider, domain: string, row: Row): void {
    const key = `${provider.name} ${domain}`
    const entry = this.#all.get(key) ?? { since: Date.now(), rows: new Map() }
    this.#all.delete(key)
    this.#all.set(key, entry)
    const same = JSON.stringify(row)
    const counted = entry.rows.get(same)
    if (counted) counted.count++
    else if (entry.rows.size < ROWS) entry.rows.set(same, { row, count: 1 })
    const [oldest] = this.#all.keys()
    if (this.#all.size > DOMAINS && oldest !== undefined) this.#all.delete(oldest)
  }

  /** All since the last time, the most frequent first; null if there is nothing. */
  take(provider: Provider, domain: string): { since: number; rows: { row: Row; count: number }[] } | null {
    const key = `${provider.name} ${domain}`
    const entry = this.#all.get(key)
    this.#all.delete(key)
    return entry
      ? { since: entry.since, rows: [...entry.rows.values()].sort((a, b) => b.count - a.count) }
      : null
  }

  forget(domain: string): void {
    for (const key of this.#all.keys()) if (key.endsWith(` ${domain}`)) this.#all.delete(key)
  }
}
