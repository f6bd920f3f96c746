/**
 * What a provider thought of each message, kept beside the mailbox where only this program writes. A header of the
 * message names its slip: file names change when a client moves a message, headers don't.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MailDetail, Verdict } from '../api.ts'
import { makeHome } from './maildir.ts'

export const SLIP_HEADER = 'X-Lab-Delivery'
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** A dialogue can be made long by whoever speaks in it. */
const TRANSCRIPT_AT_MOST = 16_000

export interface Slip {
  verdict: Verdict
  envelope: NonNullable<MailDetail['envelope']>
}

export async function writeSlip(home: string, slip: Slip): Promise<string> {
  const id = randomUUID()
  const directory = join(home, 'slips')
  await makeHome(home)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const { transcript, ...verdict } = slip.verdict
  const bounded = transcript === undefined ? {} : { transcript: transcript.slice(0, TRANSCRIPT_AT_MOST) }
  await writeFile(
    join(directory, `${id}.json`),
    JSON.stringify({ ...slip, verdict: { ...verdict, ...bounded } }),
    { mode: 0o600 },
  )
  return id
}

/** Null where there is none: the message was put there by IMAP, or its header was made up. */
export async function readSlip(home: string, id: string | undefined): Promise<Slip | null> {
  if (id === undefined || !ID.test(id)) return null
  try {
    return JSON.parse(await readFile(join(home, 'slips', `${id}.json`), 'utf8')) as Slip
  } catch {
    return null
  }
}
