/**
 * Keeps mailboxes small: by age, by number and size in each, by size in all. What one fills oneself by IMAP Dovecot's
 * quota stops; here goes what others sent, the oldest first.
 */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PLACED } from './maildir.ts'

export interface BoxLimits {
  /** Of one mailbox. */
  messages: number
  bytes: number
  ageMs: number
  /** Of all mailboxes together. */
  allBytes: number
}

export const BOX_LIMITS: BoxLimits = {
  messages: 300,
  bytes: 30_000_000,
  ageMs: 3 * 24 * 3600_000,
  allBytes: 1_500_000_000,
}
/** Half-written files of a program that was killed. */
const TMP_MS = 3600_000

interface Kept {
  path: string
  size: number
  at: number
}

const list = (directory: string): Promise<string[]> => readdir(directory).catch(() => [])

/** All messages of a mailbox, of every folder; what is too old is removed on the way. */
async function kept(home: string, limits: BoxLimits): Promise<Kept[]> {
  const root = join(home, 'Maildir')
  const folders = [root, ...(await list(root)).filter(name => name.startsWith('.')).map(n => join(root, n))]
  const parts = folders.flatMap(folder =>
    (['new', 'cur', 'tmp'] as const).map(part => ({ part, directory: join(folder, part) })),
  )
  const found: Kept[] = []
  const slips = { part: 'slips' as const, directory: join(home, 'slips') }
  for (const { part, directory } of [...parts, slips]) {
    for (const name of await list(directory)) {
      const path = join(directory, name)
      const at = await stat(path).catch(() => null)
      if (at === null) continue
      // The last change, not the message's own date: a client that stores a message chooses that.
      const age = Date.now() - at.ctimeMs
      // A slip outlives its message, which may be moved, and so touched, on its last day.
      const most = { tmp: TMP_MS, slips: 2 * limits.ageMs, new: limits.ageMs, cur: limits.ageMs }[part]
      const placed = name.includes(`.${PLACED},`)
      if (age > most && !placed) await rm(path, { force: true })
      else if (part === 'new' || part === 'cur') found.push({ path, size: at.size, at: at.ctimeMs })
    }
  }
  return found.sort((a, b) => a.at - b.at)
}

const sum = (files: readonly Kept[]): number => files.reduce((all, { size }) => all + size, 0)

/** Makes room in one mailbox; gives what is left, oldest first. */
export async function trim(home: string, limits: BoxLimits = BOX_LIMITS): Promise<Kept[]> {
  const files = await kept(home, limits)
  let bytes = sum(files)
  while (files.length > limits.messages || bytes > limits.bytes) {
    const [oldest] = files.splice(0, 1)
    if (oldest === undefined) break
    bytes -= oldest.size
    await rm(oldest.path, { force: true })
  }
  return files
}

/** Makes room in all mailboxes below `root`, at the cost of the largest. */
export async function sweep(root: string, limits: BoxLimits = BOX_LIMITS): Promise<void> {
  const boxes: { files: Kept[]; bytes: number }[] = []
  for (const domain of await list(root)) {
    for (const name of await list(join(root, domain))) {
      const files = await trim(join(root, domain, name), limits)
      boxes.push({ files, bytes: sum(files) })
    }
  }
  let all = boxes.reduce((total, { bytes }) => total + bytes, 0)
  while (all > limits.allBytes) {
    const largest = boxes.reduce((a, b) => (b.bytes > a.bytes ? b : a))
    const [oldest] = largest.files.splice(0, 1)
    if (oldest === undefined) return
    largest.bytes -= oldest.size
    all -= oldest.size
    await rm(oldest.path, { force: true })
  }
}
