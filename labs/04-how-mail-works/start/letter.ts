import type { LabFacts } from '../../../checker/step.ts'
import { WORDS } from './words.ts'

/** The envelope that a participant writes by hand: other names for each lab, so that providers know whose it is. */
export interface Letter {
  from: string
  to: string
}

/** A dot in the name: no participant and no friend at the provider is called so. */
export function letter(lab: LabFacts): Letter {
  const next = lab.random('letter')
  const name = () => `${WORDS[Math.floor(next() * WORDS.length)]}.${10 + Math.floor(next() * 90)}`
  return { from: `${name()}@${lab.domain}`, to: `${name()}@copine.test` }
}
