/**
 * Received messages on disk: `ID.eml`, the source as it came, and `ID.json`, its envelope. Learners are hostile
 * at times: number, size and age are bounded, and room is made at the cost of whoever brought the most, so that
 * a flood from one server does not push out another's messages.
 */
import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  DELIVERIES_AT_MOST,
  type Delivery,
  MESSAGES_AT_MOST,
  type StoredMessage,
  type Verdict,
} from '../api.ts'

export type Envelope = Omit<StoredMessage, 'id' | 'source' | 'at' | 'verdict'>
type Entry = Omit<StoredMessage, 'source'> & { size: number }

export interface Limits {
  messages: number
  bytes: number
  ageMs: number
}

const LIMITS: Limits = { messages: 2000, bytes: 200_000_000, ageMs: 3 * 24 * 3600_000 }
/** Source in one answer of `find`. */
const ANSWER_BYTES = 20_000_000

export interface MessageStore {
  /** Keeps a message as it streams in; null, and nothing kept, if it is larger than `maxSize`. Rejects if the stream breaks. */
  receive(source: Readable, maxSize: number, envelope: () => Envelope): Promise<string | null>
  /** As it came; null if it is gone again. */
  source(id: string): Promise<Buffer | null>
  /** Writes down what the provider thought of it. */
  judged(id: string, verdict: Verdict): Promise<void>
  /** As if it had never come. */
  drop(id: string): Promise<void>
  /** Newest first. */
  find(query: { to?: string | undefined; containing?: string | undefined }): Promise<StoredMessage[]>
  /** Newest first: whose envelope sender is at the domain, and that came after this moment. */
  deliveries(query: { sender: string; after: number }): Delivery[]
}

export async function openStore(directory: string, limits: Limits = LIMITS): Promise<MessageStore> {
  await mkdir(directory, { recursive: true })
  const eml = (id: string) => join(directory, `${id}.eml`)
  const json = (id: string) => join(directory, `${id}.json`)

  let entries: Entry[] = []
  const names = await readdir(directory)
  for (const name of names.filter(name => name.endsWith('.json'))) {
    entries.push(JSON.parse(await readFile(join(directory, name), 'utf8')) as Entry)
  }
  entries.sort((a, b) => a.at - b.at)
  // The envelope is written last: a source without one was cut off by a kill.
  const whole = new Set(entries.flatMap(({ id }) => [`${id}.json`, `${id}.eml`]))
  for (const name of names) if (!whole.has(name)) await rm(join(directory, name), { force: true })

  async function keep(entry: Entry): Promise<void> {
    await writeFile(`${json(entry.id)}.new`, JSON.stringify(entry))
    await rename(`${json(entry.id)}.new`, json(entry.id))
  }

  async function drop(gone: Entry[]): Promise<void> {
    const ids = new Set(gone.map(entry => entry.id))
    entries = entries.filter(entry => !ids.has(entry.id))
    for (const id of ids) {
      await rm(json(id), { force: true })
      await rm(eml(id), { force: true })
    }
  }

  /** The oldest message of the address that brought most. */
  function first(): Entry | undefined {
    const bytes = new Map<string, number>()
    for (const { remoteAddress, size } of entries) {
      // A message costs a file besides its bytes.
      bytes.set(remoteAddress, (bytes.get(remoteAddress) ?? 0) + size + 4096)
    }
    const [heaviest] = [...bytes].sort((a, b) => b[1] - a[1])[0] ?? []
    return entries.find(entry => entry.remoteAddress === heaviest)
  }

  async function makeRoom(): Promise<void> {
    await drop(entries.filter(entry => entry.at < Date.now() - limits.ageMs))
    const tooMany = () =>
      entries.length > limits.messages || entries.reduce((sum, entry) => sum + entry.size, 0) > limits.bytes
    while (tooMany()) {
      const entry = first()
      if (entry === undefined) return
      await drop([entry])
    }
  }

  return {
    async receive(source, maxSize, envelope) {
      const id = randomUUID()
      let size = 0
      try {
        await pipeline(
          source,
          // Read to its end all the same: the sender hears the reply only then.
          async function* (chunks: AsyncIterable<Buffer>) {
            for await (const chunk of chunks) {
              size += chunk.length
              if (size <= maxSize) yield chunk
            }
          },
          createWriteStream(eml(id)),
        )
      } catch (error) {
        await rm(eml(id), { force: true })
        throw error
      }
      if (size > maxSize) {
        await rm(eml(id), { force: true })
        return null
      }
      const entry: Entry = { id, ...envelope(), at: Date.now(), size }
      await keep(entry)
      entries.push(entry)
      await makeRoom()
      return id
    },

    async judged(id, verdict) {
      const entry = entries.find(one => one.id === id)
      if (entry) await keep(Object.assign(entry, { verdict }))
    },

    drop: id => drop(entries.filter(entry => entry.id === id)),

    source: id => readFile(eml(id)).catch(() => null),

    deliveries({ sender, after }) {
      const at = `@${sender.toLowerCase()}`
      return entries
        .filter(entry => entry.at > after && entry.from.toLowerCase().endsWith(at))
        .slice(-DELIVERIES_AT_MOST)
        .reverse()
        .map(({ size: _, ...delivery }) => delivery)
    },

    async find({ to, containing }) {
      const found: StoredMessage[] = []
      let bytes = 0
      for (const { size, ...entry } of entries.toReversed()) {
        if (entry.at < Date.now() - limits.ageMs) break
        if (to !== undefined && !entry.to.some(address => address.toLowerCase() === to.toLowerCase()))
          continue
        if (found.length === MESSAGES_AT_MOST || bytes + size > ANSWER_BYTES) break
        const source = await readFile(eml(entry.id)).catch(() => null)
        if (source === null || (containing !== undefined && !source.includes(containing))) continue
        found.push({ ...entry, source: source.toString('base64') })
        bytes += size
      }
      return found
    },
  }
}
