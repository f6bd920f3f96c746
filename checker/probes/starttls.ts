/** The way from a fresh connection to the point where the TLS handshake begins. */

import type { Duplex } from 'node:stream'
import { type Context, REPLY_MS } from './connect.ts'
import { noStartTls, protocol, silent, type Target } from './faults.ts'
import { Lines } from './lines.ts'
import { readReply } from './smtp-reply.ts'
import { within } from './within.ts'

/** An IMAP server may say this many untagged lines before its answer to STARTTLS. */
const UNTAGGED_MAX = 20

/** Asks for TLS in the protocol's own way; rejects where it is refused, or where clear text follows. */
export async function startTls(
  context: Context,
  duplex: Duplex,
  target: Target,
  speaks: 'smtp' | 'imap',
): Promise<void> {
  const lines = new Lines(duplex, target)
  await within(speaks === 'smtp' ? askSmtp(lines, target) : askImap(lines, target), {
    ms: REPLY_MS,
    signal: context.signal,
    late: s => silent(target, s, { en: 'the answer to STARTTLS', fr: 'la réponse à STARTTLS' }),
  })
  if (lines.pending) throw injected(target)
}

async function askSmtp(lines: Lines, target: Target): Promise<void> {
  await readReply(lines, target, '', () => {})
  lines.write('EHLO mx.grosmail.test\r\n')
  await readReply(lines, target, 'EHLO', () => {})
  lines.write('STARTTLS\r\n')
  if ((await readReply(lines, target, 'STARTTLS', () => {})).code !== 220) throw noStartTls(target)
}

async function askImap(lines: Lines, target: Target): Promise<void> {
  await lines.next({ en: 'the banner', fr: 'la bannière' })
  lines.write('a STARTTLS\r\n')
  for (let i = 0; i < UNTAGGED_MAX; i++) {
    const line = await lines.next({ en: 'the answer to STARTTLS', fr: 'la réponse à STARTTLS' })
    if (/^a OK/i.test(line)) return
    if (!line.startsWith('* ')) break
  }
  throw noStartTls(target)
}

const injected = (target: Target) =>
  protocol(target, {
    en: `Clear text came before the TLS handshake on port ${target.port}.`,
    fr: `Du texte en clair est arrivé avant la négociation TLS sur le port ${target.port}.`,
  })
