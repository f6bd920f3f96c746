/**
 * Who has a mailbox: each participant at each provider. Dovecot reads the passwords' hashes from a passwd-file; the
 * passwords themselves are kept too, for a desk that is made anew must be told them again.
 */
import { createHash, randomBytes } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MAIL_PROVIDERS, type Mailbox, type MailProvider, type PeopleAnswer } from '../api.ts'

/** More than an event has places for: a registration can't fill the disk. */
const MOST = 1000

type Passwords = Record<MailProvider, string>

export const domainOf = (provider: MailProvider): string => `${provider}.test`

/** 20 characters of 32, none of which looks like another: 100 bits, easily typed. */
function newPassword(): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789'
  return [...randomBytes(20)].map(byte => alphabet[byte % 32]).join('')
}

/** Fast, because nobody guesses 100 random bits, and a room of desks logs in at once. */
function hash(password: string): string {
  const salt = randomBytes(8)
  const digest = createHash('sha512').update(password).update(salt).digest()
  return `{SSHA512}${Buffer.concat([digest, salt]).toString('base64')}`
}

const mailboxes = (participant: string, passwords: Passwords): Mailbox[] =>
  MAIL_PROVIDERS.map(provider => ({
    provider,
    address: `${participant}@${domainOf(provider)}`,
    password: passwords[provider],
    host: `imap.${domainOf(provider)}`,
  }))

export interface People {
  /** Finds or makes the participant's mailboxes; null when there are too many people. */
  put(participant: string): Promise<PeopleAnswer | null>
  /** False if there was nobody of that name. */
  remove(participant: string): Promise<boolean>
  has(participant: string): boolean
}

/** `directory` belongs to the program alone; Dovecot reads `passwd` in it. */
export async function openPeople(directory: string): Promise<People> {
  const list = join(directory, 'people.json')
  const known = await readFile(list, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  let people = new Map(Object.entries(JSON.parse(known) as Record<string, Passwords>))

  async function replace(path: string, content: string, mode: number): Promise<void> {
    await rm(`${path}.new`, { force: true })
    await writeFile(`${path}.new`, content, { mode })
    await rename(`${path}.new`, path)
  }

  const lines = new Map<string, string>()
  const line = (box: Mailbox) => {
    const known = lines.get(box.address) ?? `${box.address}:${hash(box.password)}::::::`
    lines.set(box.address, known)
    return known
  }

  async function save(next: Map<string, Passwords>): Promise<void> {
    await replace(list, JSON.stringify(Object.fromEntries(next)), 0o600)
    const all = [...next].flatMap(([name, passwords]) => mailboxes(name, passwords))
    const gone = new Set(lines.keys())
    for (const { address } of all) gone.delete(address)
    for (const address of gone) lines.delete(address)
    await replace(join(directory, 'passwd'), all.map(box => `${line(box)}\n`).join(''), 0o640)
    people = next
  }

  // One change at a time: each writes the whole list.
  let last: Promise<unknown> = Promise.resolve()
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }

  await save(people)
  return {
    put: participant =>
      inTurn(async () => {
        const found = people.get(participant)
        if (found) return { made: false, mailboxes: mailboxes(participant, found) }
        if (people.size >= MOST) return null
        const passwords = Object.fromEntries(
          MAIL_PROVIDERS.map(provider => [provider, newPassword()]),
        ) as Passwords
        await save(new Map(people).set(participant, passwords))
        return { made: true, mailboxes: mailboxes(participant, passwords) }
      }),
    remove: participant =>
      inTurn(async () => {
        if (!people.has(participant)) return false
        await save(new Map([...people].filter(([name]) => name !== participant)))
        return true
      }),
    has: participant => people.has(participant),
  }
}
