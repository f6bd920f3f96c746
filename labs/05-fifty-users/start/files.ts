import type { StartFiles } from '../../../checker/step.ts'
import { accountsOf } from './accounts.ts'
import { castOf, redirectionsCsv } from './cast.ts'
import { nightOf } from './night.ts'
import { rehearsalScript } from './rehearsal.ts'

/** The members' list, readable by root alone: it holds everybody's first password. Then a night's log, and a rehearsal. */
export const files: StartFiles = lab => [
  { machine: 'server', path: '/root/accounts.csv', mode: 0o600, content: accountsOf(lab).csv },
  { machine: 'server', path: '/root/redirections.csv', mode: 0o600, content: redirectionsCsv(castOf(lab)) },
  { machine: 'server', path: '/root/one-night.log', mode: 0o640, content: nightOf(lab).log },
  { machine: 'desk', path: '/usr/local/bin/rehearsal', mode: 0o755, content: rehearsalScript(lab) },
]
