/**
 * Who plays which part among the fifty, from the seed: who has a second address, who shares whose mail, and whose
 * passwords will be stolen. Nobody has two parts, so that no task gets in another one's way.
 */
import type { LabFacts } from '../../../checker/step.ts'
import { accountsOf, type Person } from './accounts.ts'

export interface Cast {
  /** Everybody whose password stays as the list has it. */
  honest: Person[]
  /** Whose passwords the rehearsal's thieves have, one a rehearsal. */
  stolen: Person[]
  /** A second address of one person. */
  role: { address: string; person: Person }
  /** One address for three people. */
  group: { address: string; people: Person[] }
  /** On leave: their mail stays, and goes to `reader` too. */
  shares: Person
  /** Reads the mail of `shares`; has a copy of everything sent to a provider. */
  reader: Person
  outside: string
}

const ROLES = ['tresorerie', 'presse', 'adhesions', 'materiel', 'jardin']
const GROUPS = ['bureau', 'accueil', 'fanfare', 'cantine', 'atelier']
const STOLEN = 4

/** The same cast from the same seed. */
export function castOf(lab: Pick<LabFacts, 'random'>): Cast {
  const { people, twice, otherCase } = accountsOf(lab)
  const random = lab.random('cast')
  const pick = <T>(from: T[]): T => from.splice(Math.floor(random() * from.length), 1)[0] as T
  const free = people.filter(one => one !== twice && one !== otherCase && one.written === one.login)
  const stolen = Array.from({ length: STOLEN }, () => pick(free))
  const reader = pick(free)
  return {
    honest: people.filter(one => !stolen.includes(one)),
    stolen,
    role: { address: pick([...ROLES]), person: pick(free) },
    group: { address: pick([...GROUPS]), people: Array.from({ length: 3 }, () => pick(free)) },
    shares: pick(free),
    reader,
    outside: `${reader.login}.perso@grosmail.test`,
  }
}

/** The secretary's second list: `address;who gets it`, names without a domain are the association's. */
export function redirectionsCsv({ role, group, shares, reader, outside }: Cast): string {
  return [
    `${role.address};${role.person.login}`,
    `${group.address};${group.people.map(({ login }) => login).join(',')}`,
    `${shares.login};${shares.login},${reader.login}`,
    `${reader.login};${reader.login},${outside}`,
    '',
  ].join('\n')
}
