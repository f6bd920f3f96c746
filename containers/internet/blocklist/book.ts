/** Listings and their log on disk: one file, written whole, a moment after each change. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { BlocklistEvent, Listing } from './api.ts'

const LOG = 200
const SAVE_MS = 200

export interface Entry {
  listing: Listing
  /** Names that tests of this listing use: the same each time, so that a greylist knows them again. */
  token: string
  /** Requests that were refused, and until when no other is looked at. */
  refusals: number
  notBefore: number
}

export interface Book {
  /** By address. */
  entries: Map<string, Entry>
  /** Newest first. */
  log: BlocklistEvent[]
  note(event: BlocklistEvent): void
  /** Drops the log's events of a domain: its addresses will be somebody else's. */
  forget(domain: string): void
  save(): void
}

export async function openBook(file: string): Promise<Book> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{"entries":[],"log":[]}'
    throw error
  })
  const kept = JSON.parse(text) as { entries: Entry[]; log: BlocklistEvent[] }
  const entries = new Map(kept.entries.map(entry => [entry.listing.address, entry]))
  const log = kept.log
  let due = false
  let last: Promise<unknown> = Promise.resolve()

  async function write(): Promise<void> {
    await writeFile(`${file}.new`, JSON.stringify({ entries: [...entries.values()], log }), { mode: 0o600 })
    await rename(`${file}.new`, file)
  }
  function save(): void {
    if (due) return
    due = true
    setTimeout(() => {
      due = false
      last = last.then(write).catch((error: Error) => console.error('blocklist:', error.message))
    }, SAVE_MS)
  }
  return {
    entries,
    log,
    save,
    note(event) {
      log.unshift(event)
      log.splice(LOG)
      save()
    },
    forget(domain) {
      log.splice(0, log.length, ...log.filter(event => event.domain !== domain))
      save()
    },
  }
}
