import type { Door, LabFacts, StartDoors } from '../../../checker/step.ts'
import { WORDS } from './words.ts'

/** How a door stands, as the form of the task has it. */
export type Stands = 'closed' | 'clear' | 'starttls' | 'tls'

export const PORTS = [25, 465, 587, 143, 993] as const
const TLS = { clear: 'none', starttls: 'starttls', tls: 'first' } as const

/** What is behind each of the five doors of the participant's house; some are not as their number promises. */
export function howDoorsStand(lab: LabFacts): Record<(typeof PORTS)[number], Stands> {
  const next = lab.random('doors')
  const one = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T
  for (;;) {
    const stands = {
      25: one(['clear', 'starttls'] as const),
      465: one(['closed', 'tls', 'tls', 'clear'] as const),
      587: one(['closed', 'clear', 'starttls'] as const),
      143: one(['closed', 'clear', 'starttls'] as const),
      993: one(['closed', 'tls', 'tls', 'clear'] as const),
    }
    const all = new Set<Stands>(Object.values(stands))
    // Each kind is there to be found.
    if (all.size === 4) return stands
  }
}

/** The name of the house: in its certificate, and nowhere else. */
export function nameOfTheHouse(lab: LabFacts): string {
  const next = lab.random('house')
  const word = () => WORDS[Math.floor(next() * WORDS.length)]
  return `${word()}.${word()}.test`
}

export const doors: StartDoors = lab => ({
  certificate: nameOfTheHouse(lab),
  doors: Object.entries(howDoorsStand(lab)).flatMap(([number, stands]) => {
    if (stands === 'closed') return []
    const port = Number(number) as Door['port']
    return { port, speaks: port === 143 || port === 993 ? 'imap' : 'smtp', tls: TLS[stands] }
  }),
})
