/** Mail that pourriel.test brings with somebody else's domain in the From: what DMARC reports are there to show. */
import { randomBytes } from 'node:crypto'
import type { ForgedAnswer } from '../api-reports.ts'
import type { LabNet } from '../env.ts'
import { attempt } from '../providers/dialogue.ts'
import type { Provider } from '../providers/provider.ts'
import { OPPORTUNISTIC } from '../tls/demand.ts'

const POURRIEL = 'pourriel.test'
const POURRIEL_HOST = `mx.${POURRIEL}`
const WHOLE_MS = 20_000

const letter = (domain: string, to: string) =>
  [
    `From: Accounts <accounts@${domain}>`,
    `To: ${to}`,
    'Subject: Your invoice is overdue',
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomBytes(8).toString('hex')}@${POURRIEL}>`,
    '',
    'Please pay today, to the new account that my colleague will tell you.',
    '',
  ].join('\r\n')

/** One after another, over IPv4, through the provider's MX; never rejects for what the provider says. */
export async function forge(
  provider: Provider,
  net: LabNet,
  domain: string,
  count: number,
): Promise<ForgedAnswer> {
  const own = net.at('pourriel')
  const deadline = Date.now() + WHOLE_MS
  const to = `accounting@${provider.domain}`
  const target = { host: provider.host, address: net.at(provider.name).ipv4, authentic: false }
  const replies: ForgedAnswer['replies'] = []
  while (replies.length < count && Date.now() < deadline) {
    const message = { from: `bounce@${POURRIEL}`, to, source: Buffer.from(letter(domain, to)) }
    const options = { demand: OPPORTUNISTIC, ca: [], ignoreTLS: false, deadline }
    const { code, reply } = await attempt({ host: POURRIEL_HOST, ...own }, target, message, options)
    replies.push({ code, reply })
  }
  return { sources: [own.ipv4], replies }
}
