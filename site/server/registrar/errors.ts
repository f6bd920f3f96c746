/** The refusals of the registrar and of the blocklist, for errors.ts. */
import type { ErrorEntry } from '../errors.ts'

export const nameErrors = {
  'no-domain': {
    status: 404,
    text: {
      en: 'You have no domain yet: it is registered when your server opens. Open it on the page of a step.',
      fr: 'Vous n’avez pas encore de domaine : il est enregistré quand votre serveur s’ouvre. Ouvrez-le sur la page d’une étape.',
    },
  },
  'names-changed': {
    status: 409,
    text: {
      en: 'Somebody changed these names meanwhile: another window of yours, or nsupdate.',
      fr: 'Quelqu’un a changé ces noms entre-temps : une autre de vos fenêtres, ou nsupdate.',
    },
  },
  'bad-name': {
    status: 400,
    text: {
      en: '«{seen}» is no name of a record. Expected: @ for the domain itself, or what stands before it, of letters, digits, hyphens and underscores, such as mail or _dmarc.',
      fr: '« {seen} » n’est pas un nom d’enregistrement. Attendu : @ pour le domaine lui-même, ou ce qui le précède, en lettres, chiffres, tirets et soulignés, comme mail ou _dmarc.',
    },
  },
  'bad-data': {
    status: 400,
    text: {
      en: 'This is no {type}: «{seen}». Expected something like {example}.',
      fr: 'Ceci n’est pas un {type} : « {seen} ». Attendu, par exemple : {example}.',
    },
  },
  'bad-ttl': {
    status: 400,
    text: {
      en: 'The TTL is a number of seconds between 1 and 604800 (a week); here is «{seen}».',
      fr: 'Le TTL est un nombre de secondes entre 1 et 604800 (une semaine) ; ici se trouve « {seen} ».',
    },
  },
  'bad-host': {
    status: 400,
    text: {
      en: '«{seen}» is no host name. Expected the whole name, such as mail.{domain}.',
      fr: '« {seen} » n’est pas un nom d’hôte. Attendu : le nom entier, comme mail.{domain}.',
    },
  },
  'not-your-address': {
    status: 403,
    text: {
      en: 'There is an address among these that is not yours: only its owner sets its reverse name. {seen}',
      fr: 'Parmi ces adresses, l’une n’est pas à vous : seul son propriétaire en fixe le nom inverse. {seen}',
    },
  },
  'alias-alone': {
    status: 400,
    text: {
      en: 'An alias (CNAME) stands alone: its name has other records. Remove those, or the CNAME. The name server says: {seen}',
      fr: 'Un alias (CNAME) doit être seul : son nom porte d’autres enregistrements. Supprimez-les, ou le CNAME. Le serveur de noms dit : {seen}',
    },
  },
  'too-many-records': {
    status: 400,
    text: {
      en: 'A domain has room for {most} records here.',
      fr: 'Un domaine a ici de la place pour {most} enregistrements.',
    },
  },
  'bad-zone': {
    status: 400,
    text: {
      en: 'The name server can’t read it. It says: {seen}',
      fr: 'Le serveur de noms n’arrive pas à le lire. Il dit : {seen}',
    },
  },
  'not-listed': {
    status: 404,
    text: {
      en: '{seen} is not, or no longer, on the blocklist: there is nothing to ask for.',
      fr: '{seen} n’est pas, ou plus, sur la liste noire : il n’y a rien à demander.',
    },
  },
} as const satisfies Record<string, ErrorEntry>
