import type { Check } from '../../../checker/step.ts'
import { fail } from './say.ts'
export const iAmSpamming: Check = async () =>
  fail('not-started', { expected: { en: 'x', fr: 'x' }, observed: { en: 'x', fr: 'x' } })
