/** One question to one name server, over TCP (RFC 7766): what a resolver's answer does not tell. */
import { type Context, connect, REPLY_MS } from './connect.ts'
import { closed, silent } from './faults.ts'
import type { DirectAnswer } from './types.ts'
import { within } from './within.ts'

const ANSWER = { en: 'its answer', fr: 'sa réponse' }
const TYPES: Record<string, number> = { A: 1, NS: 2, SOA: 6, MX: 15, AAAA: 28 }

/** Asks the name server at `address` without recursion. */
export async function askDirectly(
  context: Context,
  address: string,
  name: string,
  type: keyof typeof TYPES,
): Promise<DirectAnswer> {
  const target = { host: address, port: 53 }
  const duplex = await connect(context, target, address)
  const heard = async () => {
    let bytes = Buffer.alloc(0)
    for await (const chunk of duplex) {
      bytes = Buffer.concat([bytes, chunk as Buffer])
      const read = readAnswer(bytes)
      if (read) return read
    }
    throw closed(target, ANSWER)
  }
  try {
    duplex.write(question(name, TYPES[type] ?? 1))
    const late = (s: number) => silent(target, s, ANSWER)
    return await within(heard(), { ms: REPLY_MS, signal: context.signal, late })
  } finally {
    duplex.destroy()
  }
}

/** The message with its length in front (RFC 1035, 4.2.2). */
export function question(name: string, type: number): Buffer {
  const labels = name.split('.').filter(Boolean)
  const owner = Buffer.concat([
    ...labels.map(label => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ])
  const message = Buffer.concat([
    // One question, no flags.
    Buffer.from([0x1d, 0xa1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
    owner,
    Buffer.from([0, type, 0, 1]),
  ])
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

/** Null while the answer is not whole. */
export function readAnswer(bytes: Buffer): DirectAnswer | null {
  if (bytes.length < 14 || bytes.length < 2 + bytes.readUInt16BE(0)) return null
  return {
    authoritative: ((bytes[4] ?? 0) & 4) !== 0,
    status: (bytes[5] ?? 0) & 15,
    answers: bytes.readUInt16BE(8),
  }
}
