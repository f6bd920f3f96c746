import type { Checks } from '../../checker/step.ts'
import { dkim } from './checks/dkim.ts'
import { noBackscatter } from './checks/no-backscatter.ts'
import { reverseNames } from './checks/reverse-names.ts'
import { spf } from './checks/spf.ts'
import { threeASecond } from './checks/three-a-second.ts'

export const checks: Checks = {
  spf,
  'reverse-names': reverseNames,
  dkim,
  'three-a-second': threeASecond,
  'no-backscatter': noBackscatter,
}
