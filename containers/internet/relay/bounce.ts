/** What the gateway writes when it gives a message up (RFC 3464): to the envelope's sender, from nobody. */
import { randomUUID } from 'node:crypto'

const clean = (text: string) => text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 800)

export function bounce(about: {
  from: string
  to: string
  reply: string
  code: number
  source: Buffer
}): Buffer {
  const { from, to, reply, code, source } = about
  const border = `b-${randomUUID()}`
  const head = source.toString('latin1', 0, 20_000).split(/\r?\n\r?\n/, 1)[0] ?? ''
  const status =
    /^[245]\d\d[ -]([245]\.\d{1,3}\.\d{1,3})/.exec(reply)?.[1] ?? (code >= 500 ? '5.0.0' : '4.4.7')
  const lines = [
    'From: Mail gateway <mailer-daemon@relais.test>',
    `To: <${from}>`,
    'Subject: Undelivered / Non remis',
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomUUID()}@relais.test>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${border}"`,
    '',
    `--${border}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    `Your message to <${to}> could not be delivered. The last answer was:`,
    `Votre message pour <${to}> n'a pas pu être remis. La dernière réponse était :`,
    '',
    `    ${clean(reply)}`,
    '',
    `--${border}`,
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; smtp.relais.test',
    '',
    `Final-Recipient: rfc822; ${to}`,
    'Action: failed',
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${clean(reply)}`,
    '',
    `--${border}`,
    'Content-Type: text/rfc822-headers',
    '',
    Buffer.from(head, 'latin1').toString('latin1'),
    '',
    `--${border}--`,
    '',
  ]
  return Buffer.from(lines.join('\r\n'), 'utf8')
}
