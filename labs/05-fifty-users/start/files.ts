import type { StartFiles } from '../../../checker/step.ts'
import { accountsOf } from './accounts.ts'

/** The members' list, readable by root alone: it holds everybody's first password. */
export const files: StartFiles = lab => [
  { machine: 'server', path: '/root/accounts.csv', mode: 0o600, content: accountsOf(lab).csv },
]
