/** Tells who watches whose names have changed, by whatever way: the registrar's table, or `nsupdate`. */
import { Readable } from 'node:stream'
import type { NameChange } from './api.ts'
import { read, serials } from './knot.ts'
import { REVERSE_ZONES, reverseName } from './zones.ts'

/** Seen within a second, whatever the machine is doing besides. */
const PACE_MS = 300
/** A watcher that reads no more is let go at this many lines behind. */
const BEHIND = 1000

/** A domain and the addresses whose reverse names are its owner's. */
export interface Holding {
  domain: string
  addresses: readonly string[]
}

export class NameChanges {
  readonly #holdings: () => Holding[]
  readonly #watchers = new Set<Readable>()
  #serials = new Map<string, string>()
  /** PTR lines of each reverse zone. */
  #pointers = new Map<string, Set<string>>()
  /** While somebody follows. */
  #begun: Promise<void> | null = null

  constructor(holdings: () => Holding[]) {
    this.#holdings = holdings
  }

  /**
   * A line of JSON for each change from now on: what changes are measured against is read before this resolves. The name
   * server is looked at only while somebody follows.
   */
  async follow(): Promise<Readable> {
    const watcher = new Readable({
      objectMode: true,
      read() {},
      destroy: (error, done) => {
        this.#watchers.delete(watcher)
        done(error)
      },
    })
    this.#watchers.add(watcher)
    this.#begun ??= this.#compare(true).then(() => this.#next())
    try {
      await this.#begun
    } catch (error) {
      this.#begun = null
      watcher.destroy()
      throw error
    }
    return watcher
  }

  tell(domain: string): void {
    const change: NameChange = { domain }
    for (const watcher of this.#watchers) {
      if (watcher.readableLength > BEHIND) watcher.destroy()
      else watcher.push(`${JSON.stringify(change)}\n`)
    }
  }

  #next(): void {
    if (this.#watchers.size === 0) {
      this.#begun = null
      return
    }
    setTimeout(() => {
      this.#compare(false)
        .catch(error => console.error('names could not be watched:', error))
        .finally(() => this.#next())
    }, PACE_MS)
  }

  async #compare(first: boolean): Promise<void> {
    const before = this.#serials
    this.#serials = await serials()
    const changed = [...this.#serials].filter(([origin, serial]) => before.get(origin) !== serial)
    const domains = new Set(changed.map(([origin]) => origin.slice(0, -1)))
    const owners = new Map<string, string>()
    for (const { domain, addresses } of this.#holdings())
      for (const address of addresses) owners.set(reverseName(address), domain)
    const touched = new Set(this.#holdings().flatMap(({ domain }) => (domains.has(domain) ? [domain] : [])))
    for (const origin of REVERSE_ZONES) {
      if (!changed.some(([name]) => name === origin)) continue
      const old = this.#pointers.get(origin) ?? new Set()
      const lines = (await read(origin)).split('\n').filter(line => /^\S+\s+\d+\s+PTR\s/.test(line))
      const now = new Set(lines)
      this.#pointers.set(origin, now)
      for (const line of [...now, ...old]) {
        if (now.has(line) && old.has(line)) continue
        const owner = owners.get(line.split(/\s/, 1)[0] ?? '')
        if (owner !== undefined) touched.add(owner)
      }
    }
    if (!first) for (const domain of touched) this.tell(domain)
  }
}
