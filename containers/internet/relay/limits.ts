/** What one participant may send through the gateway: recipients an hour, small as the lab. */

export const RECIPIENTS_PER_HOUR = 200
const HOUR_MS = 3600_000

export class HourlyLimit {
  readonly #sent = new Map<string, { at: number; count: number }[]>()
  readonly #most: number
  readonly #now: () => number

  constructor(most = RECIPIENTS_PER_HOUR, now: () => number = Date.now) {
    this.#most = most
    this.#now = now
  }

  /** Whether so many more recipients would be too many; if so, in how many minutes there is room. */
  waitFor(domain: string, more: number): number {
    const recent = this.#recent(domain)
    const count = recent.reduce((sum, one) => sum + one.count, 0)
    if (count + more <= this.#most) return 0
    const [first] = recent
    return first ? Math.max(1, Math.ceil((first.at + HOUR_MS - this.#now()) / 60_000)) : 60
  }

  count(domain: string, recipients: number): void {
    this.#sent.set(domain, [...this.#recent(domain), { at: this.#now(), count: recipients }])
  }

  #recent(domain: string) {
    return (this.#sent.get(domain) ?? []).filter(({ at }) => at > this.#now() - HOUR_MS)
  }
}
