/**
 * The mail of one event, for all pages that look at it: one stream from the internet container however many they are,
 * and the words of learners' own logs beside it. Runs while somebody looks. A message between a learner and a provider
 * is told by the provider; of logs only what no provider has seen is shown (`say`).
 */
import { createHash } from 'node:crypto'
import type { Health, MailEvent } from '../../../containers/internet/api.ts'
import type { Labs } from '../../../containers/types.ts'
import type { MapHistory, MapMail, MapPlace } from '../../protocol.ts'
import { tidy } from './event.ts'
import { ELSEWHERE, Places } from './places.ts'
import type { Said } from './postfix-log.ts'

/** Messages kept, with their histories, for pages that come later and for clicks. */
const KEPT = 500
/** Told together: a hundred pages and twenty messages a second are a thousand frames, not two thousand. */
const BATCH_MS = 100
const REFRESH_MS = 1000

export interface Kept {
  mail: MapMail
  event: MailEvent
  /** The log's owner handed it over, and did not receive it. */
  outgoing: boolean
}

export interface Watcher {
  sees(kept: Kept): boolean
  places(places: MapPlace[]): void
  mail(mail: Kept[]): void
}

export class EventMail {
  readonly #labs: Pick<Labs, 'follow' | 'inhabitants' | 'internet'>
  readonly #event: string
  readonly #watchers = new Set<Watcher>()
  readonly #kept = new Map<string, Kept>()
  #places = new Places([], [], new Set())
  /** Places without a machine or service of their own that were heard of. */
  readonly #heard = new Map<string, MapPlace>()
  #pending: Kept[] = []
  #batch: NodeJS.Timeout | null = null
  #last = 0
  #stop: (() => void) | null = null
  #refreshing: Promise<void> | null = null
  #refreshed = 0

  constructor(labs: Pick<Labs, 'follow' | 'inhabitants' | 'internet'>, event: string) {
    this.#labs = labs
    this.#event = event
  }

  /** All that is kept and that the watcher may see, oldest first. */
  past(watcher: Watcher): Kept[] {
    const seen = [...this.#kept.values()].filter(kept => watcher.sees(kept))
    return seen.toSorted((a, b) => a.mail.at - b.mail.at)
  }

  /** Begins to tell the watcher; gives the function that ends it. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher)
    watcher.places(this.#all())
    const begin = () => {
      if (this.#watchers.size > 0)
        this.#stop ??= this.#labs.follow(this.#event, this.#last, event => this.#provider(event))
    }
    // Addresses mean nothing before it is known whose they are.
    void this.changed().then(begin)
    return () => {
      this.#watchers.delete(watcher)
      if (this.#watchers.size > 0) return
      this.#stop?.()
      this.#stop = null
    }
  }

  get(id: string): Kept | undefined {
    return this.#kept.get(id)
  }

  /** Somebody opened or closed a lab. Never rejects. */
  changed(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null
    })
    return this.#refreshing
  }

  /** What the log of `owner` (a domain) says, unless a provider tells it. */
  say(owner: string, line: string, said: Said): void {
    const peer = said.peer ?? said.recipient.slice(said.recipient.lastIndexOf('@') + 1)
    const other = said.way === 'stuck' && said.peer === null ? this.#places.of(owner) : this.#places.of(peer)
    // A provider that was reached, or that came, tells it itself; what got stuck behind its back it can't know.
    const told = other.kind === 'provider' || other.kind === 'spammer'
    if (told && said.peer !== null && said.way !== 'stuck') return
    // Checks and tools of the lab itself (the resolver's address) are nobody's mail.
    if (said.way === 'in' && other === ELSEWHERE) return
    const from = said.way === 'out' ? owner : other.id
    const to = said.way === 'out' ? other.id : owner
    const { at, fate, code, reply, size } = said
    const event = tidy({
      id: 0,
      at,
      from,
      to,
      envelope: { from: said.sender, to: [said.recipient] },
      size,
      fate,
      code,
      reply,
      tls: false,
      reasons: [],
      transcript: '',
    })
    if (!event) return
    // A log that is read again says nothing new.
    const id = `l${createHash('sha256').update(`${owner}\n${line}`).digest('base64url').slice(0, 16)}`
    const mail: MapMail = { id, at, from, to, fate, code, log: owner }
    this.#keep({ mail, event, outgoing: said.way === 'out' })
    this.#hear(other)
  }

  history({ mail, event }: Kept, lang: 'en' | 'fr', subject: boolean): MapHistory {
    const { envelope, size, reply, tls, authentication, reasons, transcript } = event
    return {
      ...mail,
      envelope,
      size,
      reply,
      tls,
      transcript,
      reasons: reasons.map(({ rule, text }) => ({ rule, text: text[lang] })),
      ...(authentication ? { authentication } : {}),
      ...(subject && event.subject !== undefined ? { subject: event.subject } : {}),
    }
  }

  end(): void {
    this.#stop?.()
    this.#stop = null
    this.#watchers.clear()
    if (this.#batch) clearTimeout(this.#batch)
  }

  #provider(raw: MailEvent): void {
    const event = tidy(raw)
    if (!event) return
    this.#last = event.id
    const [from, to] = [this.#places.of(event.from), this.#places.of(event.to)]
    // A newcomer's machine, perhaps.
    if (from === ELSEWHERE && Date.now() - this.#refreshed > REFRESH_MS) void this.changed()
    const { id, at, fate, code } = event
    const mail: MapMail = { id: `p${id}`, at, from: from.id, to: to.id, fate, code, log: null }
    this.#keep({ mail, event, outgoing: true })
    this.#hear(from)
    this.#hear(to)
  }

  #keep(kept: Kept): void {
    if (this.#kept.has(kept.mail.id)) return
    this.#kept.set(kept.mail.id, kept)
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value ?? '')
    this.#pending.push(kept)
    if (this.#pending.length > KEPT) this.#pending.shift()
    this.#batch ??= setTimeout(() => this.#flush(), BATCH_MS)
  }

  #flush(): void {
    this.#batch = null
    const all = this.#pending
    this.#pending = []
    for (const watcher of this.#watchers) {
      const seen = all.filter(kept => watcher.sees(kept))
      if (seen.length > 0) watcher.mail(seen)
    }
  }

  #all(): MapPlace[] {
    const known = this.#places.known
    return [...known, ...[...this.#heard.values()].filter(one => known.every(({ id }) => id !== one.id))]
  }

  #hear(place: MapPlace): void {
    if (this.#heard.has(place.id) || this.#places.known.some(({ id }) => id === place.id)) return
    this.#heard.set(place.id, place)
    this.#tell()
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher.places(this.#all())
  }

  async #refresh(): Promise<void> {
    this.#refreshed = Date.now()
    try {
      const [{ internet, labs }, { services }] = await Promise.all([
        this.#labs.inhabitants(this.#event),
        this.#labs.internet<Health>(this.#event, 'GET', '/health'),
      ])
      this.#places = new Places(internet, labs, new Set(Object.keys(services)))
      this.#tell()
    } catch (error) {
      console.error(`mail map: ${error instanceof Error ? error.message : error}`)
    }
  }
}
