/** From a DNSKEY to the DS that its parent publishes (RFC 4034, 5.1.4 and appendix B). */
import { createHash } from 'node:crypto'

/** Hashes by digest type. Type 1, SHA-1, no parent may publish any more (RFC 8624). */
const HASHES: Record<string, string> = { '2': 'sha256', '4': 'sha384' }

/** `KEYTAG ALGORITHM DIGEST-TYPE DIGEST`, digits in capitals; null for a digest type that is not used. */
export function dsOf(owner: string, dnskey: string, digestType: string): string | null {
  const hash = HASHES[digestType]
  const [flags = '', protocol = '', algorithm = '', ...key] = dnskey.split(/\s+/)
  if (!hash) return null
  const head = Buffer.from([Number(flags) >> 8, Number(flags) & 255, Number(protocol), Number(algorithm)])
  const data = Buffer.concat([head, Buffer.from(key.join(''), 'base64')])
  const digest = createHash(hash).update(wire(owner)).update(data).digest('hex').toUpperCase()
  return `${keyTag(data)} ${algorithm} ${digestType} ${digest}`
}

const wire = (owner: string) =>
  Buffer.concat([
    ...owner
      .toLowerCase()
      .split('.')
      .filter(Boolean)
      .map(label => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ])

function keyTag(data: Buffer): number {
  let sum = 0
  for (const [at, byte] of data.entries()) sum += at % 2 === 0 ? byte * 256 : byte
  return (sum + (sum >>> 16)) & 0xffff
}
