/**
 * The association's members as its secretary typed them: the file that the step puts on the server, and what
 * a right server makes of it. Pure, so that the starting state and the checks agree without telling each other.
 */
import type { LabFacts } from '../../../checker/step.ts'
import { FAMILY_NAMES, FIRST_NAMES } from './people.ts'

export interface Person {
  /** The Unix account that must exist: ASCII, lower case. */
  login: string
  /** The login as the file has it: `zoé`. */
  written: string
  /** First and family name, with their accents. */
  name: string
  password: string
}

export interface Accounts {
  /** The whole file: `login;name;password`, UTF-8, no heading line. */
  csv: string
  /** The fifty, each once, in the file's order. */
  people: Person[]
  /** Whose line is there twice, exactly. */
  twice: Person
  /** Who has a second line with the login in capitals. */
  otherCase: Person
  /** A system account that someone put on the list: its password and mailbox are not to be touched. */
  forbidden: { login: string; password: string }
}

/** The course's rule: accents off, lower case. Two logins that fold alike are one person. */
export const fold = (login: string): string => login.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const SYSTEM_ACCOUNTS = ['root', 'www-data', 'backup', 'games', 'news']
// Without I, l, 1, O and 0, which people confuse on paper; without `;`, which separates the columns.
const PASSWORD_LETTERS = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const PASSWORD_MARKS = '-+.%@=_'

/** Reads the same list from the same seed, and another one after each reset. */
export function accountsOf(lab: Pick<LabFacts, 'random'>): Accounts {
  const random = lab.random('accounts')
  const below = (limit: number) => Math.floor(random() * limit)
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T
  const password = () =>
    Array.from({ length: 14 }, (_, at) => pick([...(at % 5 === 3 ? PASSWORD_MARKS : PASSWORD_LETTERS)])).join(
      '',
    )

  const first = shuffled(FIRST_NAMES, below).slice(0, 50)
  let accentsToKeep = 6
  const people = first.map((given): Person => {
    const login = fold(given)
    const keep = login !== given.toLowerCase() && accentsToKeep-- > 0
    return {
      login,
      written: keep ? given.toLowerCase() : login,
      name: `${given} ${pick(FAMILY_NAMES)}`,
      password: password(),
    }
  })

  // The second line of both stands well before the end: a script that stops there leaves people out.
  const plain = people.filter(one => one.written === one.login)
  const twice = pick(plain.slice(0, 10))
  const otherCase = pick(plain.slice(10, 20))
  const forbidden = { login: pick(SYSTEM_ACCOUNTS), password: password() }

  const lines = people.map(lineOf)
  lines.splice(34 + below(4), 0, lineOf({ ...otherCase, written: otherCase.login.toUpperCase() }))
  lines.splice(28 + below(4), 0, lineOf({ ...forbidden, written: forbidden.login, name: 'Administration' }))
  lines.splice(22 + below(4), 0, lineOf(twice))
  return { csv: `${lines.join('\n')}\n`, people, twice, otherCase, forbidden }
}

const lineOf = (one: Omit<Person, 'login'>) => `${one.written};${one.name};${one.password}`

function shuffled<T>(list: readonly T[], below: (limit: number) => number): T[] {
  const copy = [...list]
  for (let at = copy.length - 1; at > 0; at--) {
    const other = below(at + 1)
    ;[copy[at], copy[other]] = [copy[other] as T, copy[at] as T]
  }
  return copy
}
