/** Mistakes that name servers take without a word, and that make mail go astray. */
import type { DomainNames, Mistake, ZoneRecord } from '../api.ts'
import { absolute, isSpf, type Outside, type Tell, textOf } from './names.ts'
import { lookAtSpf } from './spf.ts'
import { lookAtText } from './text.ts'
import { lookAtTlsa } from './tlsa.ts'

const WITH_TARGET: Partial<Record<ZoneRecord['type'], number>> = { MX: 1, SRV: 3, CNAME: 0 }

/** The host that a record leads to, as it is written; null for records that lead nowhere. */
function target({ type, data }: ZoneRecord): string | null {
  const field = WITH_TARGET[type]
  return field === undefined ? null : (data.split(' ')[field] ?? null)
}

/** Every mistake of a domain's names. */
export async function mistakesIn(
  domain: string,
  { records, reverse }: DomainNames,
  outside: Outside,
): Promise<Mistake[]> {
  const found: Mistake[] = []
  const tell: Tell = ({ name, type, data }, code, text) => void found.push({ code, name, type, data, text })
  const at = (name: string) => records.filter(record => absolute(record.name, domain) === name)

  for (const record of records) {
    const to = target(record)
    const { name } = record
    if (name === domain || name.endsWith(`.${domain}`))
      tell(record, 'name-repeats-domain', {
        en: `The domain is added to every name by itself: ${name} means ${name}.${domain}. Write only what stands before it: \`${name === domain ? '@' : name.slice(0, -domain.length - 1)}\`.`,
        fr: `Le domaine s’ajoute tout seul à chaque nom : ${name} veut dire ${name}.${domain}. N’écrivez que ce qui précède : \`${name === domain ? '@' : name.slice(0, -domain.length - 1)}\`.`,
      })
    if (to !== null && to !== '.') await lookAtTarget(record, to)
    if (isSpf(record)) await lookAtSpf(record, domain, outside, tell)
    else if (record.type === 'TXT') lookAtText(record, domain, tell)
    if (record.type === 'TLSA') lookAtTlsa(record, tell)
  }
  twoOfAKind()
  for (const [address, host] of Object.entries(reverse)) {
    const type = address.includes(':') ? 'AAAA' : 'A'
    const back = at(host.toLowerCase()).some(record => record.type === type && same(record.data, address))
    const ours = host.toLowerCase() === domain || host.toLowerCase().endsWith(`.${domain}`)
    if (ours && !back)
      tell({ name: address, type: 'PTR', data: host }, 'ptr-not-confirmed', {
        en: `${address} says that it is ${host}, but ${host} has no ${type} record with this address. Providers want both to agree.`,
        fr: `${address} dit s’appeler ${host}, mais ${host} n’a pas d’enregistrement ${type} avec cette adresse. Les hébergeurs veulent que les deux concordent.`,
      })
  }
  return found

  async function lookAtTarget(record: ZoneRecord, to: string): Promise<void> {
    const host = absolute(to, domain)
    const address = /^\d+(?:\.\d+){3}(?=\.|$)/.exec(host)?.[0]
    if (address !== undefined)
      return void tell(record, `${record.type.toLowerCase()}-to-address`, {
        en: `Here goes the name of a host, never an address: ${address} is read as a name, and nobody has it. Give the host an A record, and write its name here.`,
        fr: `Ici va le nom d’un hôte, jamais une adresse : ${address} est lu comme un nom, et personne ne le porte. Donnez à l’hôte un enregistrement A, et écrivez son nom ici.`,
      })
    if (host.endsWith(`.${domain}.${domain}`) || host === `${domain}.${domain}`) {
      const meant = host.slice(0, -domain.length)
      return void tell(record, 'missing-dot', {
        en: `Without a dot at its end a name goes on with the domain: this leads to ${host}. Write \`${meant}\` with the dot.`,
        fr: `Sans point à la fin, un nom continue par le domaine : ceci mène à ${host}. Écrivez \`${meant}\` avec le point.`,
      })
    }
    const inside = host === domain || host.endsWith(`.${domain}`)
    const alias = inside ? at(host).some(({ type }) => type === 'CNAME') : await outside.isAlias(host)
    if (alias && record.type !== 'CNAME')
      return void tell(record, `${record.type.toLowerCase()}-to-cname`, {
        en: `${host} is only an alias (CNAME). RFC 2181 wants a name with an address of its own here, and some servers refuse.`,
        fr: `${host} n’est qu’un alias (CNAME). La RFC 2181 veut ici un nom qui ait sa propre adresse, et certains serveurs refusent.`,
      })
    const reachable = inside
      ? at(host).some(({ type }) => type === 'A' || type === 'AAAA' || type === 'CNAME')
      : await outside.hasAddress(host)
    if (!reachable)
      tell(record, 'target-without-address', {
        en: `${host} has neither an A nor an AAAA record: nobody gets there.`,
        fr: `${host} n’a ni enregistrement A ni AAAA : personne ne peut s’y rendre.`,
      })
  }

  function twoOfAKind(): void {
    for (const name of new Set(records.map(record => absolute(record.name, domain)))) {
      const here = at(name)
      const spf = here.filter(isSpf)
      for (const record of spf.slice(1))
        tell(record, 'two-spf', {
          en: `${name} has ${spf.length} SPF records. Two count as none that works (permerror): join them into one.`,
          fr: `${name} a ${spf.length} enregistrements SPF. Deux valent moins qu’un (permerror) : réunissez-les en un seul.`,
        })
      const dmarc = here.filter(({ type, data }) => type === 'TXT' && /^v=DMARC1\b/.test(textOf(data)))
      for (const record of dmarc.slice(1))
        tell(record, 'two-dmarc', {
          en: `${name} has ${dmarc.length} DMARC records: receivers then act as if there were none. Keep one.`,
          fr: `${name} a ${dmarc.length} enregistrements DMARC : les destinataires font alors comme s’il n’y en avait aucun. N’en gardez qu’un.`,
        })
      const alias = here.find(({ type }) => type === 'CNAME')
      if (alias && here.length > 1)
        tell(alias, 'cname-and-others', {
          en: `${name} is an alias (CNAME) and has other records too: an alias stands alone.`,
          fr: `${name} est un alias (CNAME) et porte d’autres enregistrements : un alias doit être seul.`,
        })
    }
  }
}

const same = (a: string, b: string) =>
  a === b || (a.includes(':') && b.includes(':') && expanded(a) === expanded(b))
const expanded = (address: string) => new URL(`http://[${address}]`).hostname
