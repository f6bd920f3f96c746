/** What a provider remembers of senders. In memory: a restart forgives everybody. Bounded: whoever was silent longest goes. */

const MOST = 10_000
const DAY_MS = 24 * 3600_000

/** A map that forgets the entry that was touched longest ago. */
class Recent<V> {
  readonly #map = new Map<string, V>()

  get(key: string): V | undefined {
    const value = this.#map.get(key)
    if (value !== undefined) this.set(key, value)
    return value
  }

  set(key: string, value: V): void {
    this.#map.delete(key)
    this.#map.set(key, value)
    if (this.#map.size > MOST) this.#map.delete(this.#map.keys().next().value as string)
  }

  delete(key: string): void {
    this.#map.delete(key)
  }
}

export class Counters {
  readonly #connections = new Map<string, number>()
  readonly #sent = new Recent<number[]>()
  readonly #first = new Recent<number>()
  readonly #known = new Recent<number>()
  readonly #asked = new Recent<number>()
  readonly #bulk = new Recent<{ since: number; count: number }>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** How many connections the address has now, this one among them. Each needs its `disconnected`. */
  connected(address: string): number {
    const count = (this.#connections.get(address) ?? 0) + 1
    this.#connections.set(address, count)
    return count
  }

  disconnected(address: string): void {
    const count = (this.#connections.get(address) ?? 1) - 1
    if (count > 0) this.#connections.set(address, count)
    else this.#connections.delete(address)
  }

  /** Counts a message unless `most` of this address have begun within the last second. */
  tooFast(address: string, most: number): boolean {
    const now = this.#now()
    const recent = (this.#sent.get(address) ?? []).filter(at => at > now - 1000)
    if (recent.length >= most) return true
    this.#sent.set(address, [...recent, now])
    return false
  }

  /** Whether a triplet has to come again; an address that came again once is known for a day. */
  greylisted(address: string, from: string, to: string, seconds: number): boolean {
    const now = this.#now()
    const known = this.#known.get(address)
    if (known !== undefined && known > now - DAY_MS) return false
    const key = `${address} ${from} ${to}`.toLowerCase()
    const first = this.#first.get(key)
    if (first === undefined || first < now - DAY_MS) {
      this.#first.set(key, now)
      return true
    }
    if (now - first < seconds * 1000) return true
    this.#known.set(address, now)
    return false
  }

  /** A domain that is given up: its next owner has sent nothing yet. */
  forget(domain: string): void {
    this.#bulk.delete(domain)
  }

  /** Whether the recipient was written to for the first time less than so many seconds ago. */
  early(to: string, seconds: number): boolean {
    const now = this.#now()
    const first = this.#asked.get(to.toLowerCase())
    if (first === undefined) this.#asked.set(to.toLowerCase(), now)
    return now - (first ?? now) < seconds * 1000
  }

  /** Counts recipients of a domain's mail; gives the number of the last 24 hours. */
  bulk(domain: string, recipients: number): number {
    const now = this.#now()
    const before = this.#bulk.get(domain)
    const entry = before && before.since > now - DAY_MS ? before : { since: now, count: 0 }
    entry.count += recipients
    this.#bulk.set(domain, entry)
    return entry.count
  }
}
