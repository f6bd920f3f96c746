/** DMARC aggregate reports (RFC 9990): who sent with a domain in the From, and what became of it. */
import type { ReportSource } from '../api-reports.ts'
import type { Authenticated } from '../providers/authenticate.ts'
import type { Provider } from '../providers/provider.ts'
import { fileName, newId, type Report, seconds } from './report.ts'

/** A message that a provider has judged, whether it took it or not. */
export interface Judged {
  address: string
  envelopeFrom: string
  helo: string
  authentication: Authenticated
  /** Refused for something else than what the domain asks. */
  refused: boolean
}

export interface DmarcRow extends Omit<ReportSource, 'count'> {
  reasons: { type: 'local_policy' | 'policy_test_mode'; comment: string }[]
  rawSpf: { domain: string; result: string }
  rawDkim: { domain: string; selector: string; result: string }[]
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()

/** Null where the domain of the From has no DMARC record. */
export function dmarcRow({
  address,
  envelopeFrom,
  helo,
  authentication: { dmarc, policy, author, raw },
  refused,
}: Judged): { domain: string; row: DmarcRow } | null {
  if (!raw.policyDomain) return null
  const passes = dmarc === 'pass'
  const reasons: DmarcRow['reasons'] = []
  if (refused) reasons.push({ type: 'local_policy', comment: 'refused for another reason' })
  if (!passes && raw.testing) reasons.push({ type: 'policy_test_mode', comment: 't=y' })
  const asked = policy === 'quarantine' || policy === 'reject' ? policy : 'none'
  const from = envelopeFrom ? domainOf(envelopeFrom) : helo.toLowerCase()
  const row: DmarcRow = {
    address,
    spf: raw.alignedSpf,
    dkim: raw.alignedDkim,
    disposition: passes ? (asked === 'none' ? 'none' : 'pass') : asked,
    headerFrom: author,
    envelopeFrom: from,
    reasons,
    rawSpf: { domain: raw.spfDomain || from, result: raw.spf },
    rawDkim: raw.dkim,
  }
  return { domain: raw.policyDomain, row }
}

/** Text of strangers goes into it: nothing that XML 1.0 can't hold, and nothing that ends an element. */
const escaped = (text: string) =>
  text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/g, '?')
    .replace(/[<>&'"]/g, character => `&#${character.charCodeAt(0)};`)
const element = (name: string, content: string | number) => `<${name}>${escaped(`${content}`)}</${name}>`
const result = (passes: boolean) => (passes ? 'pass' : 'fail')

function record({ row, count }: { row: DmarcRow; count: number }): string[] {
  return [
    '  <record>',
    '    <row>',
    `      ${element('source_ip', row.address)}`,
    `      ${element('count', count)}`,
    '      <policy_evaluated>',
    `        ${element('disposition', row.disposition)}`,
    `        ${element('dkim', result(row.dkim))}`,
    `        ${element('spf', result(row.spf))}`,
    ...row.reasons.map(
      ({ type, comment }) =>
        `        <reason>${element('type', type)}${element('comment', comment)}</reason>`,
    ),
    '      </policy_evaluated>',
    '    </row>',
    '    <identifiers>',
    `      ${element('header_from', row.headerFrom)}`,
    `      ${element('envelope_from', row.envelopeFrom)}`,
    '    </identifiers>',
    '    <auth_results>',
    ...row.rawDkim.flatMap(({ domain, selector, result: outcome }) => [
      '      <dkim>',
      `        ${element('domain', domain)}`,
      `        ${element('selector', selector)}`,
      `        ${element('result', outcome)}`,
      '      </dkim>',
    ]),
    '      <spf>',
    `        ${element('domain', row.rawSpf.domain)}`,
    `        ${element('scope', 'mfrom')}`,
    `        ${element('result', row.rawSpf.result)}`,
    '      </spf>',
    '    </auth_results>',
    '  </record>',
  ]
}

/** `tags`: of the domain's record. */
export function dmarcReport(
  provider: Provider,
  domain: string,
  tags: Record<string, string>,
  { since, rows }: { since: number; rows: readonly { row: DmarcRow; count: number }[] },
): Report {
  const id = newId()
  const until = Date.now()
  const published = ['p', 'sp', 'np', 'adkim', 'aspf', 'fo'].flatMap(tag => {
    const value = tags[tag] ?? (tag === 'p' ? 'none' : undefined)
    return value === undefined ? [] : [`    ${element(tag, value)}`]
  })
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">',
    '  <version>1.0</version>',
    '  <report_metadata>',
    `    ${element('org_name', provider.domain)}`,
    `    ${element('email', `reports@${provider.domain}`)}`,
    `    ${element('report_id', id)}`,
    `    <date_range>${element('begin', seconds(since))}${element('end', seconds(until))}</date_range>`,
    '  </report_metadata>',
    '  <policy_published>',
    `    ${element('domain', domain)}`,
    ...published,
    `    ${element('testing', tags.t?.toLowerCase() === 'y' ? 'y' : 'n')}`,
    `    ${element('discovery_method', 'treewalk')}`,
    '  </policy_published>',
    ...rows.flatMap(record),
    '</feedback>',
    '',
  ]
  return {
    kind: 'dmarc',
    domain,
    id,
    file: fileName(provider, domain, since, until, id, 'xml.gz'),
    text: lines.join('\n'),
    sources: rows.map(({ row: { reasons: _, rawSpf: __, rawDkim: ___, ...source }, count }) => ({
      ...source,
      count,
    })),
    sessions: [],
  }
}
