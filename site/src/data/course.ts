/**
 * The ten steps as the syllabus has them. A step becomes readable as soon as its folder is in labs/;
 * until then this is all that the site knows of it.
 */
import type { Lang } from '../../protocol.ts'

export interface PlannedStep {
  number: number
  /** The folder is labs/NN-slug, the address /LANG/steps/slug/. */
  slug: string
  title: Record<Lang, string>
  summary: Record<Lang, string>
}

export const plan: PlannedStep[] = [
  {
    number: 1,
    slug: 'politics',
    title: { en: 'A mail service, but what for?', fr: 'Un service mail, oui, mais pour quoi ?' },
    summary: {
      en: 'Who holds our mail, what a provider knows of us, and what hosting it ourselves changes.',
      fr: 'Qui détient notre courrier, ce qu’un hébergeur sait de nous, et ce que change le fait de s’en charger.',
    },
  },
  {
    number: 2,
    slug: 'organisation',
    title: { en: 'With whom, for whom, with what money?', fr: 'Avec qui, pour qui, avec quel argent ?' },
    summary: {
      en: 'Working as a group: keys that leave with people, notes that stay, costs that add up.',
      fr: 'S’organiser à plusieurs : des clefs qui partent avec les gens, des notes qui restent, des comptes justes.',
    },
  },
  {
    number: 3,
    slug: 'law',
    title: { en: 'Rights and duties', fr: 'Droits et devoirs' },
    summary: {
      en: 'What must be kept and what must be erased; answering an order, or contesting it.',
      fr: 'Ce qu’il faut garder, ce qu’il faut effacer ; répondre à une réquisition, ou la contester.',
    },
  },
  {
    number: 4,
    slug: 'how-mail-works',
    title: { en: 'How e-mail works', fr: 'Comment marche le courriel' },
    summary: {
      en: 'A message’s journey: names, ports, envelope and header, who may relay for whom.',
      fr: 'Le voyage d’un message : noms, ports, enveloppe et en-têtes, qui relaie pour qui.',
    },
  },
  {
    number: 5,
    slug: 'fifty-users',
    title: { en: 'Fifty users, Unix accounts', fr: 'Cinquante utilisateurices, comptes Unix' },
    summary: {
      en: 'Postfix and Dovecot on your server: mail arrives, leaves, and nobody else gets to use it.',
      fr: 'Postfix et Dovecot sur votre serveur : le courrier arrive, part, et personne d’autre n’en profite.',
    },
  },
  {
    number: 6,
    slug: 'being-accepted',
    title: { en: 'Being accepted by the others', fr: 'Se faire accepter par les autres' },
    summary: {
      en: 'SPF, DKIM, DMARC, reverse names, pace, blocklists: what the big providers ask for.',
      fr: 'SPF, DKIM, DMARC, noms inverses, cadence, listes noires : ce qu’exigent les gros.',
    },
  },
  {
    number: 7,
    slug: 'thousand-users',
    title: { en: 'A thousand users, SQL', fr: 'Mille utilisateurices, en SQL' },
    summary: {
      en: 'Domains, mailboxes and aliases in a database; webmail, filters, quotas; moving house.',
      fr: 'Domaines, boîtes et alias en base de données ; webmail, filtres, quotas ; le déménagement.',
    },
  },
  {
    number: 8,
    slug: 'antispam',
    title: { en: 'Antispam', fr: 'Antispam' },
    summary: {
      en: 'Greylisting, sorting, learning; and what leaves from here, which matters as much.',
      fr: 'Liste grise, tri, apprentissage ; et ce qui part de chez nous, qui compte tout autant.',
    },
  },
  {
    number: 9,
    slug: 'lists',
    title: { en: 'Lists', fr: 'Listes' },
    summary: {
      en: 'A discussion list and an announcement list that reach everyone, and loop nowhere.',
      fr: 'Une liste de discussion, une liste d’annonces : tout le monde les reçoit, rien ne tourne en boucle.',
    },
  },
  {
    number: 10,
    slug: 'keep-it-running',
    title: { en: 'Keep it running', fr: 'Tenir dans la durée' },
    summary: {
      en: 'Watching, updating, backing up and restoring; the bad October; closing decently.',
      fr: 'Surveiller, mettre à jour, sauvegarder et restaurer ; le sombre octobre ; fermer proprement.',
    },
  },
]
