/** Requests for delisting: granted when the cause is gone, refused with what was seen, and slower each time. */
import type { DelistAnswer, Inspection } from './api.ts'
import type { Entry } from './book.ts'
import { type Inspector, inspect } from './inspect.ts'
import type { Blocklist } from './list.ts'

/** How long an address must have behaved: days elsewhere. */
export const QUIET_MS = 30_000
const FIRST_WAIT_S = 5
const LONGEST_WAIT_S = 120

export class Requests {
  readonly #list: Blocklist
  readonly #quietMs: number
  readonly #inspector: Inspector
  /** Who asks while we still look hears what we found. */
  readonly #looking = new Map<string, Promise<DelistAnswer>>()

  constructor(list: Blocklist, inspector: Inspector, quietMs = QUIET_MS) {
    this.#list = list
    this.#quietMs = quietMs
    this.#inspector = inspector
  }

  /** Rejects with 404 for an address that is not listed. */
  async ask(address: string): Promise<DelistAnswer> {
    const entry = this.#list.entry(address)
    const key = entry.listing.address
    const running = this.#looking.get(key)
    if (running) return running
    const answer = this.#answer(entry).finally(() => this.#looking.delete(key))
    this.#looking.set(key, answer)
    return answer
  }

  async #answer(entry: Entry): Promise<DelistAnswer> {
    const { listing } = entry
    const now = Date.now()
    if (now < entry.notBefore) {
      const waitSeconds = Math.ceil((entry.notBefore - now) / 1000)
      return {
        granted: false,
        why: {
          en: `You asked a moment ago. Mend the cause first, and ask again in ${waitSeconds} s. ${listing.reason.en}`,
          fr: `Vous venez de demander. Réparez d’abord la cause, et redemandez dans ${waitSeconds} s. ${listing.reason.fr}`,
        },
        inspections: [],
        waitSeconds,
      }
    }
    const quiet = quietOf(entry, now, this.#quietMs)
    const inspections = [quiet, ...(quiet.ok ? await inspect(listing, entry.token, this.#inspector) : [])]
    if (inspections.every(({ ok }) => ok)) {
      await this.#list.grant(entry)
      return {
        granted: true,
        why: {
          en: 'Delisted. The cause is gone; keep it so.',
          fr: 'Adresse retirée de la liste. La cause a disparu ; veillez à ce que cela dure.',
        },
        inspections,
        waitSeconds: 0,
      }
    }
    const wait = Math.min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** entry.refusals)
    const left = Math.ceil((listing.lastSeen + this.#quietMs - now) / 1000)
    const waitSeconds = quiet.ok ? wait : Math.max(wait, left)
    entry.refusals++
    entry.notBefore = Date.now() + waitSeconds * 1000
    this.#list.refused(entry, inspections)
    const failed = inspections.filter(({ ok }) => !ok)
    const told = (lang: 'en' | 'fr') => failed.map(({ saw }) => saw[lang]).join(' ')
    return {
      granted: false,
      why: {
        en: `Not delisted. ${listing.reason.en} ${told('en')}`,
        fr: `L’adresse reste sur la liste. ${listing.reason.fr} ${told('fr')}`,
      },
      inspections,
      waitSeconds,
    }
  }
}

function quietOf({ listing }: Entry, now: number, quietMs: number): Inspection {
  const seconds = Math.floor((now - listing.lastSeen) / 1000)
  const ok = now - listing.lastSeen >= quietMs
  const last = listing.evidence.at(-1)
  const saw = ok
    ? { en: 'Nothing bad was seen of it lately.', fr: 'Rien de mal n’a été vu d’elle ces derniers temps.' }
    : {
        en: `Only ${seconds} s ago it misbehaved; ${quietMs / 1000} s of quiet are wanted. ${last?.what.en ?? ''}`.trim(),
        fr: `Il y a ${seconds} s à peine, elle se comportait mal ; il faut ${quietMs / 1000} s de calme. ${last?.what.fr ?? ''}`.trim(),
      }
  return { what: 'quiet', ok, saw, dialogue: ok ? '' : (last?.dialogue ?? '') }
}
