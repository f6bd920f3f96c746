/**
 * A night in the log of a mail server, from the seed: eight things happen, one in each hour, in another order for each
 * participant. Lines are as Postfix 3.10 and Dovecot 2.4 write them. The server is another association's.
 */
import type { LabFacts } from '../../../checker/step.ts'
import { fold } from './accounts.ts'
import { HAPPENINGS, type Happening, type Night, TELL, type Teller } from './night-lines.ts'
import { FIRST_NAMES } from './people.ts'

/** The hours that are asked for; something happens in each. */
export const HOURS = [1, 2, 3, 4, 5, 6, 7, 8] as const

/** The same night from the same seed. */
export function nightOf(lab: Pick<LabFacts, 'random'>): Night {
  const random = lab.random('night')
  const below = (limit: number) => Math.floor(random() * limit)
  const draw = <T>(from: T[]): T => from.splice(below(from.length), 1)[0] as T
  const names = FIRST_NAMES.map(fold)
  const left = [...HAPPENINGS]
  const teller: Teller = {
    hole: draw(names),
    member: () => draw(names),
    below,
    id: () => Array.from({ length: 11 }, () => '0123456789ABCDEF'[below(16)]).join(''),
    pid: () => 1000 + below(29_000),
  }
  const hours = HOURS.map(hour => ({ hour, what: draw(left) as Happening }))
  const log = hours.flatMap(({ hour, what }) => {
    let at = (120 + below(600)) * 1_000_000 + below(500_000)
    return TELL[what](teller).map(({ after = 1, text }) => {
      at += after * 1_000_000 + 1000 + below(9000)
      return `${stamp(hour, at)} mail ${text}`
    })
  })
  return { log: `${log.join('\n')}\n`, hours, hole: teller.hole }
}

const two = (n: number) => String(n).padStart(2, '0')

/** @param at microseconds since the full hour */
function stamp(hour: number, at: number): string {
  const seconds = Math.floor(at / 1_000_000)
  const time = `${two(hour)}:${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`
  return `2026-11-14T${time}.${String(at % 1_000_000).padStart(6, '0')}+01:00`
}
