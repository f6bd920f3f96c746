/**
 * Sends providers' reports: half a minute after the last message, where real ones wait for the end of the day, or at
 * once when asked.
 */
import type { ReportAnswer, ReportKind, Words } from '../api-reports.ts'
import type { LabNet } from '../env.ts'
import type { Dns } from '../providers/lookups.ts'
import type { Provider } from '../providers/provider.ts'
import type { Send, Session } from '../providers/send.ts'
import { dmarcReportsWanted, mailbox, mayReceive, tlsReportsWanted, type Wanted } from './addresses.ts'
import { type DmarcRow, dmarcReport, dmarcRow, type Judged } from './dmarc-report.ts'
import { compose } from './message.ts'
import { post } from './post.ts'
import type { Report } from './report.ts'
import { Tally } from './tally.ts'
import { type TlsRow, tlsReport, tlsRow } from './tls-report.ts'

/** What did not arrive is tried again so often, as long apart. */
const TRIES = 3
const AGAIN_MS = 10 * 60_000
const REMEMBERED = 500

export interface Reporter {
  session(session: Session): void
  judged(provider: Provider, judged: Judged): void
  now(provider: Provider, kind: ReportKind, domain: string): Promise<ReportAnswer>
  /** The domain is nobody's any more. */
  forget(domain: string): void
}

/** `quietMs`: how long nothing must have happened before a report goes out by itself. */
export function openReporter(dns: Dns, net: LabNet, send: Send, quietMs = 30_000): Reporter {
  const tls = new Tally<TlsRow>()
  const dmarc = new Tally<DmarcRow>()
  const timers = new Map<string, NodeJS.Timeout>()
  /** The last report of each kind. */
  const last = new Map<string, { report: Report; at: number }>()
  const keyOf = (provider: Provider, kind: ReportKind, domain: string) => `${kind} ${provider.name} ${domain}`

  function later(provider: Provider, kind: ReportKind, domain: string, tries = TRIES): void {
    const key = keyOf(provider, kind, domain)
    clearTimeout(timers.get(key))
    const timer = setTimeout(() => {
      timers.delete(key)
      now(provider, kind, domain).then(
        ({ sent }) => {
          // 5xx is final (RFC 5321, 4.2.1).
          const missed = sent.some(({ accepted, code }) => !accepted && code < 500)
          if (missed && tries > 1 && !timers.has(key)) later(provider, kind, domain, tries - 1)
        },
        error => console.error(`${provider.name}: ${kind} report on ${domain}:`, error),
      )
    }, quietMs)
    timers.set(key, timer)
  }

  /** What has been counted since the last one, or the last one again. */
  function latest(provider: Provider, kind: ReportKind, domain: string, { tags }: Wanted): Report | null {
    const key = keyOf(provider, kind, domain)
    let report: Report | null = null
    if (kind === 'tls') {
      const counted = tls.take(provider, domain)
      if (counted) report = tlsReport(provider, net, domain, counted)
    } else {
      const counted = dmarc.take(provider, domain)
      if (counted) report = dmarcReport(provider, domain, tags, counted)
    }
    if (report === null) {
      const before = last.get(key)
      return before && before.at > Date.now() - AGAIN_MS ? before.report : null
    }
    last.delete(key)
    last.set(key, { report, at: Date.now() })
    const [oldest] = last.keys()
    if (last.size > REMEMBERED && oldest !== undefined) last.delete(oldest)
    return report
  }

  async function hand(
    provider: Provider,
    report: Report,
    uri: string,
  ): Promise<ReportAnswer['sent'][number]> {
    const to = mailbox(uri)
    if (to === null) return { to: uri, ...(await post(provider, net, uri, report)) }
    const source = (await compose(provider, to, report)).toString('base64')
    const from = `reports@${provider.domain}`
    const { accepted, code, reply } = await send(
      provider,
      { from, to, source },
      { unchecked: report.kind === 'tls' },
    )
    return { to: uri, accepted, code, reply }
  }

  async function now(provider: Provider, kind: ReportKind, domain: string): Promise<ReportAnswer> {
    const wanted = await (kind === 'tls' ? tlsReportsWanted(dns, domain) : dmarcReportsWanted(dns, domain))
    clearTimeout(timers.get(keyOf(provider, kind, domain)))
    timers.delete(keyOf(provider, kind, domain))
    const without = (why: Words): ReportAnswer => ({ kind, domain, report: null, sent: [], why })
    const [fault] = wanted.faults
    if (wanted.rua.length === 0) {
      // Nobody asked: what was counted is forgotten, as in life.
      if (kind === 'tls') tls.take(provider, domain)
      else dmarc.take(provider, domain)
      return without(fault?.text ?? unwanted(kind, domain))
    }
    const report = latest(provider, kind, domain, wanted)
    if (report === null) return without(nothing(provider, domain))

    const sent: ReportAnswer['sent'] = []
    let why: Words | null = fault?.text ?? null
    for (const uri of wanted.rua) {
      const to = mailbox(uri)
      if (kind === 'dmarc' && to !== null && !(await mayReceive(dns, domain, to)))
        why = notAuthorised(domain, to)
      else sent.push(await hand(provider, report, uri))
    }
    const { kind: _, domain: __, ...content } = report
    return { kind, domain, report: content, sent, why }
  }

  return {
    session(session) {
      tls.add(session.provider, session.domain, tlsRow(session))
      later(session.provider, 'tls', session.domain)
    },
    judged(provider, judged) {
      const counted = dmarcRow(judged)
      if (counted === null) return
      dmarc.add(provider, counted.domain, counted.row)
      later(provider, 'dmarc', counted.domain)
    },
    now,
    forget(domain) {
      tls.forget(domain)
      dmarc.forget(domain)
      for (const [key, timer] of timers) {
        if (!key.endsWith(` ${domain}`)) continue
        clearTimeout(timer)
        timers.delete(key)
      }
      for (const key of last.keys()) if (key.endsWith(` ${domain}`)) last.delete(key)
    },
  }
}

const unwanted = (kind: ReportKind, domain: string): Words => {
  const name = kind === 'tls' ? `_smtp._tls.${domain}` : `_dmarc.${domain}`
  return {
    en: `${name} names no address for reports (\`rua=mailto:…\`).`,
    fr: `${name} ne nomme aucune adresse pour les rapports (\`rua=mailto:…\`).`,
  }
}

const nothing = (provider: Provider, domain: string): Words => ({
  en: `${provider.domain} has nothing new to say of ${domain}.`,
  fr: `${provider.domain} n’a rien de nouveau à dire de ${domain}.`,
})

const notAuthorised = (domain: string, to: string): Words => ({
  en: `${to} is of another domain, and that one does not say that it wants reports on ${domain} (TXT at ${domain}._report._dmarc.${to.slice(to.lastIndexOf('@') + 1)}).`,
  fr: `${to} est d’un autre domaine, et celui-là ne dit pas qu’il veut des rapports sur ${domain} (TXT à ${domain}._report._dmarc.${to.slice(to.lastIndexOf('@') + 1)}).`,
})
