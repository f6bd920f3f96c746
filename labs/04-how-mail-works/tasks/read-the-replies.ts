import type { Task } from '../../../checker/step.ts'

export const readTheReplies: Task = {
  id: 'read-the-replies',
  title: { en: 'Read the replies', fr: 'Lire les réponses' },
  goal: {
    en: 'Let providers say no to you in both ways: one “not now” (4xx) and one “no” (5xx), with the `from` of `/srv/slips/letter.txt` as the sender of your envelope. Then say of the six replies in `/srv/slips/replies.txt` which are to be tried again.',
    fr: 'Faites-vous dire non des deux façons : un « pas maintenant » (4xx) et un « non » (5xx), avec le `from` de `/srv/slips/letter.txt` comme expéditeur de l’enveloppe. Puis dites lesquelles des six réponses de `/srv/slips/replies.txt` sont à réessayer.',
  },
  questions: [
    {
      id: 'again',
      kind: 'text',
      text: {
        en: 'Which of the six will a mail server try again? Their letters, such as `a c`',
        fr: 'Lesquelles des six un serveur réessaiera-t-il ? Leurs lettres, comme `a c`',
      },
    },
    {
      id: 'told',
      kind: 'choice',
      text: {
        en: 'After a 5xx, or days of 4xx: to whom does the sending server report that the message did not arrive?',
        fr: 'Après un 5xx, ou des jours de 4xx : à qui le serveur expéditeur annonce-t-il que le message n’est pas arrivé ?',
      },
      choices: [
        { id: 'header', text: { en: 'the address in `From:`', fr: 'à l’adresse dans `From:`' } },
        {
          id: 'envelope',
          text: { en: 'the address in `MAIL FROM`', fr: 'à l’adresse dans `MAIL FROM`' },
        },
        { id: 'recipient', text: { en: 'the address in `RCPT TO`', fr: 'à l’adresse dans `RCPT TO`' } },
        {
          id: 'postmaster',
          text: { en: 'postmaster at the refusing server', fr: 'au postmaster du serveur qui refuse' },
        },
      ],
    },
  ],
  hints: [
    {
      en: 'Each reply comes after a command. You needn’t get as far as DATA: `EHLO`, `MAIL FROM`, `RCPT TO` is enough to be refused, and RCPT may be tried again and again.',
      fr: 'Chaque réponse suit une commande. Inutile d’aller jusqu’à DATA : `EHLO`, `MAIL FROM`, `RCPT TO` suffisent pour un refus, et RCPT peut se retenter à volonté.',
    },
    {
      en: 'No: somebody who isn’t there, or who isn’t at this provider. Not now: somebody whose mailbox is full, such as `overflowing@grosmail.test`, or a server that doesn’t know you yet.',
      fr: 'Non : quelqu’un qui n’existe pas, ou pas chez cet hébergeur. Pas maintenant : quelqu’un dont la boîte est pleine, comme `debordante@grosmail.test`, ou un serveur qui ne vous connaît pas encore.',
    },
    {
      en: 'Only the first digit decides: 4 is tried again, 5 is not, whatever the words say. The report, a bounce, goes where the envelope says; the header is never asked.',
      fr: 'Seul le premier chiffre décide : 4 se réessaie, 5 non, quoi que disent les mots. L’avis de non-remise va où l’enveloppe le dit ; on ne demande rien aux en-têtes.',
    },
  ],
  solution: {
    en: '`nc -C mx.grosmail.test 25`, then:\n\n```text\nEHLO desk.you.test\nMAIL FROM:<the address after from=>\nRCPT TO:<overflowing@grosmail.test>\nRCPT TO:<friend@elsewhere.test>\nQUIT\n```\n\nIn the form: the letters of all lines of `/srv/slips/replies.txt` that begin with 4, and `MAIL FROM`.',
    fr: '`nc -C mx.grosmail.test 25`, puis :\n\n```text\nEHLO desk.you.test\nMAIL FROM:<l’adresse après from=>\nRCPT TO:<debordante@grosmail.test>\nRCPT TO:<ami@ailleurs.test>\nQUIT\n```\n\nDans le formulaire : les lettres de toutes les lignes de `/srv/slips/replies.txt` qui commencent par 4, et `MAIL FROM`.',
  },
}
