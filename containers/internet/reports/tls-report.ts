/** TLS reports (RFC 8460): how often TLS with a domain's mail exchangers held, and why it didn't. */

import { isIPv4 } from 'node:net'
import type { ReportSessions, TlsFailure } from '../api-reports.ts'
import type { LabNet } from '../env.ts'
import type { Provider } from '../providers/provider.ts'
import type { Session } from '../providers/send.ts'
import { fileName, newId, type Report } from './report.ts'

export interface TlsRow {
  policy: ReportSessions['policy']
  text: string[]
  host: string
  address: string
  failure?: { type: TlsFailure; text: string }
}

export const tlsRow = ({ policy, text, target, secured: { failure } }: Session): TlsRow => ({
  policy,
  text,
  host: target.host,
  address: target.address,
  ...(failure && { failure: { type: failure.type, text: failure.text.en } }),
})

type Counted = { row: TlsRow; count: number }
const sum = (rows: readonly Counted[]) => rows.reduce((total, { count }) => total + count, 0)

/** The rows that fell under one policy as it was then. */
function policies(rows: readonly Counted[]): { row: TlsRow; rows: Counted[] }[] {
  const groups = new Map<string, Counted[]>()
  for (const one of rows) {
    const key = JSON.stringify([one.row.policy, one.row.text])
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].map(group => ({ row: (group[0] as Counted).row, rows: group }))
}

export function tlsReport(
  provider: Provider,
  net: LabNet,
  domain: string,
  { since, rows }: { since: number; rows: readonly Counted[] },
): Report {
  const id = newId()
  const until = Date.now()
  const own = net.at(provider.name)
  const groups = policies(rows).map(group => ({
    ...group,
    good: sum(group.rows.filter(({ row }) => !row.failure)),
    bad: group.rows.filter(({ row }) => row.failure),
  }))
  const content = {
    'organization-name': provider.domain,
    'date-range': {
      'start-datetime': new Date(since).toISOString().replace(/\.\d+/, ''),
      'end-datetime': new Date(until).toISOString().replace(/\.\d+/, ''),
    },
    'contact-info': `reports@${provider.domain}`,
    'report-id': id,
    policies: groups.map(({ row, rows: all, good, bad }) => ({
      policy: {
        'policy-type': row.policy,
        ...(row.text.length > 0 && { 'policy-string': row.text }),
        'policy-domain': domain,
        ...(row.policy === 'tlsa' && { 'mx-host': [...new Set(all.map(one => one.row.host))] }),
        ...(row.policy === 'sts' && {
          'mx-host': row.text.flatMap(line => /^mx:\s*(\S+)/.exec(line)?.[1] ?? []),
        }),
      },
      summary: { 'total-successful-session-count': good, 'total-failure-session-count': sum(bad) },
      ...(bad.length > 0 && {
        'failure-details': bad.map(({ row: { host, address, failure }, count }) => ({
          'result-type': failure?.type,
          'sending-mta-ip': isIPv4(address) ? own.ipv4 : own.ipv6,
          'receiving-mx-hostname': host,
          'receiving-ip': address,
          'failed-session-count': count,
          'failure-reason-code': failure?.text,
        })),
      }),
    })),
  }
  return {
    kind: 'tls',
    domain,
    id,
    file: fileName(provider, domain, since, until, id, 'json.gz'),
    text: `${JSON.stringify(content, null, 2)}\n`,
    sources: [],
    sessions: groups.map(({ row, good, bad }) => ({
      policy: row.policy,
      success: good,
      failure: sum(bad),
      failures: bad.flatMap(({ row: { host, failure }, count }) =>
        failure ? [{ type: failure.type, count, host }] : [],
      ),
    })),
  }
}
