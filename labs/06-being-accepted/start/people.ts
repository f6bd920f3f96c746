/** Whom the step's story is about. Pure, so that the starting state and the checks agree without telling each other. */
import type { LabFacts } from '../../../checker/step.ts'
import { accountsOf, type Person } from '../../05-fifty-users/start/accounts.ts'

type Seeded = Pick<LabFacts, 'random'>

/**
 * Who writes in whose check: two never write to the same provider, since all checks run side by side. The numbers are
 * places among those to whom step 5 gives no other part: nobody changed their passwords or sends their mail elsewhere.
 */
const WRITERS = {
  spf: 0,
  'reverse-names': 1,
  dkim: 2,
  dmarc: 3,
  'outgoing-gateway': 4,
  'three-a-second': 5,
  'off-the-blocklist': 5,
  'no-backscatter': 6,
  'checked-tls': 6,
} as const
const MOVER = 7
export type Task = keyof typeof WRITERS

/** Those whom the secretary wrote down with an accent or twice; there are eight of them. */
function personAt(lab: Seeded, index: number): Person {
  const { people, twice, otherCase } = accountsOf(lab)
  const own = [...people.filter(one => one.written !== one.login), twice, otherCase]
  return own[index] ?? twice
}

/** Who writes in the check of a task. */
export const writerOf = (lab: Seeded, task: Task): Person => personAt(lab, WRITERS[task])

/** Who sends the association's letter, by the gateway. */
export const secretaryOf = (lab: Seeded): Person => writerOf(lab, 'outgoing-gateway')

/** Who has mail forwarded to an address that is gone. */
export const moverOf = (lab: Seeded): Person => personAt(lab, MOVER)
export const GONE = 'nobody-here@agrume.test'

const word = (random: () => number, length: number) =>
  Math.floor(random() * 36 ** length)
    .toString(36)
    .padStart(length, '0')

/** The sixty people at agrume.test whom the association invites. */
export function invitedOf(lab: Seeded): string[] {
  const random = lab.random('invited')
  return Array.from(
    { length: 60 },
    (_, i) => `guest-${String(i + 1).padStart(2, '0')}-${word(random, 5)}@agrume.test`,
  )
}

/** Addresses that the old shop's newsletter still goes to, and that only bought files contain. */
export function trapsOf(lab: Seeded): string[] {
  const random = lab.random('traps')
  return Array.from({ length: 2 }, () => `trap-${word(random, 6)}@copine.test`)
}
