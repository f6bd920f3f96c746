/** What brings an address onto the list, as data: each rule looks at one sighting, and counts. */
import { isTrap } from '../providers/provider.ts'
import type { Inspection, ListingCause } from './api.ts'
import type { Sighting } from './sighting.ts'

type Words = { en: string; fr: string }

export interface Rule {
  cause: ListingCause
  /** So many sightings within so many seconds. */
  from: number
  seconds: number
  matches(sighting: Sighting): boolean
  /** What one sighting was. */
  what(sighting: Sighting): Words
  /** Why the address is listed. */
  reason: Words
  /** What can be looked at on the server itself before it is let go; `quiet` always is. */
  inspect: readonly Exclude<Inspection['what'], 'quiet'>[]
  /** What somebody who has the address now is told of a predecessor. */
  inherited: Words
}

const taken = ({ fate }: Sighting) => fate === 'inbox' || fate === 'spam'

export const RULES: Record<ListingCause, Rule> = {
  'spam-trap': {
    cause: 'spam-trap',
    from: 1,
    seconds: 600,
    matches: sighting => taken(sighting) && sighting.to.some(isTrap),
    what: ({ to }) => ({
      en: `A message to ${to.find(isTrap) ?? 'a trap'}, an address that only lists for sale contain.`,
      fr: `Un message pour ${to.find(isTrap) ?? 'un piège'}, une adresse que seuls contiennent des fichiers vendus.`,
    }),
    reason: {
      en: 'It sent mail to spam traps.',
      fr: 'Elle a envoyé du courrier à des adresses-pièges.',
    },
    inspect: [],
    inherited: {
      en: 'Mail to 214 spam traps in one night.',
      fr: 'Du courrier à 214 adresses-pièges en une nuit.',
    },
  },
  'unknown-users': {
    cause: 'unknown-users',
    from: 10,
    seconds: 600,
    matches: ({ rule }) => rule === 'unknown-user',
    what: ({ to }) => ({
      en: `A message for ${to[0] ?? 'somebody'}, who does not exist.`,
      fr: `Un message pour ${to[0] ?? 'quelqu’un'}, qui n’existe pas.`,
    }),
    reason: {
      en: 'It wrote to many people who do not exist.',
      fr: 'Elle a écrit à beaucoup de gens qui n’existent pas.',
    },
    inspect: [],
    inherited: {
      en: 'Mail to 1,900 recipients, 1,640 of whom do not exist.',
      fr: 'Du courrier à 1 900 destinataires, dont 1 640 n’existent pas.',
    },
  },
  'bad-content': {
    cause: 'bad-content',
    from: 3,
    seconds: 600,
    matches: ({ content }) => content !== null,
    what: ({ content }) => ({
      en: `A message with the test string of ${content === 'eicar' ? 'antivirus programs (EICAR)' : 'spam filters (GTUBE)'}.`,
      fr: `Un message avec la chaîne d’essai des ${content === 'eicar' ? 'antivirus (EICAR)' : 'antispams (GTUBE)'}.`,
    }),
    reason: { en: 'It sent spam or viruses.', fr: 'Elle a envoyé du spam ou des virus.' },
    inspect: [],
    inherited: { en: 'A mailing of forged invoices.', fr: 'Un envoi de fausses factures.' },
  },
  backscatter: {
    cause: 'backscatter',
    from: 2,
    seconds: 600,
    matches: ({ unasked }) => unasked,
    what: ({ to }) => ({
      en: `A bounce to ${to[0] ?? 'somebody'}, who never wrote to this server: the sender was forged.`,
      fr: `Un retour pour ${to[0] ?? 'quelqu’un'}, qui n’a jamais écrit à ce serveur : l’expéditeur était falsifié.`,
    }),
    reason: {
      en: 'It sends bounces to people who never wrote to it (backscatter).',
      fr: 'Elle envoie des retours à des gens qui ne lui ont jamais écrit (backscatter).',
    },
    inspect: ['unknown-users'],
    inherited: {
      en: 'Some 5,000 bounces to forged senders: the server took mail for unknown users, and sent it back.',
      fr: 'Environ 5 000 retours à des expéditeurs falsifiés : le serveur prenait le courrier d’inconnus, puis le renvoyait.',
    },
  },
  'open-relay': {
    cause: 'open-relay',
    from: 1,
    seconds: 600,
    matches: ({ relayed }) => relayed,
    what: ({ from, to }) => ({
      en: `A message of a stranger, <${from}>, for ${to[0] ?? 'somebody else'}: the server relayed it.`,
      fr: `Le message d’un inconnu, <${from}>, pour ${to[0] ?? 'un tiers'} : le serveur l’a relayé.`,
    }),
    reason: { en: 'It is an open relay.', fr: 'C’est un relais ouvert.' },
    inspect: ['open-relay'],
    inherited: {
      en: '12,000 messages of strangers, passed on in one week-end.',
      fr: '12 000 messages d’inconnus, relayés en un week-end.',
    },
  },
  'no-reverse-name': {
    cause: 'no-reverse-name',
    from: Number.POSITIVE_INFINITY,
    seconds: 600,
    matches: () => false,
    what: () => ({ en: 'No reverse name.', fr: 'Pas de nom inverse.' }),
    reason: {
      en: 'It has no reverse name that leads back to it, as the broken-into computers of homes.',
      fr: 'Elle n’a pas de nom inverse qui ramène à elle, comme les ordinateurs de particuliers piratés.',
    },
    inspect: ['reverse-name'],
    inherited: {
      en: 'Mail from an address without a reverse name.',
      fr: 'Du courrier depuis une adresse sans nom inverse.',
    },
  },
}
