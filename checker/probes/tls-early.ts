/** Whether a session of TLS 1.3 may begin with early data (0-RTT, RFC 8446, 4.2.10), which whoever listens can replay. */

/**
 * Bytes of early data that a stored session allows. OpenSSL keeps it as element [15] of the session's ASN.1 sequence,
 * and leaves it out where it is 0.
 */
export function earlyDataOf(stored: Buffer): number {
  const session = sequenceIn(stored)
  for (let at = session ? element(session, 0).start : 0; session && at < session.length; ) {
    const { tag, start, end } = element(session, at)
    if (tag === 0xaf) {
      const inner = element(session, start)
      return Number(`0x${session.subarray(inner.start, inner.end).toString('hex')}`)
    }
    at = end
  }
  return 0
}

/** Node may put words of its own before OpenSSL's sequence, which goes on to the end. */
function sequenceIn(bytes: Buffer): Buffer | null {
  for (let at = bytes.indexOf(0x30); at >= 0; at = bytes.indexOf(0x30, at + 1)) {
    // A session has hundreds of bytes, so its length takes one or two.
    const long = bytes[at + 1] === 0x81 || bytes[at + 1] === 0x82
    if (long && at + 4 <= bytes.length && element(bytes, at).end === bytes.length) return bytes.subarray(at)
  }
  return null
}

function element(bytes: Buffer, at: number): { tag: number; start: number; end: number } {
  const tag = bytes[at] ?? 0
  const first = bytes[at + 1] ?? 0
  if (first < 128) return { tag, start: at + 2, end: at + 2 + first }
  const size = first & 127
  const start = at + 2 + size
  return { tag, start, end: start + bytes.readUIntBE(at + 2, size) }
}
