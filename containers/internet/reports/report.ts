/** A report that is ready to be sent, whatever it is about. */
import { randomBytes } from 'node:crypto'
import type { ReportAnswer, ReportKind } from '../api-reports.ts'
import type { Provider } from '../providers/provider.ts'

export interface Report extends NonNullable<ReportAnswer['report']> {
  kind: ReportKind
  domain: string
}

/** Letters and digits only: it goes into file names (RFC 9990, «Email»). */
export const newId = (): string => randomBytes(12).toString('hex')

export const seconds = (ms: number): number => Math.floor(ms / 1000)

/** The name that both RFC 8460 and RFC 9990 want. */
export const fileName = (
  provider: Provider,
  domain: string,
  since: number,
  until: number,
  id: string,
  ending: 'json.gz' | 'xml.gz',
): string => [provider.domain, domain, seconds(since), seconds(until), `${id}.${ending}`].join('!')
