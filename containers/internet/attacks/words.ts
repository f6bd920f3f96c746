/** What an attack is, for those who see it on the map. */
import type { Reason } from '../api.ts'
import type { AttackKind } from './api.ts'

const TEXTS: Record<AttackKind, Reason['text']> = {
  spam: { en: 'Spam from pourriel.test.', fr: 'Du spam de pourriel.test.' },
  forged: {
    en: 'pourriel.test sends under a name that is not its own.',
    fr: 'pourriel.test envoie sous un nom qui n’est pas le sien.',
  },
  dictionary: {
    en: 'pourriel.test tries names to find out who exists.',
    fr: 'pourriel.test essaie des noms pour savoir qui existe.',
  },
  relay: {
    en: 'pourriel.test tries to have this server carry mail to others.',
    fr: 'pourriel.test essaie de faire porter par ce serveur du courrier pour d’autres.',
  },
  passwords: { en: 'pourriel.test guesses passwords.', fr: 'pourriel.test devine des mots de passe.' },
  virus: {
    en: 'pourriel.test sends the test virus (EICAR).',
    fr: 'pourriel.test envoie le virus d’essai (EICAR).',
  },
  'stolen-account': {
    en: 'pourriel.test sends with a stolen password.',
    fr: 'pourriel.test envoie avec un mot de passe volé.',
  },
}

export const attackReason = (kind: AttackKind): Reason => ({ rule: `attack-${kind}`, text: TEXTS[kind] })
