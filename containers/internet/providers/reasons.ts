/** What each rule means, for the learner whose message it concerns. */
import type { Reason } from '../api.ts'

const TEXTS: Record<string, Reason['text']> = {
  'no-relay': {
    en: 'The recipient is not at this provider: it would have had to relay.',
    fr: 'Le destinataire n’est pas chez cet hébergeur : il aurait dû relayer.',
  },
  'unknown-user': { en: 'There is nobody of this name.', fr: 'Il n’y a personne de ce nom.' },
  'mailbox-full': {
    en: 'The recipient’s mailbox is full: your server keeps the message in its queue and tries again.',
    fr: 'La boîte du destinataire est pleine : votre serveur garde le message dans sa file et réessaie.',
  },
  'too-many-recipients': {
    en: 'One message had more recipients than the provider takes at once.',
    fr: 'Un seul message avait plus de destinataires que l’hébergeur n’en prend à la fois.',
  },
  'too-many-connections': {
    en: 'Your server had more connections open at once than the provider takes: set `smtp_destination_concurrency_limit` for it.',
    fr: 'Votre serveur avait plus de connexions ouvertes que l’hébergeur n’en prend : réglez `smtp_destination_concurrency_limit` pour lui.',
  },
  'too-fast': {
    en: 'Messages came faster than the provider takes them: a transport of its own with a rate delay helps. Nothing is lost, the queue tries again.',
    fr: 'Les messages arrivaient plus vite que l’hébergeur ne les prend : un transport à part, avec un délai, y remédie. Rien n’est perdu, la file réessaie.',
  },
  greylisted: {
    en: 'The provider does not know your server yet and waits to see whether it comes again, as real servers do.',
    fr: 'L’hébergeur ne connaît pas encore votre serveur, et attend de voir s’il revient, comme le font les vrais.',
  },
  blocklisted: {
    en: 'The address of your server is on the blocklist that this provider asks.',
    fr: 'L’adresse de votre serveur est sur la liste noire que consulte cet hébergeur.',
  },
  reverse: {
    en: 'The address of the sending server has no reverse name (PTR), or its name does not lead back to it.',
    fr: 'L’adresse du serveur expéditeur n’a pas de nom inverse (PTR), ou ce nom ne ramène pas à elle.',
  },
  helo: {
    en: 'The name in EHLO is no full host name, or does not exist: `postconf myhostname`.',
    fr: 'Le nom donné dans EHLO n’est pas un nom complet, ou n’existe pas : `postconf myhostname`.',
  },
  'no-tls': {
    en: 'The message came without encryption: `postconf smtp_tls_security_level` should say `may`.',
    fr: 'Le message est arrivé en clair : `postconf smtp_tls_security_level` devrait dire `may`.',
  },
  ipv6: {
    en: 'Over IPv6 this provider is stricter: reverse name, and SPF or DKIM.',
    fr: 'En IPv6, cet hébergeur est plus strict : nom inverse, et SPF ou DKIM.',
  },
  unauthenticated: {
    en: 'Neither SPF nor DKIM says that this server may send for this domain.',
    fr: 'Ni SPF ni DKIM ne disent que ce serveur peut envoyer pour ce domaine.',
  },
  'no-spf': {
    en: 'SPF does not pass for the envelope’s sender.',
    fr: 'SPF ne passe pas pour l’expéditeur de l’enveloppe.',
  },
  'no-dkim': {
    en: 'There is no DKIM signature that passes.',
    fr: 'Il n’y a pas de signature DKIM qui passe.',
  },
  'no-dmarc': {
    en: 'DMARC does not pass: neither SPF nor DKIM passes for the domain of the From.',
    fr: 'DMARC ne passe pas : ni SPF ni DKIM ne passent pour le domaine du From.',
  },
  'bulk-authentication': {
    en: 'Whoever sends this much needs SPF and DKIM, and one of them for the domain of the From.',
    fr: 'Qui envoie autant doit avoir SPF et DKIM, dont l’un pour le domaine du From.',
  },
  'bulk-dmarc': {
    en: 'Whoever sends this much needs a DMARC record, `p=none` at least.',
    fr: 'Qui envoie autant doit avoir un enregistrement DMARC, au moins `p=none`.',
  },
  'bulk-unsubscribe': {
    en: 'A mailing of this size needs List-Unsubscribe and List-Unsubscribe-Post, both signed by DKIM.',
    fr: 'Un envoi de cette taille doit porter List-Unsubscribe et List-Unsubscribe-Post, signés tous deux par DKIM.',
  },
  'dmarc-reject': {
    en: 'The domain of the From asks, by its DMARC policy, to refuse mail that does not pass.',
    fr: 'Le domaine du From demande, par sa politique DMARC, de refuser ce qui ne passe pas.',
  },
  'dmarc-quarantine': {
    en: 'The domain of the From asks, by its DMARC policy, to put mail that does not pass into spam.',
    fr: 'Le domaine du From demande, par sa politique DMARC, de mettre aux indésirables ce qui ne passe pas.',
  },
  format: {
    en: 'The message’s header is not as RFC 5322 wants it: one From and one Date.',
    fr: 'L’en-tête du message n’est pas conforme à la RFC 5322 : un From et un Date.',
  },
  'spam-test': {
    en: 'The message carries the test string of spam filters (GTUBE).',
    fr: 'Le message porte la chaîne d’essai des antispams (GTUBE).',
  },
  'too-large': {
    en: 'The message is larger than the provider takes.',
    fr: 'Le message dépasse la taille permise.',
  },
}

/** Throws for a rule without words: each has them in both languages. */
export function reason(rule: string): Reason {
  const text = TEXTS[rule]
  if (text === undefined) throw new Error(`the rule ${rule} has no words`)
  return { rule, text }
}

export const RULES = Object.keys(TEXTS)
