/** The last step of a message that a provider took: into the mailboxes of its recipients, and before their eyes. */
import { join } from 'node:path'
import type { Verdict } from '../api.ts'
import type { Provider } from '../providers/provider.ts'
import type { Envelope } from '../providers/store.ts'
import { trim } from './limits.ts'
import { put } from './maildir.ts'
import type { People } from './people.ts'
import { SLIP_HEADER, writeSlip } from './slips.ts'

/** `source` as the provider keeps it, with the headers that it adds. Rejects if a mailbox can't be written. */
export type Deliver = (
  provider: Provider,
  envelope: Envelope,
  source: Buffer,
  verdict: Verdict,
) => Promise<void>

/** Where a mailbox lies; the name has been checked by whoever registered it. */
export const homeOf = (root: string, domain: string, name: string): string => join(root, domain, name)

/** Whose box a recipient means: lower case, without `+detail`; null for another domain. */
export function boxName(recipient: string, domain: string): string | null {
  const at = recipient.lastIndexOf('@')
  if (recipient.slice(at + 1).toLowerCase() !== domain) return null
  return recipient.slice(0, at).toLowerCase().replace(/\+.*$/, '')
}

/** RFC 5321, 4.4: the return path, and the trace of this hop unless the provider has written it already. */
function trace(provider: Provider, envelope: Envelope, recipient: string, slip: string, source: Buffer) {
  const begin = source.toString('latin1', 0, 4096)
  const traced = new RegExp(`^Received:[^]*?\\bby ${provider.host.replaceAll('.', '\\.')}\\b`, 'im')
  // What the client said of itself goes into a header: nothing of it may end the line.
  const clean = (text: string) => text.replace(/[^\x21-\x7e]/g, '?').slice(0, 255)
  const received = traced.test(begin.split(/\r?\n\r?\n/)[0] ?? '')
    ? []
    : [
        `Received: from ${clean(envelope.helo) || 'unknown'} ([${clean(envelope.remoteAddress)}])`,
        `\tby ${provider.host} with ESMTP${envelope.tls ? 'S' : ''}`,
        `\tfor <${clean(recipient)}>; ${new Date().toUTCString().replace('GMT', '+0000')}`,
      ]
  const lines = [
    `Return-Path: <${clean(envelope.from)}>`,
    `Delivered-To: ${clean(recipient)}`,
    `${SLIP_HEADER}: ${slip}`,
    ...received,
  ]
  return Buffer.concat([Buffer.from(lines.map(line => `${line}\r\n`).join('')), source])
}

/** `seen`: called for each recipient whom a message reached, in whatever folder; it must not throw. */
export function openDelivery(
  root: string,
  people: People,
  seen: (provider: Provider, name: string, envelope: Envelope, source: Buffer, verdict: Verdict) => void,
): Deliver {
  return async (provider, envelope, source, verdict) => {
    const names = new Set<string>()
    for (const recipient of envelope.to) {
      const name = boxName(recipient, provider.domain)
      if (name === null || names.has(name)) continue
      names.add(name)
      if (people.has(name)) {
        const home = homeOf(root, provider.domain, name)
        const { from, helo, remoteAddress, tls } = envelope
        const slip = await writeSlip(home, { verdict, envelope: { from, helo, remoteAddress, tls } })
        const folder = verdict.fate === 'spam' ? 'junk' : 'inbox'
        await put(home, folder, trace(provider, envelope, recipient, slip, source))
        await trim(home)
      }
      seen(provider, name, envelope, source, verdict)
    }
  }
}
