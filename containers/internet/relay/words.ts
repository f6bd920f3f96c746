/** Why the gateway did not take a message, for the learner whose message it is. */
import type { Reason } from '../api.ts'

const TEXTS: Record<string, Reason['text']> = {
  'relay-login': {
    en: 'The gateway knows no such user and password: both are in /srv/slips/relay.txt.',
    fr: 'La passerelle ne connaît pas cet identifiant et ce mot de passe : les deux sont dans /srv/slips/relay.txt.',
  },
  'relay-sender': {
    en: 'The envelope’s sender is not of your own domain.',
    fr: 'L’expéditeur de l’enveloppe n’est pas de votre domaine.',
  },
  'relay-from': {
    en: 'The From is not of your own domain.',
    fr: 'Le From n’est pas de votre domaine.',
  },
  'relay-address': { en: 'The recipient is no address.', fr: 'Le destinataire n’est pas une adresse.' },
  'relay-recipients': {
    en: 'One message had more recipients than the gateway takes at once; the rest comes with the next one.',
    fr: 'Un seul message avait plus de destinataires que la passerelle n’en prend ; la suite viendra avec le prochain.',
  },
  'relay-limit': {
    en: 'You have sent as much as the gateway takes in an hour. Nothing is lost: your queue tries again.',
    fr: 'Vous avez envoyé tout ce que la passerelle prend en une heure. Rien n’est perdu : votre file réessaie.',
  },
  'relay-size': {
    en: 'The message is too large for the gateway.',
    fr: 'Le message est trop gros pour la passerelle.',
  },
  'relay-loop': {
    en: 'The message has passed so many servers that it must go round in circles.',
    fr: 'Le message est passé par tant de serveurs qu’il doit tourner en rond.',
  },
  'relay-busy': {
    en: 'The gateway takes in too much at this moment. Nothing is lost: your queue tries again.',
    fr: 'La passerelle reçoit trop de choses en ce moment. Rien n’est perdu : votre file réessaie.',
  },
  'relay-connections': {
    en: 'Your server has too many connections to the gateway open at once.',
    fr: 'Votre serveur a trop de connexions ouvertes à la fois vers la passerelle.',
  },
  'relay-full': {
    en: 'Too many of your messages wait at the gateway already.',
    fr: 'Trop de vos messages attendent déjà à la passerelle.',
  },
}

export const relayReason = (rule: string): Reason => {
  const text = TEXTS[rule]
  if (text === undefined) throw new Error(`the rule ${rule} has no words`)
  return { rule, text }
}
