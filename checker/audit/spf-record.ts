/** An SPF record (RFC 7208), evaluated by mailauth as receivers do, and what the record says on its own. */
import { spf } from 'mailauth/lib/spf/index.js'
import type { Probes } from '../probes/types.ts'
import { partsOf } from './txt.ts'

/** Addresses that belong to nobody in the lab, so that each term is asked before `all` decides. */
const NOBODY = ['198.19.255.254', '2001:db8:ffff::ffff'] as const

export interface Evaluated {
  /** Records that begin with v=spf1, the strings of each kept apart. */
  records: string[][]
  /** The first of them, joined. */
  text: string
  terms: string[]
  /** Whether every letter of the record could be read: not permerror. */
  valid: boolean
  result: string
  why: string
  lookups: number
  voids: number
  /** Domains that include each other, or redirect, in a circle. */
  loops: string[]
  /** Bytes of the DNS answer with all TXT records of the name, without signatures. */
  answerBytes: number
}

/** Header and question of an answer, but for the name (RFC 1035, 4.1). */
const ANSWER_HEAD = 12 + 2 + 4

/** Looks at a domain's record from strangers' addresses of both families. */
export async function evaluate(probes: Pick<Probes, 'dns'>, domain: string): Promise<Evaluated> {
  const all = (await probes.dns.resolve(domain, 'TXT')).map(partsOf)
  const records = all.filter(parts => isSpf(parts.join('')))
  const text = records[0]?.join('') ?? ''
  const seen = await Promise.all(NOBODY.map(ip => asReceiver(probes, domain, ip)))
  const worst = seen.find(({ status }) => /error/.test(status.result)) ?? seen[0]
  return {
    records,
    text,
    terms: termsOf(text),
    valid: records.length > 0 && !seen.some(({ status }) => status.result === 'permerror'),
    result: worst?.status.result ?? 'none',
    why: worst?.status.comment ?? '',
    lookups: Math.max(...seen.map(({ lookups }) => lookups?.count ?? 0)),
    voids: Math.max(...seen.map(({ lookups }) => lookups?.void ?? 0)),
    loops: await loopsIn(probes, domain),
    answerBytes:
      ANSWER_HEAD +
      domain.length +
      all.reduce((sum, parts) => sum + 12 + parts.reduce((n, part) => n + 1 + part.length, 0), 0),
  }
}

const asReceiver = (probes: Pick<Probes, 'dns'>, domain: string, ip: string) =>
  spf({
    sender: `nobody@${domain}`,
    ip,
    helo: domain,
    mta: 'audit.test',
    strict: true,
    // The library's type knows of TXT and addresses alone.
    resolver: (name, type) => resolved(probes, name, type) as Promise<string[] | string[][]>,
  })

/** As node:dns answers, which is what the library wants. */
async function resolved(probes: Pick<Probes, 'dns'>, name: string, type: string) {
  const { status, answers } = await probes.dns.ask(name, type)
  const code = { NXDOMAIN: 'ENOTFOUND', NOERROR: 'ENODATA' }[status] ?? 'ESERVFAIL'
  if (answers.length === 0) throw Object.assign(new Error(`${code} ${name} ${type}`), { code })
  if (type === 'TXT') return answers.map(partsOf)
  if (type !== 'MX') return answers.map(answer => answer.replace(/\.$/, ''))
  return answers.map(answer => {
    const [priority, exchange = ''] = answer.split(' ')
    return { priority: Number(priority), exchange: exchange.replace(/\.$/, '') }
  })
}

const isSpf = (text: string) => /^v=spf1( |$)/i.test(text)

/** All that stands after the version. */
export const termsOf = (text: string): string[] => text.split(/ +/).slice(1).filter(Boolean)

/** The domains that a record sends its readers on to. */
export const onwards = (terms: readonly string[]): string[] =>
  terms.flatMap(term => /^(?:[-+~?]?include:|redirect=)(\S+)$/i.exec(term)?.[1]?.toLowerCase() ?? [])

async function loopsIn(probes: Pick<Probes, 'dns'>, domain: string): Promise<string[]> {
  const loops = new Set<string>()
  const walk = async (name: string, way: readonly string[]): Promise<void> => {
    // Deeper than ten nobody reads (4.6.4).
    if (way.includes(name)) return void loops.add([...way, name].join(' > '))
    if (way.length > 10) return
    const { answers } = await probes.dns.ask(name, 'TXT')
    const text = answers.map(answer => partsOf(answer).join('')).find(isSpf) ?? ''
    for (const next of onwards(termsOf(text))) await walk(next, [...way, name])
  }
  await walk(domain.toLowerCase(), [])
  return [...loops]
}
