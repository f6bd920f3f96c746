import type { LabData } from '../../checker/step.ts'
import { certificate } from './tasks/certificate.ts'
import { fiftyAccounts } from './tasks/fifty-accounts.ts'
import { iAmSpamming } from './tasks/i-am-spamming.ts'
import { imapOverTls } from './tasks/imap-over-tls.ts'
import { mailArrives } from './tasks/mail-arrives.ts'
import { noOpenRelay } from './tasks/no-open-relay.ts'
import { nobodyWritesAsAnother } from './tasks/nobody-writes-as-another.ts'
import { readTheLogs } from './tasks/read-the-logs.ts'
import { redirections } from './tasks/redirections.ts'
import { submission } from './tasks/submission.ts'

export const lab: LabData = {
  title: { en: 'Fifty users, Unix accounts', fr: 'Cinquante utilisateurices, des comptes Unix' },
  summary: {
    en: 'A mail server for an association: Postfix, Dovecot, one system account for each person.',
    fr: 'Un serveur de courrier pour une association : Postfix, Dovecot, un compte système par personne.',
  },
  minutes: 360,
  machines: ['server', 'desk'],
  tasks: [
    mailArrives,
    fiftyAccounts,
    imapOverTls,
    certificate,
    submission,
    noOpenRelay,
    nobodyWritesAsAnother,
    redirections,
    readTheLogs,
    iAmSpamming,
  ],
}
