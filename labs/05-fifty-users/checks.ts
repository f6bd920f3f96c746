import type { Checks } from '../../checker/step.ts'
import { fiftyAccounts } from './checks/fifty-accounts.ts'
import { imapOverTls } from './checks/imap-over-tls.ts'
import { mailArrives } from './checks/mail-arrives.ts'
import { noOpenRelay } from './checks/no-open-relay.ts'
import { submission } from './checks/submission.ts'

export const checks: Checks = {
  'mail-arrives': mailArrives,
  'fifty-accounts': fiftyAccounts,
  'imap-over-tls': imapOverTls,
  submission,
  'no-open-relay': noOpenRelay,
}
