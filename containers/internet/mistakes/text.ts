/** Mistakes in the TXT records that vouch for mail: DKIM keys (RFC 6376) and DMARC policies (RFC 7489). */
import { createPublicKey } from 'node:crypto'
import type { ZoneRecord } from '../api.ts'
import { absolute, type Tell, textOf } from './names.ts'

/** RFC 8301, 3.2: what is shorter than this nobody may accept. */
const RSA_AT_LEAST = 1024

export function lookAtText(record: ZoneRecord, domain: string, tell: Tell): void {
  const text = textOf(record.data)
  const name = absolute(record.name, domain)
  if (/^["'\s]*v\s*=\s*spf/i.test(text))
    return void tell(record, 'spf-version', {
      en: 'An SPF record begins with exactly `v=spf1` and a space; this one is seen by nobody.',
      fr: 'Un enregistrement SPF commence exactement par `v=spf1` et une espace ; celui-ci, personne ne le voit.',
    })
  const dmarc = /^["'\s]*v\s*=\s*DMARC/i.test(text)
  if (dmarc && !name.startsWith('_dmarc.'))
    tell(record, 'dmarc-elsewhere', {
      en: `DMARC is looked for at _dmarc.${domain}, and nowhere else: give the record the name \`_dmarc\`.`,
      fr: `DMARC se cherche à _dmarc.${domain}, et nulle part ailleurs : donnez à l’enregistrement le nom \`_dmarc\`.`,
    })
  else if (dmarc || name === `_dmarc.${domain}`) lookAtPolicy(record, text, tell)
  const key = /^["'\s]*v\s*=\s*DKIM1/i.test(text)
  if (key && !name.includes('._domainkey.'))
    tell(record, 'dkim-elsewhere', {
      en: `A DKIM key is looked for at SELECTOR._domainkey.${domain}: give the record the name \`SELECTOR._domainkey\`.`,
      fr: `Une clef DKIM se cherche à SÉLECTEUR._domainkey.${domain} : donnez à l’enregistrement le nom \`SÉLECTEUR._domainkey\`.`,
    })
  else if (name.includes('._domainkey.')) lookAtKey(record, text, tell)
}

/** `tag=value; …` as DKIM and DMARC have them. */
const tags = (text: string): Map<string, string> =>
  new Map(
    text.split(';').flatMap((part): [string, string][] => {
      const at = part.indexOf('=')
      return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()]]
    }),
  )

function lookAtPolicy(record: ZoneRecord, text: string, tell: Tell): void {
  if (!/^v\s*=\s*DMARC1\s*(?:;|$)/.test(text))
    return void tell(record, 'dmarc-version', {
      en: 'A DMARC record begins with exactly `v=DMARC1;`, in capitals; this one is seen by nobody.',
      fr: 'Un enregistrement DMARC commence exactement par `v=DMARC1;`, en capitales ; celui-ci, personne ne le voit.',
    })
  const policy = tags(text).get('p')
  if (!policy || !/^(?:none|quarantine|reject)$/i.test(policy))
    tell(record, 'dmarc-policy', {
      en: `A DMARC record says \`p=none\`, \`p=quarantine\` or \`p=reject\`; this one says ${policy ? `\`p=${policy}\`` : 'nothing of it'}.`,
      fr: `Un enregistrement DMARC dit \`p=none\`, \`p=quarantine\` ou \`p=reject\` ; celui-ci ${policy ? `dit \`p=${policy}\`` : 'n’en dit rien'}.`,
    })
  const report = [...tags(text)].find(
    ([tag, value]) =>
      /^ru[af]$/.test(tag) && !value.split(',').every(uri => /^\s*mailto:\S+@\S+$/i.test(uri)),
  )
  if (report)
    tell(record, 'dmarc-report', {
      en: `Reports go to addresses that begin with \`mailto:\`; here stands \`${report[0]}=${report[1]}\`.`,
      fr: `Les rapports vont à des adresses qui commencent par \`mailto:\` ; ici se trouve \`${report[0]}=${report[1]}\`.`,
    })
}

function lookAtKey(record: ZoneRecord, text: string, tell: Tell): void {
  const all = tags(text)
  const key = all.get('p')
  if (key === undefined)
    return void tell(record, 'dkim-without-key', {
      en: 'A DKIM record holds the public key after `p=`; there is no `p=` in this one.',
      fr: 'Un enregistrement DKIM porte la clef publique après `p=` ; il n’y a pas de `p=` dans celui-ci.',
    })
  // RFC 6376, 3.6.1: an empty key is one that was withdrawn. Spaces within it are allowed.
  const plain = key.replace(/[ \t]/g, '')
  if (plain === '') return
  const odd = /[^A-Za-z0-9+/=]/.exec(plain)?.[0]
  if (odd !== undefined)
    return void tell(record, 'dkim-key-characters', {
      en: `There is a «${odd}» in the key. A long key is cut into pieces of at most 255 characters, each in its own quotes, with a space between the pieces and nothing else: no quotes, brackets or commas inside.`,
      fr: `Il y a un « ${odd} » dans la clef. Une longue clef se coupe en morceaux de 255 caractères au plus, chacun entre ses guillemets, une espace entre les morceaux et rien d’autre : ni guillemets, ni parenthèses, ni virgules à l’intérieur.`,
    })
  const bits = strength(plain, all.get('k') ?? 'rsa')
  if (bits === null)
    tell(record, 'dkim-key-broken', {
      en: 'This is no whole public key: a piece is missing, twice there, or in the wrong order. Copy it again from the file that made it, all of it.',
      fr: 'Ce n’est pas une clef publique entière : un morceau manque, figure deux fois, ou n’est pas à sa place. Recopiez-la en entier depuis le fichier d’origine.',
    })
  else if (bits < RSA_AT_LEAST)
    tell(record, 'dkim-key-short', {
      en: `This key has ${bits} bits: receivers accept none below ${RSA_AT_LEAST}. Make one of 2048.`,
      fr: `Cette clef fait ${bits} bits : les destinataires n’en acceptent pas sous ${RSA_AT_LEAST}. Créez-en une de 2048.`,
    })
}

/** The bits of a key, infinite for Ed25519; null if it is none. */
function strength(key: string, kind: string): number | null {
  const bytes = Buffer.from(key, 'base64')
  if (kind.toLowerCase() === 'ed25519') return bytes.length === 32 ? Number.POSITIVE_INFINITY : null
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: bytes, format: 'der', type: 'spki' })
    return asymmetricKeyDetails?.modulusLength ?? null
  } catch {
    return null
  }
}
