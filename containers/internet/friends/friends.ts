/** The people at the providers who answer mail. Invented; a dot in each name keeps them apart from participants. */
import type { MailProvider } from '../api.ts'

export interface Friend {
  provider: MailProvider
  /** `lucie.moreau` */
  local: string
  name: string
  /** Their own: what they write in when they can't tell which one they were written to in. */
  language: 'en' | 'fr'
  /** How they greet and what they say, in both; one of the lines is picked for each answer. */
  says: Record<'en' | 'fr', readonly string[]>
}

export const FRIENDS: readonly Friend[] = [
  {
    provider: 'grosmail',
    local: 'lucie.moreau',
    name: 'Lucie Moreau',
    language: 'fr',
    says: {
      fr: [
        'Bien reçu, merci ! Je te lis depuis le train, je réponds mieux ce soir.',
        'Ah, ton serveur marche, bravo ! Ici tout est bien arrivé.',
      ],
      en: [
        'Got it, thanks! I am on a train, I will write more tonight.',
        'Oh, your server works, well done! Everything arrived here.',
      ],
    },
  },
  {
    provider: 'grosmail',
    local: 'sam.okafor',
    name: 'Sam Okafor',
    language: 'en',
    says: {
      fr: ['Merci pour le message, il est bien arrivé. À samedi au hangar ?'],
      en: ['Thanks for your mail, it got here fine. See you at the warehouse on Saturday?'],
    },
  },
  {
    provider: 'agrume',
    local: 'mamie.odette',
    name: 'Odette Rivière',
    language: 'fr',
    says: {
      fr: [
        'Mon petit, j’ai bien reçu ton courrier. Je l’ai imprimé pour ton grand-père.',
        'Merci mon petit ! Je ne comprends pas tout, mais ça fait plaisir de te lire.',
      ],
      en: ['My dear, your letter has arrived. I printed it for your grandfather.'],
    },
  },
  {
    provider: 'agrume',
    local: 'karim.benali',
    name: 'Karim Benali',
    language: 'fr',
    says: {
      fr: ['C’est noté. Je passe le mot à l’association et je te redis.'],
      en: ['Noted. I will tell the others in the association and get back to you.'],
    },
  },
  {
    provider: 'fenetre',
    local: 'helene.faure',
    name: 'Hélène Faure',
    language: 'fr',
    says: {
      fr: ['Bonjour, votre message nous est bien parvenu. La mairie vous répondra sous quinze jours.'],
      en: ['Hello, we have received your message. The town hall will answer within two weeks.'],
    },
  },
  {
    provider: 'fenetre',
    local: 'tom.walker',
    name: 'Tom Walker',
    language: 'en',
    says: {
      fr: ['Merci ! Pour une fois que ça n’arrive pas dans les indésirables.'],
      en: ['Thanks! For once it did not land in my spam folder.'],
    },
  },
  {
    provider: 'copine',
    local: 'ines.garcia',
    name: 'Inès Garcia',
    language: 'fr',
    says: {
      fr: ['Coucou ! Bien reçu chez nous, et signé comme il faut. Bienvenue parmi les petits hébergeurs.'],
      en: ['Hi! It arrived, and properly signed. Welcome among the small providers.'],
    },
  },
  {
    provider: 'copine',
    local: 'noor.jansen',
    name: 'Noor Jansen',
    language: 'en',
    says: {
      fr: ['Reçu, merci. Tu viens à la réunion des admins de jeudi ?'],
      en: ['Received, thanks. Are you coming to the admins’ meeting on Thursday?'],
    },
  },
]

export const friendAddress = ({ local, provider }: Friend): string => `${local}@${provider}.test`

export const friendAt = (domain: string, name: string): Friend | undefined =>
  FRIENDS.find(friend => friend.local === name && `${friend.provider}.test` === domain)
