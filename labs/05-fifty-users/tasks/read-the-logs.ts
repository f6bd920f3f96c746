import type { Question, Task } from '../../../checker/step.ts'
import { HOURS } from '../start/night.ts'
import { typed } from './typed.ts'

const choices: Extract<Question, { kind: 'choice' }>['choices'] = [
  { id: 'statistics', text: { en: 'Statistics, nothing to do', fr: 'Des statistiques, rien à faire' } },
  {
    id: 'client',
    text: { en: 'A member’s mail program reads', fr: 'Le logiciel d’une personne relève son courrier' },
  },
  { id: 'received', text: { en: 'A message came in', fr: 'Un message est arrivé' } },
  { id: 'sent', text: { en: 'A member’s message left', fr: 'Le message d’une personne est parti' } },
  {
    id: 'deferred',
    text: { en: 'Refused for now, will be tried again', fr: 'Refusé pour l’instant, on réessaiera' },
  },
  {
    id: 'refused',
    text: { en: 'Refused for good, the sender is told', fr: 'Refusé pour de bon, l’expéditeur le sait' },
  },
  {
    id: 'attempt',
    text: { en: 'A stranger tried to send and was refused', fr: 'Un inconnu a tenté d’envoyer, refusé' },
  },
  {
    id: 'hole',
    text: { en: 'Spam leaves, from a login: the hole', fr: 'Du spam part, après connexion : la faille' },
  },
]

export const readTheLogs: Task = {
  id: 'read-the-logs',
  title: { en: 'Read the logs', fr: 'Lire les journaux' },
  goal: {
    en: '`/root/one-night.log` is a night at a neighbouring association’s server. Eight things happen, one in each hour, each once. Say which is which, and whose account is the hole.',
    fr: '`/root/one-night.log` raconte une nuit sur le serveur d’une association voisine. Huit choses s’y passent, une par heure, chacune une fois. Dites laquelle est laquelle, et quel compte est la faille.',
  },
  questions: [
    ...HOURS.map(
      (hour): Question => ({
        id: `hour-${hour}`,
        kind: 'choice',
        text: {
          en: `Between ${hour} and ${hour + 1} o’clock (\`grep T0${hour}: /root/one-night.log\`)`,
          fr: `Entre ${hour} h et ${hour + 1} h (\`grep T0${hour}: /root/one-night.log\`)`,
        },
        choices,
      }),
    ),
    {
      id: 'account',
      kind: 'text',
      text: { en: 'Which account does the thief use?', fr: 'De quel compte se sert le voleur ?' },
    },
  ],
  hints: [
    {
      en: 'First ask which program speaks: `smtpd` receives at a door, `smtp` sends to others, `local` puts into a mailbox, `imap-login` lets people read, `anvil` only counts.',
      fr: 'Demandez d’abord quel programme parle : `smtpd` reçoit à une porte, `smtp` envoie aux autres, `local` range dans une boîte, `imap-login` laisse lire, `anvil` ne fait que compter.',
    },
    {
      en: 'Then the verdict: `status=sent`, `deferred` (4xx) or `bounced` (5xx); `NOQUEUE: reject` is what never got in.',
      fr: 'Puis le verdict : `status=sent`, `deferred` (4xx) ou `bounced` (5xx) ; `NOQUEUE: reject`, c’est ce qui n’est jamais entré.',
    },
    {
      en: '`sasl_username=` stands twice in that night. One is a member at home: own address, one recipient. The other comes from an `unknown` address, writes as somebody else each time, to dozens.',
      fr: '`sasl_username=` paraît à deux heures de cette nuit. L’une est une personne chez elle : sa propre adresse, un destinataire. L’autre vient d’une adresse `unknown`, écrit chaque fois sous un autre nom, à des dizaines de gens.',
    },
  ],
  solution: typed(
    `
for hour in 1 2 3 4 5 6 7 8; do
  echo "$hour: $(grep "T0$hour:" /root/one-night.log |
    grep -oE 'statistics:|imap-login|NOQUEUE: reject|status=(deferred|bounced)|relay=local|sasl_username=.*' | sort | uniq -c | tr '\\n' ' ')"
done
`,
    {
      en: '`statistics`; `imap-login` is a member’s mail program; `relay=local` came in; `deferred` for now; `bounced` for good; `NOQUEUE: reject` the attempt. Of the two hours with `sasl_username`, the one where it stands several times is the hole.',
      fr: '`statistics` ; `imap-login`, le logiciel d’une personne ; `relay=local`, arrivé ; `deferred`, pour l’instant ; `bounced`, pour de bon ; `NOQUEUE: reject`, la tentative. Des deux heures à `sasl_username`, celle où il paraît plusieurs fois est la faille.',
    },
  ),
}
