/** What each failure of checked TLS means, in both languages. */
import type { TlsFailure, Words } from '../api-reports.ts'

export interface Failure {
  type: TlsFailure
  text: Words
}

export const noStartTls = (host: string): Failure => ({
  type: 'starttls-not-supported',
  text: {
    en: `${host} does not offer STARTTLS, though its domain promises it.`,
    fr: `${host} ne propose pas STARTTLS, alors que son domaine le promet.`,
  },
})

export const brokenHandshake = (host: string, why: string): Failure => ({
  type: 'validation-failure',
  text: {
    en: `The TLS handshake with ${host} failed (${why}).`,
    fr: `La négociation TLS avec ${host} a échoué (${why}).`,
  },
})

export const noTlsaMatch = (host: string): Failure => ({
  type: 'validation-failure',
  text: {
    en: `The certificate of ${host} fits none of the TLSA records of _25._tcp.${host}.`,
    fr: `Le certificat de ${host} ne correspond à aucun des enregistrements TLSA de _25._tcp.${host}.`,
  },
})

export const bogusTlsa = (host: string, status: string): Failure => ({
  type: 'dnssec-invalid',
  text: {
    en: `_25._tcp.${host} TLSA cannot be looked up (${status}): whether there are any is not sure, so nothing is handed over.`,
    fr: `_25._tcp.${host} TLSA ne se résout pas (${status}) : rien ne dit s’il y en a, donc rien n’est remis.`,
  },
})

export const unusableTlsa = (host: string, data: readonly string[]): Failure => ({
  type: 'tlsa-invalid',
  text: {
    en: `No TLSA record of _25._tcp.${host} is usable for mail (RFC 7672: usage 2 or 3, selector 0 or 1, matching 0 to 2): ${data.join(' | ')}.`,
    fr: `Aucun enregistrement TLSA de _25._tcp.${host} ne convient au courrier (RFC 7672 : usage 2 ou 3, sélecteur 0 ou 1, correspondance 0 à 2) : ${data.join(' | ')}.`,
  },
})

export const notListed = (host: string, mx: readonly string[]): Failure => ({
  type: 'validation-failure',
  text: {
    en: `${host} is not among the mx of the MTA-STS policy (${mx.join(', ')}).`,
    fr: `${host} ne figure pas parmi les mx de la politique MTA-STS (${mx.join(', ')}).`,
  },
})

/** `code`: as Node names what it found wrong with a chain. */
export function untrusted(host: string, code: string, names: readonly string[]): Failure {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      type: 'certificate-host-mismatch',
      text: {
        en: `The certificate is for ${names.join(', ') || 'no name'}, not for ${host}.`,
        fr: `Le certificat est au nom de ${names.join(', ') || 'personne'}, non de ${host}.`,
      },
    }
  if (code === 'CERT_HAS_EXPIRED')
    return {
      type: 'certificate-expired',
      text: {
        en: `The certificate of ${host} has expired.`,
        fr: `Le certificat de ${host} a expiré.`,
      },
    }
  return {
    type: 'certificate-not-trusted',
    text: {
      en: `No authority that we trust vouches for the certificate of ${host} (${code}).`,
      fr: `Aucune autorité de confiance ne répond du certificat de ${host} (${code}).`,
    },
  }
}
