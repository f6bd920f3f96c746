/**
 * Mailboxes as files, in the Maildir++ form that Dovecot reads and writes too: `HOME/Maildir/{tmp,new,cur}` is the
 * inbox, `HOME/Maildir/.Junk/…` a folder. Nothing here locks: a message is whole once it is in `new`, and a file that
 * is gone was moved by somebody else.
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ImapFlag, MailFolder } from '../api.ts'

/** Where a folder lies below the mailbox's home. */
const FOLDERS: Record<MailFolder, string> = { inbox: 'Maildir', junk: 'Maildir/.Junk' }

/** Letters of a file's name, in the order in which they must stand. */
const LETTERS = { D: '\\Draft', F: '\\Flagged', R: '\\Answered', S: '\\Seen' } as const satisfies Record<
  string,
  ImapFlag
>
/** Where other messages have «lab»: of the step's start, never too old (limits.ts). */
export const PLACED = 'start'

export interface MailFile {
  /** The part of the file's name that stays when flags change. */
  id: string
  path: string
  folder: MailFolder
  /** From its name: when it arrived. */
  at: number
  flags: ImapFlag[]
}

/** The group writes as well: Dovecot's processes are of another user. */
async function shared(directory: string): Promise<void> {
  if ((await mkdir(directory, { recursive: true })) !== undefined) await chmod(directory, 0o2770)
}

/** The mailbox's home and the domain's folder above it. */
export async function makeHome(home: string): Promise<void> {
  for (const path of [dirname(home), home]) await shared(path)
}

/** An empty inbox, before IMAP makes one that only IMAP may read. */
export async function makeInbox(home: string): Promise<void> {
  await makeFolder(home, 'inbox')
}

async function makeFolder(home: string, folder: MailFolder): Promise<string> {
  const base = join(home, FOLDERS[folder])
  await makeHome(home)
  for (const path of [join(home, 'Maildir'), base]) await shared(path)
  for (const part of ['tmp', 'new', 'cur']) await shared(join(base, part))
  // Says to Dovecot that this folder is one and not the root of all.
  if (folder !== 'inbox') await writeFile(join(base, 'maildirfolder'), '', { mode: 0o660 })
  return base
}

/** Puts a message where the next look finds it. `placed`: it belongs to the step's start, from this time on, with these flags. */
export async function put(
  home: string,
  folder: MailFolder,
  source: Buffer,
  placed?: { at: number; flags: readonly ImapFlag[] },
): Promise<void> {
  const base = await makeFolder(home, folder)
  const at = placed?.at ?? Date.now()
  const unique = `M${at % 1000}R${randomBytes(6).toString('hex')}`
  const id = `${Math.floor(at / 1000)}.${unique}.${placed ? PLACED : 'lab'},S=${source.length}`
  const path = join(base, 'tmp', id)
  const file = await open(path, 'wx', 0o660)
  try {
    await file.writeFile(source)
    // A umask may have taken the group's right away.
    await file.chmod(0o660)
  } finally {
    await file.close()
  }
  if (!placed) return rename(path, join(base, 'new', id))
  // IMAP's INTERNALDATE is the file's.
  await utimes(path, at / 1000, at / 1000)
  const letters = Object.entries(LETTERS).flatMap(([letter, flag]) =>
    placed.flags.includes(flag) ? letter : [],
  )
  await rename(path, join(base, 'cur', `${id}:2,${letters.join('')}`))
}

const names = (directory: string): Promise<string[]> =>
  readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })

/** What lies in inbox and Junk, newest first. */
export async function files(home: string): Promise<MailFile[]> {
  const found: MailFile[] = []
  for (const folder of ['inbox', 'junk'] as const) {
    for (const part of ['new', 'cur']) {
      const directory = join(home, FOLDERS[folder], part)
      for (const name of await names(directory)) {
        const [id = '', flags = ''] = name.split(':2,')
        const at = Number.parseInt(name, 10) * 1000
        if (name.startsWith('.') || Number.isNaN(at)) continue
        const set = Object.entries(LETTERS).flatMap(([letter, flag]) => (flags.includes(letter) ? flag : []))
        found.push({ id, path: join(directory, name), folder, at, flags: set })
      }
    }
  }
  return found.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
}

/** Moves a message and sets its flags; false if somebody else moved it first. */
export async function change(
  home: string,
  file: MailFile,
  to: { folder?: MailFolder; seen?: true },
): Promise<boolean> {
  const [, flags = ''] = file.path.split(':2,')
  const marked = to.seen && !flags.includes('S') ? [...flags, 'S'].sort().join('') : flags
  const base = await makeFolder(home, to.folder ?? file.folder)
  return gone(rename(file.path, join(base, 'cur', `${file.id}:2,${marked}`)))
}

export const remove = (file: MailFile): Promise<boolean> => gone(rm(file.path))

const gone = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )

/** The first bytes of a file; null if it is gone. */
export async function head(path: string, bytes: number): Promise<Buffer | null> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (file === null) return null
  try {
    const buffer = Buffer.alloc(bytes)
    const { bytesRead } = await file.read(buffer, 0, bytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
