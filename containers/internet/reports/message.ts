/** The message that carries a report: zipped, in the form of its RFC, signed by its provider. */

import { gzipSync } from 'node:zlib'
import { dkimSign } from 'mailauth'
import type { Provider } from '../providers/provider.ts'
import { SELECTOR, signingKey } from './keys.ts'
import type { Report } from './report.ts'

const SIGNED =
  'from:to:subject:date:message-id:mime-version:content-type:tls-report-domain:tls-report-submitter:tls-required'

const zipped = (report: Report): Buffer => gzipSync(report.text)

/** Media type and body for HTTPS (RFC 8460, 5.4). */
export const posted = (report: Report) => ({ type: 'application/tlsrpt+gzip', body: zipped(report) })

export async function compose(provider: Provider, to: string, report: Report): Promise<Buffer> {
  const { id, kind, domain, file } = report
  const boundary = `report-${id}`
  const tls = kind === 'tls'
  const type = tls ? 'multipart/report; report-type="tlsrpt"' : 'multipart/mixed'
  const lines = [
    `From: ${provider.domain} <reports@${provider.domain}>`,
    `To: ${to}`,
    `Subject: Report Domain: ${domain}`,
    ` Submitter: ${provider.domain}`,
    ` Report-ID: <${id}@${provider.domain}>`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@${provider.domain}>`,
    // What says that TLS is broken must arrive all the same (RFC 8689).
    ...(tls
      ? [`TLS-Report-Domain: ${domain}`, `TLS-Report-Submitter: ${provider.domain}`, 'TLS-Required: No']
      : []),
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    `Content-Type: ${type};`,
    ` boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    `${tls ? 'TLS' : 'DMARC aggregate'} report of ${provider.domain} about ${domain}.`,
    'The attachment is compressed: `zcat` shows it.',
    '',
    `--${boundary}`,
    `Content-Type: ${tls ? 'application/tlsrpt+gzip' : 'application/gzip'}`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment;`,
    ` filename="${file}"`,
    '',
    ...(zipped(report)
      .toString('base64')
      .match(/.{1,76}/g) ?? []),
    '',
    `--${boundary}--`,
    '',
  ]
  const message = lines.join('\r\n')
  const signer = {
    signingDomain: provider.domain,
    selector: SELECTOR,
    privateKey: await signingKey(provider),
    headerList: SIGNED,
  }
  const { signatures, errors } = await dkimSign(message, { ...signer, signatureData: [signer] })
  if (signatures === '') throw new Error(`a report was not signed: ${errors.map(String).join('; ')}`)
  return Buffer.from(signatures + message)
}
