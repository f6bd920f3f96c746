/**
 * Every error that a reader or a program can get from the server, in one place: its code, its HTTP status and its
 * words; those about names and addresses are in registrar/errors.ts. CONTRIBUTING.md lists the same codes.
 */
import type { Lang, Text } from '../../checker/step.ts'
import { nameErrors } from './registrar/errors.ts'

export interface ErrorEntry {
  status: number
  text: Text
}

export const errors = {
  'not-found': {
    status: 404,
    text: { en: 'There is nothing at this address.', fr: 'Il n’y a rien à cette adresse.' },
  },
  'no-session': {
    status: 401,
    text: {
      en: 'This course is not open to you yet: enter with the link that was printed where it was started.',
      fr: 'Ce cours ne vous est pas encore ouvert : entrez par le lien affiché là où il a été lancé.',
    },
  },
  'wrong-key': {
    status: 403,
    text: {
      en: 'This link is not, or no longer, the right one. Ask for the link printed where the course was started.',
      fr: 'Ce lien n’est pas, ou plus, le bon. Demandez celui qui est affiché là où le cours a été lancé.',
    },
  },
  'wrong-origin': {
    status: 403,
    text: {
      en: 'This request comes from another site. Open the course’s own page and try again.',
      fr: 'Cette demande vient d’un autre site. Ouvrez la page du cours et réessayez.',
    },
  },
  'wrong-host': {
    status: 421,
    text: {
      en: 'This server answers only to its own name. Open the address that it printed when it started.',
      fr: 'Ce serveur ne répond qu’à son propre nom. Ouvrez l’adresse affichée à son démarrage.',
    },
  },
  'wrong-method': {
    status: 405,
    text: { en: 'This address does not take this method.', fr: 'Cette adresse n’accepte pas cette méthode.' },
  },
  'too-large': {
    status: 413,
    text: { en: 'What was sent is too large.', fr: 'Ce qui a été envoyé est trop gros.' },
  },
  'bad-request': {
    status: 400,
    text: { en: 'The request could not be understood.', fr: 'La demande n’a pas été comprise.' },
  },
  'unknown-step': {
    status: 404,
    text: {
      en: 'There is no such step in this course, or it can’t be loaded.',
      fr: 'Cette étape n’existe pas dans ce cours, ou ne peut pas être chargée.',
    },
  },
  'bad-message': {
    status: 400,
    text: {
      en: 'The page sent something that the server does not know. Reload the page.',
      fr: 'La page a envoyé quelque chose que le serveur ne connaît pas. Rechargez la page.',
    },
  },
  'too-many': {
    status: 429,
    text: {
      en: 'Too many windows of this course are open at once. Close some and reload.',
      fr: 'Trop de fenêtres de ce cours sont ouvertes à la fois. Fermez-en quelques-unes et rechargez.',
    },
  },
  'our-fault': {
    status: 500,
    text: {
      en: 'Something broke on our side. It was written to the server’s output.',
      fr: 'Quelque chose a cassé de notre côté. Le détail est dans la sortie du serveur.',
    },
  },
  unreachable: {
    status: 503,
    text: {
      en: 'The container engine does not answer. If it was stopped, start it; we keep trying.',
      fr: 'Le moteur de conteneurs ne répond pas. S’il a été arrêté, relancez-le ; nous continuons d’essayer.',
    },
  },
  'no-image': {
    status: 503,
    text: {
      en: 'An image of the course is missing on the engine. Stop the course and run npm start again: it builds what is missing.',
      fr: 'Il manque une image du cours sur le moteur. Arrêtez le cours et relancez npm start : ce qui manque sera construit.',
    },
  },
  full: {
    status: 503,
    text: {
      en: 'The machine is full: no memory, disk or address is left for a lab. Free some, for instance with npm run stop; we keep trying.',
      fr: 'La machine est pleine : plus de mémoire, de disque ou d’adresse pour un labo. Libérez de la place, par exemple avec npm run stop ; nous continuons d’essayer.',
    },
  },
  gone: {
    status: 503,
    text: {
      en: 'The lab’s machine is not running. We are bringing it up again.',
      fr: 'La machine du labo ne tourne pas. Nous la relançons.',
    },
  },
  slow: {
    status: 503,
    text: {
      en: 'The container engine is very slow to answer. Nothing is lost; we keep trying.',
      fr: 'Le moteur de conteneurs met très longtemps à répondre. Rien n’est perdu ; nous continuons d’essayer.',
    },
  },
  refused: {
    status: 503,
    text: {
      en: 'The container engine refused what we asked of it. The reason stands in the server’s output; we keep trying.',
      fr: 'Le moteur de conteneurs a refusé ce que nous lui demandions. La raison est dans la sortie du serveur ; nous continuons d’essayer.',
    },
  },
  'no-holder': {
    status: 503,
    text: {
      en: 'The machine does not answer as it should: the part that keeps its terminals is missing or was changed. We keep trying; starting again from scratch mends it.',
      fr: 'La machine ne répond pas comme elle devrait : la partie qui garde ses terminaux manque ou a été modifiée. Nous continuons d’essayer ; repartir de zéro répare cela.',
    },
  },
  'no-shell': {
    status: 503,
    text: {
      en: 'The machine can’t start a shell: it may be out of processes or memory, or have lost /bin/bash. We keep trying.',
      fr: 'La machine n’arrive pas à lancer un shell : plus assez de processus ou de mémoire, ou plus de /bin/bash. Nous continuons d’essayer.',
    },
  },
  'too-many-terminals': {
    status: 429,
    text: {
      en: 'Too many terminals are open on this machine. Close one that you no longer need.',
      fr: 'Trop de terminaux sont ouverts sur cette machine. Fermez-en un dont vous n’avez plus besoin.',
    },
  },
  'no-message': {
    status: 404,
    text: {
      en: 'This message is no longer where it was: it was moved, removed, or has expired. Refresh the list.',
      fr: 'Ce message n’est plus où il était : il a été déplacé, supprimé, ou a expiré. Actualisez la liste.',
    },
  },
  'too-fast': {
    status: 429,
    text: {
      en: 'That is a lot at once. Wait a moment and try again.',
      fr: 'Cela fait beaucoup à la fois. Patientez un instant et réessayez.',
    },
  },
  'not-kept': {
    status: 409,
    text: {
      en: 'This server is no longer kept: only the newest ones are. Reload the page to see which.',
      fr: 'Ce serveur n’est plus gardé : seuls les plus récents le sont. Rechargez la page pour voir lesquels.',
    },
  },
  'replay-failed': {
    status: 500,
    text: {
      en: 'The solution of step {n} stopped with an error on the new server. It is our mistake, or the machine is short of something.',
      fr: 'La solution de l’étape {n} s’est arrêtée sur une erreur, sur le nouveau serveur. C’est notre faute, ou la machine manque de quelque chose.',
    },
  },
  ...nameErrors,
  'lab-closed': {
    status: 409,
    text: { en: 'The lab is not open yet.', fr: 'Le labo n’est pas encore ouvert.' },
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errors

/** What stands in for the `{placeholders}` of a text. */
export type Values = Record<string, string | number>

export const say = (code: ErrorCode, lang: Lang, values: Values = {}): string =>
  errors[code].text[lang].replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole))

/** The body that programs get. */
export const errorBody = (
  code: ErrorCode,
  lang: Lang,
  values?: Values,
): { code: ErrorCode; message: string } => ({
  code,
  message: say(code, lang, values),
})

/** An error of ours on its way to whoever asked. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly code: ErrorCode
  readonly values: Values
  /** Goes into the answer beside the code and the message. */
  readonly details: object
  constructor(code: ErrorCode, values: Values = {}, details: object = {}) {
    super(say(code, 'en', values))
    this.code = code
    this.values = values
    this.details = details
  }
}
