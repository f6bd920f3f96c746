/** Mistakes in TLSA records (RFC 6698; for mail RFC 7672). */
import type { ZoneRecord } from '../api.ts'
import type { Tell } from './names.ts'

/** Hexadecimal digits of the hash, by matching type: SHA-256 and SHA-512. */
const DIGITS: Record<string, number> = { '1': 64, '2': 128 }

export function lookAtTlsa(record: ZoneRecord, tell: Tell): void {
  const [usage = '', selector = '', matching = '', ...hash] = record.data.split(' ')
  if (!/^_\d{1,5}\._(?:tcp|udp|sctp)(?:\.|$)/.test(record.name))
    tell(record, 'tlsa-elsewhere', {
      en: `TLSA is looked for at the port of a host: \`_25._tcp.mail\` for the SMTP server of mail, not \`${record.name}\`.`,
      fr: `TLSA se cherche au port d’un hôte : \`_25._tcp.mail\` pour le serveur SMTP de mail, et non \`${record.name}\`.`,
    })
  if (Number(usage) > 3 || Number(selector) > 1 || Number(matching) > 2)
    return void tell(record, 'tlsa-numbers', {
      en: `The three numbers are the usage (0 to 3), the selector (0 or 1) and the matching type (0 to 2); ${usage} ${selector} ${matching} is not among them. A mail server wants 3 1 1.`,
      fr: `Les trois nombres sont l’usage (0 à 3), le sélecteur (0 ou 1) et le type de comparaison (0 à 2) ; ${usage} ${selector} ${matching} n’en est pas. Un serveur de mail veut 3 1 1.`,
    })
  if (/^_25\._tcp/.test(record.name) && Number(usage) < 2)
    tell(record, 'tlsa-usage', {
      en: `Mail servers heed only the usages 2 and 3 (RFC 7672); with ${usage} this record says nothing to them. Write 3 1 1.`,
      fr: `Les serveurs de mail ne tiennent compte que des usages 2 et 3 (RFC 7672) ; avec ${usage}, cet enregistrement ne leur dit rien. Écrivez 3 1 1.`,
    })
  const wanted = DIGITS[matching]
  const seen = hash.join('').length
  if (wanted !== undefined && seen !== wanted)
    tell(record, 'tlsa-length', {
      en: `With matching type ${matching} a hash of ${wanted} hexadecimal digits is expected; here are ${seen}. Copy the whole of it.`,
      fr: `Avec le type de comparaison ${matching}, une empreinte de ${wanted} chiffres hexadécimaux est attendue ; il y en a ${seen}. Recopiez-la en entier.`,
    })
}
