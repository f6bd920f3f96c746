/** What `i-am-spamming` says. */
import type { Phished } from '../../../checker/probes/types.ts'
import type { Text } from '../../../checker/step.ts'
import { type Fail, fail, pass } from './say.ts'

const over: Text = {
  en: 'The rehearsal is over: the thief is out, the queue is clean, the others’ mail leaves.',
  fr: 'La répétition est finie : le voleur est dehors, la file est propre, le courrier des autres part.',
}

const again: Text = {
  en: 'Type `rehearsal` on the desk once more: the next member falls for it.',
  fr: 'Tapez de nouveau `rehearsal` sur le bureau : quelqu’un d’autre s’y laisse prendre.',
}

export const notStarted = (): Fail =>
  fail('not-started', {
    expected: over,
    observed: { en: 'It has not begun.', fr: 'Elle n’a pas commencé.' },
    next: {
      en: 'When the tasks before are green and you have read how: `rehearsal` on the desk. From then on it is real.',
      fr: 'Quand les tâches d’avant sont vertes et que vous avez lu comment faire : `rehearsal` sur le bureau. À partir de là, c’est pour de vrai.',
    },
  })

export const begins = (): Fail =>
  fail('begins', {
    expected: over,
    observed: { en: 'The thief is knocking right now.', fr: 'Le voleur frappe à la porte à l’instant.' },
    next: {
      en: 'Watch them in `tail -f /var/log/mail.log`: look for `sasl_username=`.',
      fr: 'Regardez-le faire avec `tail -f /var/log/mail.log` : cherchez `sasl_username=`.',
    },
  })

export const noSpam = ({ attack }: Phished): Fail =>
  fail('no-spam', {
    expected: {
      en: 'For a rehearsal, the thief has to get something through first.',
      fr: 'Pour une répétition, il faut d’abord que le voleur fasse passer quelque chose.',
    },
    observed: {
      en: `None of ${attack.attempts.length} messages was taken: ${attack.attempts.at(-1)?.reply ?? ''}`,
      fr: `Aucun des ${attack.attempts.length} messages n’a été pris : ${attack.attempts.at(-1)?.reply ?? ''}`,
    },
    next: {
      en: 'Members must be able to send (see “Submission”). Then `rehearsal` once more.',
      fr: 'Les membres doivent pouvoir envoyer (voir « L’envoi authentifié »). Puis de nouveau `rehearsal`.',
    },
    transcript: attack.transcript,
  })

export const start: Text = {
  en: '`service postfix start`, and see in `ss -ltn` that 25, 465 and 587 are there. A server that stays off stops spam, and everybody.',
  fr: '`service postfix start`, puis vérifiez avec `ss -ltn` que 25, 465 et 587 sont là. Un serveur qui reste éteint arrête le spam, et tout le monde.',
}

export const shut = (port: number, reply: string): Fail =>
  fail('stopped', {
    expected: {
      en: `Strangers can still write to the members on port ${port}.`,
      fr: `On peut toujours écrire aux membres par le port ${port}.`,
    },
    observed: {
      en: `A letter for sasha heard: ${reply}`,
      fr: `Une lettre pour sasha a entendu : ${reply}`,
    },
    next: start,
  })

export const stillOpen = (user: string, port: number, transcript: string): Fail =>
  fail('account-open', {
    expected: {
      en: 'The stolen password opens nothing any more.',
      fr: 'Le mot de passe volé n’ouvre plus rien.',
    },
    observed: {
      en: `On port ${port} it still lets in ${port === 993 ? 'to the mailbox' : 'to send'}: the account that handed over most of what waits in your queue is not shut.`,
      fr: `Sur le port ${port}, il laisse encore entrer ${port === 993 ? 'dans la boîte' : 'pour envoyer'} : le compte qui a remis presque tout ce qui attend dans votre file n’est pas fermé.`,
    },
    next: {
      en: 'Find it: take the number of a `slow-` message from `mailq`, and `grep NUMBER /var/log/mail.log` shows its `sasl_username=`. Then give it a new password: `passwd LOGIN`.',
      fr: 'Trouvez-le : prenez dans `mailq` le numéro d’un message à `slow-`, et `grep NUMÉRO /var/log/mail.log` montre son `sasl_username=`. Puis donnez-lui un nouveau mot de passe : `passwd LOGIN`.',
    },
    transcript: transcript.replaceAll(user, '…'),
  })

export const othersShut = (login: string, reply: string, transcript: string): Fail =>
  fail('others-shut', {
    expected: {
      en: 'All other members send as before.',
      fr: 'Tous les autres membres envoient comme avant.',
    },
    observed: { en: `${login} gets: ${reply}`, fr: `${login} obtient : ${reply}` },
    next: {
      en: 'Only one account was stolen. Shut that one alone, and give the others back what they had: their passwords are in /root/accounts.csv.',
      fr: 'Un seul compte a été volé. Ne fermez que celui-là, et rendez aux autres ce qu’ils avaient : leurs mots de passe sont dans /root/accounts.csv.',
    },
    transcript,
  })

export const spamLeft = (count: number, { user }: Phished): Fail =>
  fail('spam-left', {
    expected: {
      en: 'Nothing of the thief’s is in the queue.',
      fr: 'Plus rien du voleur n’est dans la file.',
    },
    observed: {
      en: `${count} or more of the messages of ${user} still wait, and Postfix tries to send them again and again.`,
      fr: `${count} messages de ${user} au moins attendent encore, et Postfix tente sans cesse de les envoyer.`,
    },
    next: {
      en: '`mailq` shows them. Their numbers, one a line, go into `postsuper -d -`; the sender is the seventh column.',
      fr: '`mailq` les montre. Leurs numéros, un par ligne, vont dans `postsuper -d -` ; l’expéditeur est la septième colonne.',
    },
  })

export const held = (login: string): Fail =>
  fail('held', {
    expected: { en: 'The others’ mail leaves.', fr: 'Le courrier des autres part.' },
    observed: {
      en: `A message of ${login} is on hold (an exclamation mark in \`mailq\`).`,
      fr: `Un message de ${login} est retenu (un point d’exclamation dans \`mailq\`).`,
    },
    next: { en: '`postsuper -H ALL`, then `postqueue -f`.', fr: '`postsuper -H ALL`, puis `postqueue -f`.' },
  })

export const lost = (login: string): Fail =>
  fail('others-lost', {
    expected: {
      en: 'What the others wrote meanwhile arrives.',
      fr: 'Ce que les autres ont écrit entre-temps arrive.',
    },
    observed: {
      en: `${login} had written to a friend at grosmail.test a moment before the spam. The message waited in the queue; it never arrived.`,
      fr: `${login} venait d’écrire à quelqu’un chez grosmail.test, juste avant le spam. Le message attendait dans la file ; il n’est jamais arrivé.`,
    },
    next: {
      en: `\`postsuper -d ALL\` deletes everybody’s mail, without a trace for those who wrote it. ${again.en}`,
      fr: `\`postsuper -d ALL\` supprime le courrier de tout le monde, sans que personne en sache rien. ${again.fr}`,
    },
  })

export const allWell = ({ user, attack }: Phished, other: string) =>
  pass({
    en: `${user}’s password had been stolen; ${attack.accepted} spam messages got into your server. Now it opens nothing, none of them waits, the others send, and what ${other} had written has arrived.`,
    fr: `Le mot de passe de ${user} avait été volé ; ${attack.accepted} messages de spam sont entrés dans votre serveur. Il n’ouvre plus rien, aucun n’attend plus, les autres envoient, et ce que ${other} avait écrit est arrivé.`,
  })
