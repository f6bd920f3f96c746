import type { Task } from '../../../checker/step.ts'

export const smtpByHand: Task = {
  id: 'smtp-by-hand',
  title: { en: 'Speak SMTP by hand', fr: 'Parler SMTP à la main' },
  goal: {
    en: 'From the desk, type a letter to copine.test, command by command. The envelope is on a slip, `/srv/slips/letter.txt`; the letter’s own `From:` and `To:` name other people. You know it when the server answers `250` to your dot.',
    fr: 'Depuis le bureau, tapez une lettre à copine.test, commande par commande. L’enveloppe est sur un papier, `/srv/slips/letter.txt` ; le `From:` et le `To:` de la lettre nomment d’autres gens. C’est gagné quand le serveur répond `250` à votre point.',
  },
  hints: [
    {
      en: '`nc -C mx.copine.test 25` opens the conversation. The server speaks first; wait for it each time.',
      fr: '`nc -C mx.copine.test 25` ouvre la conversation. C’est le serveur qui commence ; attendez-le à chaque fois.',
    },
    {
      en: 'In this order: `EHLO`, `MAIL FROM:<…>`, `RCPT TO:<…>`, `DATA`, the header, an empty line, the text, a dot alone. Between the pointed brackets belong the addresses of your slip.',
      fr: 'Dans cet ordre : `EHLO`, `MAIL FROM:<…>`, `RCPT TO:<…>`, `DATA`, les en-têtes, une ligne vide, le texte, un point seul. Entre les chevrons vont les adresses de votre papier.',
    },
    {
      en: 'A `451` after RCPT? The server doesn’t know you yet. Count to fifteen, in the same conversation, and type the same RCPT again. A `550` after the dot? Choose a `From:` whose domain doesn’t forbid it.',
      fr: 'Un `451` après RCPT ? Le serveur ne vous connaît pas encore. Comptez jusqu’à quinze, dans la même conversation, et retapez le même RCPT. Un `550` après le point ? Choisissez un `From:` dont le domaine ne l’interdit pas.',
    },
  ],
  solution: {
    en: '`cat /srv/slips/letter.txt`, then `nc -C mx.copine.test 25`, and line by line, with the addresses of the slip:\n\n```text\nEHLO desk.you.test\nMAIL FROM:<the address after from=>\nRCPT TO:<the address after to=>\n(451? wait fifteen seconds, the same line again)\nDATA\nFrom: The Moon <lune@espace.test>\nTo: Nobody <nobody@nowhere.test>\nSubject: By hand\n\nThe envelope is not the letter.\n.\nQUIT\n```',
    fr: '`cat /srv/slips/letter.txt`, puis `nc -C mx.copine.test 25`, et ligne par ligne, avec les adresses du papier :\n\n```text\nEHLO desk.you.test\nMAIL FROM:<l’adresse après from=>\nRCPT TO:<l’adresse après to=>\n(451 ? attendre quinze secondes, puis la même ligne)\nDATA\nFrom: La Lune <lune@espace.test>\nTo: Personne <personne@nulle-part.test>\nSubject: A la main\n\nUne enveloppe n’est pas la lettre.\n.\nQUIT\n```',
  },
}
