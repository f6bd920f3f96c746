/**
 * A ClientHello of TLS 1.2 or older, and what a server answers to it (RFC 5246, 7.4). OpenSSL no longer offers what an
 * audit has to ask for: old versions, weak suites and groups, compression.
 */
import { randomBytes } from 'node:crypto'

export interface Hello {
  /** 0x0301 is TLS 1.0, 0x0303 TLS 1.2. */
  version: number
  /** IANA's numbers, best first. */
  suites: readonly number[]
  groups: readonly number[]
  /** Signature schemes; of TLS 1.2 only. */
  signatures: readonly number[]
  /** 0 is none, 1 DEFLATE. */
  compression: readonly number[]
}

/** What the server chose, or the alert with which it refused. */
export type Flight =
  | { alert: number }
  | {
      version: number
      suite: number
      compression: number
      /** Whether it answered with renegotiation_info (RFC 5746). */
      secureRenegotiation: boolean
      /** Of an ephemeral key exchange: the group's number, or the prime's bits. */
      group?: number
      primeBits?: number
    }

const u16 = (...numbers: number[]) => Buffer.from(numbers.flatMap(n => [n >> 8, n & 255]))
const sized = (bytes: Buffer) => Buffer.concat([u16(bytes.length), bytes])
const extension = (type: number, body: Buffer) => Buffer.concat([u16(type), sized(body)])

/** The record to send; `host` goes into the server name. */
export function clientHello(hello: Hello, host: string): Buffer {
  const name = Buffer.concat([Buffer.from([0]), sized(Buffer.from(host))])
  const extensions = [
    extension(0, sized(name)),
    extension(10, sized(u16(...hello.groups))),
    extension(11, Buffer.from([1, 0])),
    ...(hello.version >= 0x0303 ? [extension(13, sized(u16(...hello.signatures)))] : []),
    extension(0xff01, Buffer.from([0])),
  ]
  const body = Buffer.concat([
    u16(hello.version),
    randomBytes(32),
    Buffer.from([0]),
    sized(u16(...hello.suites)),
    Buffer.from([hello.compression.length, ...hello.compression]),
    sized(Buffer.concat(extensions)),
  ])
  const message = Buffer.concat([Buffer.from([1, 0]), u16(body.length), body])
  // RFC 5246, E.1: the record layer of a first hello says 3.1, for servers that know nothing newer.
  return Buffer.concat([Buffer.from([22, 3, 1]), sized(message)])
}

/** Reads what came so far; null while the answer is not whole. Throws for what is not TLS. */
export function readFlight(bytes: Buffer): Flight | null {
  let handshake = Buffer.alloc(0)
  for (let at = 0; at + 5 <= bytes.length; ) {
    const type = bytes[at]
    const end = at + 5 + bytes.readUInt16BE(at + 3)
    if (type !== 21 && type !== 22) throw new Error(`a record of type ${type} is no answer to a hello`)
    if (end > bytes.length) break
    if (type === 21) return { alert: bytes[at + 6] ?? 0 }
    handshake = Buffer.concat([handshake, bytes.subarray(at + 5, end)])
    at = end
  }
  return readMessages(handshake)
}

function readMessages(bytes: Buffer): Flight | null {
  let flight: Exclude<Flight, { alert: number }> | null = null
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUIntBE(at + 1, 3)
    if (end > bytes.length) return null
    const body = bytes.subarray(at + 4, end)
    if (bytes[at] === 2) flight = serverHello(body)
    if (bytes[at] === 12 && flight) Object.assign(flight, keyExchange(body))
    if (bytes[at] === 14) return flight
    at = end
  }
  return null
}

function serverHello(body: Buffer) {
  const after = 35 + (body[34] ?? 0)
  let secureRenegotiation = false
  for (let at = after + 5; at + 4 <= body.length; at += 4 + body.readUInt16BE(at + 2))
    secureRenegotiation ||= body.readUInt16BE(at) === 0xff01
  return {
    version: body.readUInt16BE(0),
    suite: body.readUInt16BE(after),
    compression: body[after + 2] ?? 0,
    secureRenegotiation,
  }
}

/** RFC 8422, 5.4: an elliptic curve begins with 3 and its number; else it is the length of a prime. */
const keyExchange = (body: Buffer) =>
  body[0] === 3 ? { group: body.readUInt16BE(1) } : { primeBits: body.readUInt16BE(0) * 8 }
