/** The blocklist as a whole: what it hears, what it says, where it is asked. */
import type { AttackKind } from '../api.ts'
import { Correspondents } from './correspondents.ts'
import { Requests } from './delist.ts'
import type { Inspector } from './inspect.ts'
import { type Blocklist, openBlocklist, type Surroundings } from './list.ts'
import { sighting, type Told } from './sighting.ts'
import { openWeb } from './web.ts'

export interface Watch {
  list: Blocklist
  requests: Requests
  /** A provider's decision. Never throws. */
  witness(told: Told): void
  /** Somebody at a provider wrote to a domain: its bounces to them are honest. */
  wrote(person: string, domain: string): void
}

export async function openWatch(
  state: string,
  surroundings: Surroundings & {
    inspector: Inspector
    /** Of which kind of attack a message is; null if of none. */
    attack(source: string): AttackKind | null
  },
): Promise<Watch> {
  const { owner, inspector, attack } = surroundings
  const list = await openBlocklist(`${state}/blocklist.json`, surroundings)
  const requests = new Requests(list, inspector)
  const correspondents = new Correspondents()
  const known = {
    attack,
    wrote: (person: string, address: string) => correspondents.has(person, owner(address) ?? ''),
  }
  await openWeb({ list, requests, owner })
  return {
    list,
    requests,
    witness(told) {
      try {
        list.saw(sighting(told, known))
      } catch (error) {
        console.error('blocklist:', error)
      }
    },
    // Hosts are of their domain, and all domains here have two labels.
    wrote: (person, domain) => correspondents.wrote(person, domain.split('.').slice(-2).join('.')),
  }
}
