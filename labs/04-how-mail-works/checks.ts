import type { Checks } from '../../checker/step.ts'
import { aNameForTheServer } from './checks/a-name-for-the-server.ts'
import { askTheDns } from './checks/ask-the-dns.ts'
import { doors } from './checks/doors.ts'
import { imapByHand } from './checks/imap-by-hand.ts'
import { readTheReplies } from './checks/read-the-replies.ts'
import { smtpByHand } from './checks/smtp-by-hand.ts'

export const checks: Checks = {
  'a-name-for-the-server': aNameForTheServer,
  'ask-the-dns': askTheDns,
  'smtp-by-hand': smtpByHand,
  'imap-by-hand': imapByHand,
  'read-the-replies': readTheReplies,
  doors,
}
