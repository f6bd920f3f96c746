/** Mistakes in SPF records (RFC 7208). */
import type { ZoneRecord } from '../api.ts'
import { type Outside, spf, type Tell, textOf } from './names.ts'

const TERM =
  /^(?:[-+~?]?(?:all|(?:include|a|mx|ptr|ip4|ip6|exists)(?:[:/].*)?)|(?:redirect|exp)=.+|[a-z][a-z0-9._-]*=.*|)$/i
/** RFC 7208, 4.6.4: terms that make the receiver ask the DNS, those of included records among them. */
const LOOKUPS_AT_MOST = 10

const terms = (text: string): string[] => text.split(/ +/).slice(1)

export async function lookAtSpf(
  record: ZoneRecord,
  domain: string,
  outside: Outside,
  tell: Tell,
): Promise<void> {
  const all = terms(textOf(record.data))
  const wrong = all.find(term => !TERM.test(term))
  if (wrong !== undefined)
    return void tell(record, 'spf-syntax', {
      en: `«${wrong}» is no term of SPF: the whole record counts as broken (permerror).`,
      fr: `« ${wrong} » n’est pas un terme de SPF : tout l’enregistrement compte comme cassé (permerror).`,
    })
  if (all.some(term => /^\+?all$/i.test(term)))
    tell(record, 'spf-all-pass', {
      en: '`all` or `+all` lets every machine in the world send as you. Write `-all`, or `~all` while you try.',
      fr: '`all` ou `+all` permet à toutes les machines du monde d’envoyer en votre nom. Écrivez `-all`, ou `~all` pendant vos essais.',
    })
  const last = all.findIndex(term => /^[-+~?]?all$/i.test(term))
  const lost = last < 0 ? undefined : all.slice(last + 1).find(term => term !== '' && !/^[a-z]+=/i.test(term))
  if (lost !== undefined)
    tell(record, 'spf-after-all', {
      en: `Nothing after \`all\` is read: put «${lost}» before it.`,
      fr: `Rien de ce qui suit \`all\` n’est lu : placez « ${lost} » avant.`,
    })
  const count = await lookups(all, outside, new Set([domain]))
  if (count > LOOKUPS_AT_MOST)
    tell(record, 'spf-lookups', {
      en: `This record costs its reader more than ${LOOKUPS_AT_MOST} look-ups in the DNS (${count} were counted, those of includes among them): it then counts as broken (permerror). Name addresses with ip4: and ip6: instead.`,
      fr: `Cet enregistrement coûte à son lecteur plus de ${LOOKUPS_AT_MOST} requêtes DNS (${count} comptées, celles des include comprises) : il compte alors comme cassé (permerror). Nommez plutôt les adresses par ip4: et ip6:.`,
    })
}

async function lookups(all: string[], outside: Outside, seen: Set<string>): Promise<number> {
  let count = 0
  for (const term of all) {
    if (!/^[-+~?]?(?:include:|a(?:[:/]|$)|mx(?:[:/]|$)|ptr(?:[:/]|$)|exists:)|^redirect=/i.test(term))
      continue
    count++
    const other = /^(?:[-+~?]?include:|redirect=)([a-z0-9._-]+)$/i.exec(term)?.[1]?.toLowerCase()
    // A chain may be long or lead back to itself.
    if (other === undefined || seen.has(other) || seen.size > LOOKUPS_AT_MOST) continue
    seen.add(other)
    const text = (await outside.texts(other)).find(spf)
    if (text !== undefined) count += await lookups(terms(text), outside, seen)
  }
  return count
}
