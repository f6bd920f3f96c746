/** What can be wrong with an MTA-STS policy, with its code for checks, its type in reports, and its words. */
import type { PolicyFault, TlsFailure, Words } from '../api-reports.ts'
import type { Failure } from './words.ts'

type Kind =
  | 'record'
  | 'records'
  | 'dns'
  | 'no-host'
  | 'no-connection'
  | 'certificate'
  | 'status'
  | 'too-large'
  | 'media-type'
  | 'syntax'

const KINDS: Record<Kind, { type: TlsFailure; text: (name: string, seen: string) => Words }> = {
  record: {
    type: 'sts-policy-invalid',
    text: (name, seen) => ({
      en: `The TXT record of ${name} should read \`v=STSv1; id=…;\` with an id of letters and digits, 32 at most; seen: ${seen}`,
      fr: `L’enregistrement TXT de ${name} devrait être \`v=STSv1; id=…;\`, avec un id de lettres et de chiffres, 32 au plus ; vu : ${seen}`,
    }),
  },
  records: {
    type: 'sts-policy-invalid',
    text: name => ({
      en: `${name} has more than one record \`v=STSv1\`: then none counts.`,
      fr: `${name} a plus d’un enregistrement \`v=STSv1\` : aucun ne compte alors.`,
    }),
  },
  dns: {
    type: 'sts-policy-fetch-error',
    text: name => ({
      en: `${name} cannot be looked up at the moment.`,
      fr: `${name} ne se résout pas pour l’instant.`,
    }),
  },
  'no-host': {
    type: 'sts-policy-fetch-error',
    text: name => ({
      en: `${name} has no address where the policy could be fetched.`,
      fr: `${name} n’a pas d’adresse où chercher la politique.`,
    }),
  },
  'no-connection': {
    type: 'sts-policy-fetch-error',
    text: (name, seen) => ({
      en: `https://${name}/ gives no answer (${seen}).`,
      fr: `https://${name}/ ne répond pas (${seen}).`,
    }),
  },
  certificate: {
    type: 'sts-webpki-invalid',
    text: (name, seen) => ({
      en: `The certificate of https://${name}/ does not hold: it has to be for this name and from an authority (${seen}).`,
      fr: `Le certificat de https://${name}/ ne tient pas : il doit être à ce nom et venir d’une autorité (${seen}).`,
    }),
  },
  status: {
    type: 'sts-policy-fetch-error',
    text: (name, seen) => ({
      en: `https://${name}/.well-known/mta-sts.txt answers ${seen} instead of 200; redirects don’t count.`,
      fr: `https://${name}/.well-known/mta-sts.txt répond ${seen} au lieu de 200 ; les redirections ne comptent pas.`,
    }),
  },
  'too-large': {
    type: 'sts-policy-invalid',
    text: name => ({
      en: `The policy at ${name} is larger than 64 kB.`,
      fr: `La politique de ${name} dépasse 64 ko.`,
    }),
  },
  'media-type': {
    type: 'sts-policy-invalid',
    text: (name, seen) => ({
      en: `The policy at ${name} is served as ${seen || 'nothing'}, and has to be text/plain.`,
      fr: `La politique de ${name} est servie comme ${seen || 'rien'}, et doit l’être comme text/plain.`,
    }),
  },
  syntax: {
    type: 'sts-policy-invalid',
    text: (name, seen) => ({
      en: `The policy at ${name} is not as RFC 8461 wants it (version, mode, mx, max_age): ${seen}.`,
      fr: `La politique de ${name} n’est pas conforme à la RFC 8461 (version, mode, mx, max_age) : ${seen}.`,
    }),
  },
}

export class StsFault extends Error {
  readonly kind: Kind
  readonly failure: Failure
  readonly fault: PolicyFault
  constructor(kind: Kind, name: string, seen = '') {
    const { type, text } = KINDS[kind]
    const words = text(name, seen.slice(0, 200))
    super(words.en)
    this.kind = kind
    this.failure = { type, text: words }
    this.fault = { code: `sts-${kind}`, text: words }
  }
}
