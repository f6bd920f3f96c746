/** What an audit is made of: entries that ask, rows that tell. */
import type { ImapOptions, Probes } from '../probes/types.ts'
import type { Text } from '../step.ts'
import type { Looks } from './looks.ts'

/** internet.nl's mail test, Mail-in-a-Box's status page, checkdmarc; `behaviour`: none of them tests it. */
export type Asker = 'I' | 'M' | 'C' | 'behaviour'

/** An ordinary user of the server, by whom the audit sends and reads. */
export interface Member {
  address: string
  /** What they log in with: the address, or the name of a Unix account. */
  login: string
  password: string
}

export interface Found {
  holds: boolean
  /** The evidence itself, in no language: a record, a reply, numbers. */
  seen: string
}

/** What a check looks with. */
export interface Eye {
  probes: Probes
  member: Member
  looks: Looks
}

interface Asked {
  /** Stable and kebab-case, one for all subjects: `spf-lookups`. */
  id: string
  /** What holds on a right server. */
  text: Text
  asks: readonly Asker[]
}

/**
 * One row to be. `check` decides; `later` is the step whose learner builds it; `cannot` says why the lab has no such thing.
 * `alone`: it disturbs the server, so it runs after all others.
 */
export type Entry = Asked &
  ({ check: (eye: Eye) => Promise<Found>; alone?: true } | { later: 7 | 8 | 9 | 10 } | { cannot: Text })

/** Entries that belong together, one file each. */
export interface Subject {
  id: string
  title: Text
  entries: readonly Entry[]
}

/** `broken`: our own machinery could not look. */
export type Row = Asked & { subject: string } & (
    | { state: 'holds' | 'open' | 'broken'; seen: string }
    | { state: 'later'; step: number }
    | { state: 'cannot'; why: Text }
  )

export const found = (holds: boolean, seen: string | readonly string[]): Found => ({
  holds,
  // A host with two addresses shows the same twice.
  seen: typeof seen === 'string' ? seen : [...new Set(seen)].join(' | '),
})

export const mailboxOf = ({ login, password }: Member): ImapOptions => ({
  port: 993,
  tls: 'implicit',
  user: login,
  password,
})
