/** Where a domain wants reports: the records of TLS-RPT (RFC 8460, 3) and DMARC (RFC 9989, 4.7). */
import type { PolicyFault, Words } from '../api-reports.ts'
import { Address } from '../bodies.ts'
import { type Dns, texts } from '../providers/lookups.ts'

export interface Wanted {
  /** Records found. */
  found: string[]
  /** `mailto:…` or `https:…`, as published. */
  rua: string[]
  /** The record's tags. */
  tags: Record<string, string>
  faults: PolicyFault[]
}

/** How many addresses a provider serves. */
const MOST = 5

/** The address of a `mailto:`; null for another kind of URI, or a broken one. */
export function mailbox(uri: string): string | null {
  const text = /^mailto:([^?]+)/i.exec(uri)?.[1]
  if (text === undefined) return null
  try {
    // RFC 7489 allowed a size after `!`; RFC 9989 has it ignored.
    return Address.safeParse(decodeURIComponent(text).replace(/!\d+[kmgt]?$/i, '')).data ?? null
  } catch {
    return null
  }
}

async function wanted(
  dns: Dns,
  name: string,
  begins: RegExp,
  prefix: string,
  example: string,
  https: boolean,
): Promise<Wanted> {
  const all = await texts(dns, name)
  const empty: Wanted = { found: [], rua: [], tags: {}, faults: [] }
  const fault = (code: string, text: Words) => ({ code: `${prefix}-${code}`, text })
  if (all === 'trouble')
    return {
      ...empty,
      faults: [
        fault('dns', {
          en: `${name} cannot be looked up at the moment.`,
          fr: `${name} ne se résout pas pour l’instant.`,
        }),
      ],
    }
  const found = all.filter(text => begins.test(text))
  const [record] = found
  if (record === undefined || found.length > 1)
    return {
      ...empty,
      found: all,
      faults:
        all.length === 0
          ? []
          : [
              fault(found.length > 1 ? 'records' : 'record', {
                en: `${name} should have one TXT record like \`${example}\`; seen: ${all.join(' | ')}`,
                fr: `${name} devrait avoir un seul enregistrement TXT comme \`${example}\` ; vu : ${all.join(' | ')}`,
              }),
            ],
    }
  const tags: Record<string, string> = {}
  for (const part of record.split(';')) {
    const at = part.indexOf('=')
    if (at > 0) tags[part.slice(0, at).trim().toLowerCase()] ??= part.slice(at + 1).trim()
  }
  const uris = (tags.rua ?? '')
    .split(',')
    .map(uri => uri.trim())
    .filter(Boolean)
  const good = (uri: string) => mailbox(uri) !== null || (https && /^https:\/\/\S+$/i.test(uri))
  const rua = uris.filter(good).slice(0, MOST)
  const faults = uris
    .filter(uri => !good(uri))
    .map(uri =>
      fault('rua', {
        en: `${uri} in \`rua\` is no address for reports: \`mailto:reports@you.test\`.`,
        fr: `${uri} dans \`rua\` n’est pas une adresse pour des rapports : \`mailto:rapports@vous.test\`.`,
      }),
    )
  return { found: [record], rua, tags, faults }
}

export const tlsReportsWanted = (dns: Dns, domain: string): Promise<Wanted> =>
  wanted(
    dns,
    `_smtp._tls.${domain}`,
    /^v=TLSRPTv1\s*;/,
    'tlsrpt',
    `v=TLSRPTv1; rua=mailto:tls@${domain}`,
    true,
  )

export const dmarcReportsWanted = (dns: Dns, domain: string): Promise<Wanted> =>
  wanted(
    dns,
    `_dmarc.${domain}`,
    /^v\s*=\s*DMARC1\s*(?:;|$)/,
    'dmarc',
    `v=DMARC1; p=none; rua=mailto:dmarc@${domain}`,
    false,
  )

/** Whether reports about `domain` may go to another domain: that one has to say so (RFC 9990, «Verifying External Destinations»). */
export async function mayReceive(dns: Dns, domain: string, address: string): Promise<boolean> {
  const other = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  const organisation = (name: string) => name.split('.').slice(-2).join('.')
  if (organisation(other) === organisation(domain)) return true
  const found = await texts(dns, `${domain}._report._dmarc.${other}`)
  return found !== 'trouble' && found.some(text => /^v=DMARC1\s*(?:;|$)/.test(text))
}
