/** Whom the step's story is about. Pure, so that the starting state and the checks agree without telling each other. */
import type { LabFacts } from '../../../checker/step.ts'
import { accountsOf, type Person } from '../../05-fifty-users/start/accounts.ts'

/** Each task's check writes as somebody else, since all checks run side by side. */
const WRITERS = [
  'spf',
  'reverse-names',
  'dkim',
  'dmarc',
  'three-a-second',
  'off-the-blocklist',
  'no-backscatter',
  'checked-tls',
  'outgoing-gateway',
] as const
export type Task = (typeof WRITERS)[number]

const personAt = (lab: Pick<LabFacts, 'random'>, index: number): Person => {
  const { people, twice } = accountsOf(lab)
  return people[index] ?? twice
}

/** Who writes in the check of a task. */
export const writerOf = (lab: Pick<LabFacts, 'random'>, task: Task): Person =>
  personAt(lab, 40 + WRITERS.indexOf(task))

/** Who sends the association's letter, by the gateway. */
export const secretaryOf = (lab: Pick<LabFacts, 'random'>): Person => writerOf(lab, 'outgoing-gateway')

/** Who has mail forwarded to an address that is gone. */
export const moverOf = (lab: Pick<LabFacts, 'random'>): Person => personAt(lab, 33)
export const GONE = 'nobody-here@agrume.test'

/** The sixty people at agrume.test whom the association invites. */
export function invitedOf(lab: Pick<LabFacts, 'random'>): string[] {
  const random = lab.random('invited')
  const word = () =>
    Math.floor(random() * 36 ** 5)
      .toString(36)
      .padStart(5, '0')
  return Array.from({ length: 60 }, (_, i) => `guest-${String(i + 1).padStart(2, '0')}-${word()}@agrume.test`)
}

/** Addresses that the old shop's newsletter still goes to, and that only bought files contain. */
export function trapsOf(lab: Pick<LabFacts, 'random'>): string[] {
  const random = lab.random('traps')
  return Array.from(
    { length: 2 },
    () =>
      `trap-${Math.floor(random() * 36 ** 6)
        .toString(36)
        .padStart(6, '0')}@copine.test`,
  )
}
