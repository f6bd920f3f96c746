/** Who wrote to which domain: a bounce to somebody who did is honest. In memory, bounded; the oldest go. */

const MOST = 20_000

export class Correspondents {
  readonly #pairs = new Set<string>()

  wrote(person: string, domain: string): void {
    const pair = `${person} ${domain}`.toLowerCase()
    this.#pairs.delete(pair)
    this.#pairs.add(pair)
    const [oldest] = this.#pairs
    if (this.#pairs.size > MOST && oldest !== undefined) this.#pairs.delete(oldest)
  }

  has(person: string, domain: string): boolean {
    return this.#pairs.has(`${person} ${domain}`.toLowerCase())
  }
}
