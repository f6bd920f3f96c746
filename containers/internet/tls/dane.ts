/** DANE for SMTP (RFC 7672): what a host's TLSA records say, and whether a certificate fits. */
import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { resolve } from '../resolver.ts'
import type { Shown } from './certificates.ts'
import { bogusTlsa, type Failure, noTlsaMatch, unusableTlsa } from './words.ts'

export interface Tlsa {
  usage: number
  selector: number
  matching: number
  data: Buffer
}

/**
 * `none`: the host does without DANE. `unusable`: TLS is a must, proof is not (RFC 7672, 2.2). `bogus`: it is not known,
 * so nothing may be handed over.
 */
export type Dane =
  | { state: 'none'; found: string[]; authentic: boolean }
  | { state: 'bogus'; found: string[]; authentic: boolean; failure: Failure }
  | { state: 'unusable'; found: string[]; authentic: boolean; failure: Failure }
  | { state: 'usable'; found: string[]; authentic: boolean; records: Tlsa[] }

/** `3 1 1 AB…`, the digits in as many pieces as the printer likes; null for what mail can't use. */
export function parseTlsa(text: string): Tlsa | null {
  const [usage, selector, matching, ...rest] = text.trim().split(/\s+/)
  const hex = rest.join('')
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex)) return null
  const record = {
    usage: Number(usage),
    selector: Number(selector),
    matching: Number(matching),
    data: Buffer.from(hex, 'hex'),
  }
  const length = [undefined, 32, 64][record.matching]
  // RFC 7672, 3.1.3: usages 0 and 1 have no meaning between mail servers.
  const usable =
    (record.usage === 2 || record.usage === 3) &&
    (record.selector === 0 || record.selector === 1) &&
    record.matching <= 2 &&
    (length === undefined || record.data.length === length)
  return usable ? record : null
}

/** `vouched`: whether the resolver vouches for the way to the host; if not there is nothing to ask. */
export async function daneOf(host: string, vouched: boolean): Promise<Dane> {
  const { status, answers, authentic } = await resolve(`_25._tcp.${host}`, 'TLSA')
  const found = answers.map(answer =>
    answer.replace(/^(\S+ \S+ \S+) (.*)$/, (_, a, b) => `${a} ${b.replaceAll(' ', '')}`),
  )
  if (!vouched) return { state: 'none', found, authentic: false }
  if (status !== 'NOERROR' && status !== 'NXDOMAIN')
    return { state: 'bogus', found, authentic, failure: bogusTlsa(host, status) }
  if (!authentic || answers.length === 0) return { state: 'none', found, authentic }
  const records = answers.map(parseTlsa).filter(record => record !== null)
  if (records.length === 0) return { state: 'unusable', found, authentic, failure: unusableTlsa(host, found) }
  return { state: 'usable', found, authentic, records }
}

const digest = (matching: number, bytes: Buffer) =>
  matching === 0
    ? bytes
    : createHash(matching === 1 ? 'sha256' : 'sha512')
        .update(bytes)
        .digest()

const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' })

const fits = ({ selector, matching, data }: Tlsa, certificate: X509Certificate) =>
  digest(matching, selector === 0 ? certificate.raw : spki(certificate.publicKey)).equals(data)

const inTime = ({ validFrom, validTo }: X509Certificate) =>
  Date.parse(validFrom) <= Date.now() && Date.now() <= Date.parse(validTo)

/** The key of an authority that the record holds in full, for servers that don't send it (RFC 7672, 3.1.2). */
function anchor({ selector, matching, data }: Tlsa): KeyObject | null {
  if (matching !== 0) return null
  try {
    return selector === 0
      ? new X509Certificate(data).publicKey
      : createPublicKey({ key: data, format: 'der', type: 'spki' })
  } catch {
    return null
  }
}

/** Usage 2: an unbroken, valid chain for the host's name up to what the record names. */
function vouchedBy(record: Tlsa, { chain, host }: Shown): boolean {
  const [leaf] = chain
  if (leaf?.checkHost(host) === undefined) return false
  for (const [index, certificate] of chain.entries()) {
    if (!inTime(certificate)) return false
    if (fits(record, certificate)) return true
    const above = chain[index + 1]
    if (above === undefined) {
      const key = anchor(record)
      return key !== null && certificate.verify(key)
    }
    if (!certificate.checkIssued(above) || !certificate.verify(above.publicKey)) return false
  }
  return false
}

/** Null if one of the records fits. Usage 3 asks neither for names nor for dates (RFC 7672, 3.1.1). */
export function checkDane(records: readonly Tlsa[], shown: Shown): Failure | null {
  const [leaf] = shown.chain
  const good = records.some(record =>
    record.usage === 3 ? leaf !== undefined && fits(record, leaf) : vouchedBy(record, shown),
  )
  return good ? null : noTlsaMatch(shown.host)
}

/** `3 1 1 HEX`, as one publishes it for a key. */
export const tlsaOf = (key: KeyObject): string =>
  `3 1 1 ${createHash('sha256').update(spki(key)).digest('hex').toUpperCase()}`
