import type { LabData } from '../../checker/step.ts'
import { aNameForTheServer } from './tasks/a-name-for-the-server.ts'
import { askTheDns } from './tasks/ask-the-dns.ts'
import { doors } from './tasks/doors.ts'
import { imapByHand } from './tasks/imap-by-hand.ts'
import { readTheReplies } from './tasks/read-the-replies.ts'
import { smtpByHand } from './tasks/smtp-by-hand.ts'

export const lab: LabData = {
  title: { en: 'How e-mail works', fr: 'Comment marche le courriel' },
  summary: {
    en: 'The journey of a message: names, doors, envelopes, and what programs say to each other.',
    fr: 'Le voyage d’un message : des noms, des portes, des enveloppes, et ce que se disent les programmes.',
  },
  minutes: 180,
  machines: ['server', 'desk'],
  tasks: [aNameForTheServer, askTheDns, smtpByHand, readTheReplies, imapByHand, doors],
}
