/** Mistakes that name servers take without a word, and that make mail go astray. */
import type { DomainNames, Mistake, ZoneRecord } from './api.ts'

/** What is looked up elsewhere: the addresses of a name, and whether it is an alias. */
export interface Outside {
  hasAddress(host: string): Promise<boolean>
  isAlias(host: string): Promise<boolean>
}

type Text = Mistake['text']

const WITH_TARGET: Partial<Record<ZoneRecord['type'], number>> = { MX: 1, SRV: 3, CNAME: 0 }

/** The host that a record leads to, as it is written; null for records that lead nowhere. */
function target({ type, data }: ZoneRecord): string | null {
  const field = WITH_TARGET[type]
  return field === undefined ? null : (data.split(' ')[field] ?? null)
}

/** A name of a record, absolute, without the final dot, in lower case. */
const absolute = (name: string, domain: string): string =>
  (name === '@' ? domain : name.endsWith('.') ? name.slice(0, -1) : `${name}.${domain}`).toLowerCase()

/** The strings of a TXT record, joined as their readers do. */
const textOf = (data: string): string =>
  [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part = '']) => part.replace(/\\(.)/g, '$1')).join('')

const isSpf = (record: ZoneRecord) => record.type === 'TXT' && /^v=spf1( |$)/i.test(textOf(record.data))

/** Every mistake of a domain's names. */
export async function mistakesIn(
  domain: string,
  { records, reverse }: DomainNames,
  outside: Outside,
): Promise<Mistake[]> {
  const found: Mistake[] = []
  const tell = (record: { name: string; type: string }, code: string, text: Text) =>
    found.push({ code, name: record.name, type: record.type, text })
  const at = (name: string) => records.filter(record => absolute(record.name, domain) === name)

  for (const record of records) {
    const to = target(record)
    if (to !== null && to !== '.') await lookAtTarget(record, to)
    if (record.type === 'TXT') lookAtText(record)
  }
  twoOfAKind()
  for (const [address, host] of Object.entries(reverse)) {
    const type = address.includes(':') ? 'AAAA' : 'A'
    const back = at(host.toLowerCase()).some(record => record.type === type && same(record.data, address))
    const ours = host.toLowerCase() === domain || host.toLowerCase().endsWith(`.${domain}`)
    if (ours && !back)
      tell({ name: address, type: 'PTR' }, 'ptr-not-confirmed', {
        en: `${address} says that it is ${host}, but ${host} has no ${type} record with this address. Providers want both to agree.`,
        fr: `${address} dit s’appeler ${host}, mais ${host} n’a pas d’enregistrement ${type} avec cette adresse. Les fournisseurs veulent que les deux concordent.`,
      })
  }
  return found

  async function lookAtTarget(record: ZoneRecord, to: string): Promise<void> {
    const host = absolute(to, domain)
    if (host.endsWith(`.${domain}.${domain}`) || host === `${domain}.${domain}`)
      return void tell(record, 'missing-dot', {
        en: `Without a dot at its end, ${to} means ${host}. Write \`${to}.\``,
        fr: `Sans point à la fin, ${to} veut dire ${host}. Écrivez \`${to}.\``,
      })
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

  function lookAtText(record: ZoneRecord): void {
    const text = textOf(record.data)
    const name = absolute(record.name, domain)
    if (isSpf(record)) {
      const wrong = text
        .split(/ +/)
        .slice(1)
        .find(
          term =>
            !/^(?:[-+~?]?(?:all|(?:include|a|mx|ptr|ip4|ip6|exists)(?:[:/].*)?)|(?:redirect|exp)=.+|[a-z][a-z0-9._-]*=.*|)$/i.test(
              term,
            ),
        )
      if (wrong !== undefined)
        tell(record, 'spf-syntax', {
          en: `«${wrong}» is no term of SPF: the whole record counts as broken (permerror).`,
          fr: `« ${wrong} » n’est pas un terme de SPF : tout l’enregistrement compte comme cassé (permerror).`,
        })
    } else if (/^v=spf/i.test(text))
      tell(record, 'spf-version', {
        en: 'An SPF record begins with exactly `v=spf1` and a space; this one is seen by nobody.',
        fr: 'Un enregistrement SPF commence exactement par `v=spf1` et une espace ; celui-ci, personne ne le voit.',
      })
    if (/^v=DMARC1/i.test(text) && !name.startsWith('_dmarc.'))
      tell(record, 'dmarc-elsewhere', {
        en: `DMARC is looked for at _dmarc.${domain}, and nowhere else.`,
        fr: `DMARC se cherche à _dmarc.${domain}, et nulle part ailleurs.`,
      })
    if (/^v=DKIM1/i.test(text) && !name.includes('._domainkey.'))
      tell(record, 'dkim-elsewhere', {
        en: `A DKIM key is looked for at SELECTOR._domainkey.${domain}.`,
        fr: `Une clef DKIM se cherche à SÉLECTEUR._domainkey.${domain}.`,
      })
  }

  function twoOfAKind(): void {
    const names = new Set(records.map(record => absolute(record.name, domain)))
    for (const name of names) {
      const here = at(name)
      const spf = here.filter(isSpf)
      if (spf[1])
        tell(spf[1], 'two-spf', {
          en: `${name} has ${spf.length} SPF records. Two count as none that works (permerror): join them into one.`,
          fr: `${name} a ${spf.length} enregistrements SPF. Deux valent moins qu’un (permerror) : réunissez-les en un seul.`,
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
