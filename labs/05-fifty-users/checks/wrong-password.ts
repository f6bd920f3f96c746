import type { LabFacts } from '../../../checker/step.ts'

/**
 * A password that isn't anybody's. The same at each run: Dovecot makes an address wait longer with every new wrong
 * password that it hears from there, and would soon make our right ones wait too.
 */
export function wrongPassword(lab: LabFacts): string {
  const random = lab.random('wrong-password')
  return Array.from({ length: 20 }, () => Math.floor(random() * 36).toString(36)).join('')
}
