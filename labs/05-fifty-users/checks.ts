import type { Checks } from '../../checker/step.ts'
import { certificate } from './checks/certificate.ts'
import { fiftyAccounts } from './checks/fifty-accounts.ts'
import { iAmSpamming } from './checks/i-am-spamming.ts'
import { imapOverTls } from './checks/imap-over-tls.ts'
import { mailArrives } from './checks/mail-arrives.ts'
import { noOpenRelay } from './checks/no-open-relay.ts'
import { nobodyWritesAsAnother } from './checks/nobody-writes-as-another.ts'
import { readTheLogs } from './checks/read-the-logs.ts'
import { redirections } from './checks/redirections.ts'
import { undisturbed } from './checks/renewal.ts'
import { submission } from './checks/submission.ts'

export const checks: Checks = {
  'mail-arrives': undisturbed(mailArrives),
  'fifty-accounts': undisturbed(fiftyAccounts),
  'imap-over-tls': undisturbed(imapOverTls),
  certificate,
  submission: undisturbed(submission),
  'no-open-relay': undisturbed(noOpenRelay),
  'nobody-writes-as-another': undisturbed(nobodyWritesAsAnother),
  redirections: undisturbed(redirections),
  'read-the-logs': readTheLogs,
  'i-am-spamming': undisturbed(iAmSpamming),
}
