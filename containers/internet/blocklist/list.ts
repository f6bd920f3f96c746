/** The list itself: what is seen comes in, addresses go on it and off it, and everything of weight is on disk. */
import { randomBytes } from 'node:crypto'
import { Refused } from '../control.ts'
import { canonical } from '../env.ts'
import {
  type BlocklistEvent,
  type BlocklistState,
  EVIDENCE_AT_MOST,
  type Evidence,
  type Inspection,
  LISTING_CAUSES,
  type Listing,
  type ListingCause,
} from './api.ts'
import { type Entry, openBook } from './book.ts'
import { Counts } from './counts.ts'
import { RULES } from './rules.ts'
import type { Sighting } from './sighting.ts'

const DIALOGUE = 1000
const HISTORY = 20
/** What a predecessor did, it did the day before yesterday. */
const INHERITED_MS = 2 * 24 * 3600_000

export interface Surroundings {
  /** Whose an address is: a participant's domain, `pourriel.test`; null for those who are never listed, or nobody. */
  owner(address: string): string | null
  /** Makes the zone say what the list says. */
  publish(): Promise<unknown>
}

export interface Blocklist {
  saw(sighting: Sighting): void
  /** What a predecessor did. */
  list(address: string, cause: ListingCause): Promise<BlocklistState>
  unlist(address: string): Promise<BlocklistState>
  /** With the lab go its listings, and what was counted against its addresses. */
  forget(domain: string): Promise<void>
  state(address: string): BlocklistState
  log(): BlocklistEvent[]
  /** All that is listed. */
  listings(): Listing[]
  /** The entry of a listed address; 404 otherwise. */
  entry(address: string): Entry
  refused(entry: Entry, inspections: Inspection[]): void
  grant(entry: Entry): Promise<void>
}

/** `file`: where listings and their log are kept. */
export async function openBlocklist(file: string, { owner, publish }: Surroundings): Promise<Blocklist> {
  const book = await openBook(file)
  const counts = new Counts()
  const { entries } = book

  function known(text: string): { address: string; domain: string } {
    const address = canonical(text)
    const domain = owner(address)
    if (domain === null) throw new Refused(404, `${text.slice(0, 60)} is no address that could be listed`)
    return { address, domain }
  }

  function add(
    address: string,
    domain: string,
    cause: ListingCause,
    evidence: Evidence[],
    inherited: boolean,
  ) {
    const now = Date.now()
    const listing: Listing = {
      ...{ address, domain, cause, reason: RULES[cause].reason, since: now, inherited, evidence },
      lastSeen: evidence.at(-1)?.at ?? now,
    }
    entries.set(address, { listing, token: randomBytes(6).toString('hex'), refusals: 0, notBefore: 0 })
    book.note({ at: now, address, domain, what: 'listed', text: listing.reason })
    return publish()
  }

  async function remove({ listing: { address, domain } }: Entry, what: 'delisted' | 'removed') {
    const text =
      what === 'delisted'
        ? {
            en: 'Delisted on request: the cause is mended.',
            fr: 'Retirée sur demande : la cause est réparée.',
          }
        : { en: 'Taken off the list.', fr: 'Retirée de la liste.' }
    entries.delete(address)
    counts.forget(one => one === address)
    book.note({ at: Date.now(), address, domain, what, text })
    await publish()
  }

  function stateOf(text: string): BlocklistState {
    const { address } = known(text)
    const listing = entries.get(address)?.listing ?? null
    return {
      ...{ address, listed: listing !== null, listing },
      history: book.log.filter(one => one.address === address).slice(0, HISTORY),
      page: `http://blocklist.test/${address}`,
    }
  }

  return {
    saw(sighting) {
      const address = canonical(sighting.address)
      const domain = owner(address)
      if (domain === null) return
      for (const cause of LISTING_CAUSES) {
        const rule = RULES[cause]
        if (!rule.matches(sighting)) continue
        const seen: Evidence = {
          at: Date.now(),
          to: sighting.to[0] ?? sighting.provider,
          what: rule.what(sighting),
          dialogue: sighting.transcript.slice(-DIALOGUE),
        }
        const entry = entries.get(address)
        if (entry === undefined) {
          const enough = counts.add(address, rule, seen)
          if (enough)
            add(address, domain, cause, enough, false).catch(error => console.error('blocklist:', error))
        } else if (cause === entry.listing.cause || rule.from <= 3) {
          // Of what many honest servers do now and then, one more case is no reason to keep an address.
          entry.listing.lastSeen = seen.at
          entry.listing.evidence.push(seen)
          if (entry.listing.evidence.length > EVIDENCE_AT_MOST) entry.listing.evidence.splice(3, 1)
          book.save()
        }
      }
    },

    async list(text, cause) {
      const { address, domain } = known(text)
      if (!entries.has(address)) {
        const evidence = {
          at: Date.now() - INHERITED_MS,
          to: 'blocklist.test',
          what: RULES[cause].inherited,
          dialogue: '',
        }
        await add(address, domain, cause, [evidence], true)
      }
      return stateOf(address)
    },

    async unlist(text) {
      const { address } = known(text)
      const entry = entries.get(address)
      if (entry) await remove(entry, 'removed')
      return stateOf(address)
    },

    async forget(domain) {
      for (const entry of [...entries.values()])
        if (entry.listing.domain === domain) await remove(entry, 'removed')
      counts.forget(address => owner(address) === null)
      book.forget(domain)
    },

    state: stateOf,
    log: () => book.log,
    listings: () => [...entries.values()].map(({ listing }) => listing),

    entry(text) {
      const { address } = known(text)
      const found = entries.get(address)
      if (found === undefined) throw new Refused(404, `${address} is not listed`)
      return found
    },

    refused({ listing: { address, domain } }, inspections) {
      const [why] = inspections.filter(({ ok }) => !ok)
      const text = why?.saw ?? { en: 'Refused.', fr: 'Refusé.' }
      book.note({ at: Date.now(), address, domain, what: 'asked', text })
    },

    grant: entry => remove(entry, 'delisted'),
  }
}
