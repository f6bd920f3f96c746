import type { Task } from '../../../checker/step.ts'

export const imapByHand: Task = {
  id: 'imap-by-hand',
  title: { en: 'Speak IMAP by hand', fr: 'Parler IMAP à la main' },
  goal: {
    en: 'Six letters wait in your mailbox at agrume.test. Read the word in the third one, and leave no trace: the flags of all six stay as they are. Your password is in `~/mailboxes.txt` on the desk.',
    fr: 'Six lettres attendent dans votre boîte chez agrume.test. Lisez le mot que contient la troisième, sans laisser de trace : les marques des six restent comme elles sont. Votre mot de passe est sur le bureau, dans `~/mailboxes.txt`.',
  },
  questions: [
    {
      id: 'word',
      kind: 'text',
      text: { en: 'The word in the third message', fr: 'Le mot dans le troisième message' },
    },
    {
      id: 'flagged',
      kind: 'number',
      text: {
        en: 'The number of the message that is flagged (`\\Flagged`)',
        fr: 'Le numéro du message qui est marqué important (`\\Flagged`)',
      },
    },
  ],
  hints: [
    {
      en: '`grep agrume ~/mailboxes.txt` shows name, password and host. `openssl s_client -quiet -crlf -connect HOST:993` opens the conversation.',
      fr: '`grep agrume ~/mailboxes.txt` montre nom, mot de passe et hôte. `openssl s_client -quiet -crlf -connect HÔTE:993` ouvre la conversation.',
    },
    {
      en: 'A tag before each command: `a LOGIN NAME PASSWORD`, `b EXAMINE INBOX`, `c FETCH 1:* (FLAGS)`. The numbers are IMAP’s own, from the oldest to the newest.',
      fr: 'Une étiquette devant chaque commande : `a LOGIN NOM MOT-DE-PASSE`, `b EXAMINE INBOX`, `c FETCH 1:* (FLAGS)`. Les numéros sont ceux d’IMAP, du plus ancien au plus récent.',
    },
    {
      en: '`d FETCH 3 BODY.PEEK[TEXT]` reads without marking. Too late? `e SELECT INBOX`, then `f STORE 3 -FLAGS (\\Seen)` takes the mark off again.',
      fr: '`d FETCH 3 BODY.PEEK[TEXT]` lit sans marquer. Trop tard ? `e SELECT INBOX`, puis `f STORE 3 -FLAGS (\\Seen)` enlève la marque.',
    },
  ],
  solution: {
    en: '`grep agrume ~/mailboxes.txt`, then `openssl s_client -quiet -crlf -connect imap.agrume.test:993`, and:\n\n```text\na LOGIN NAME PASSWORD\nb EXAMINE INBOX\nc FETCH 1:* (FLAGS)\nd FETCH 3 BODY.PEEK[TEXT]\ne LOGOUT\n```',
    fr: '`grep agrume ~/mailboxes.txt`, puis `openssl s_client -quiet -crlf -connect imap.agrume.test:993`, et :\n\n```text\na LOGIN NOM MOT-DE-PASSE\nb EXAMINE INBOX\nc FETCH 1:* (FLAGS)\nd FETCH 3 BODY.PEEK[TEXT]\ne LOGOUT\n```',
  },
}
