/** What a page shows of a mailbox. Messages are hostile: sizes are bounded, and HTML becomes text. */
import { stat } from 'node:fs/promises'
import PostalMime, { type Address, type Email } from 'postal-mime'
import { type MailDetail, type MailSummary, SOURCE_AT_MOST, SUMMARIES_AT_MOST } from '../api.ts'
import { files, head, type MailFile } from './maildir.ts'
import { readSlip, SLIP_HEADER } from './slips.ts'

/** For a list, the headers; a message that hides its subject behind more is shown without. */
const HEAD_BYTES = 16_000
/** For reading. What lies beyond is attachments, as a rule; the text may be cut. */
const READ_BYTES = 2_000_000
const TEXT_AT_MOST = 100_000

const short = (text: string | undefined, most: number) => (text ?? '').slice(0, most)

function person(address: Address | undefined): string {
  if (address === undefined) return ''
  if (address.group) return address.name
  return address.name ? `${address.name} <${address.address}>` : address.address
}

async function parse(source: Buffer): Promise<Email | null> {
  try {
    return await PostalMime.parse(source, {
      maxNestingDepth: 20,
      maxHeadersSize: 256_000,
      maxRfc822NestingDepth: 2,
    })
  } catch {
    // Past its limits or no message at all: its source can be read all the same.
    return null
  }
}

/** HTML as its words. The library does it where a message has plain parts besides, so it gets such a message. */
async function wordsOf(html: string): Promise<string> {
  const body = html.replace(/<style\b[\s\S]*?<\/style\s*>/gi, '')
  const both = [
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    '',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(body).toString('base64'),
    '--b--',
    '',
  ].join('\r\n')
  return ((await parse(Buffer.from(both)))?.text ?? '').trim()
}

/** The header block alone, so that a list costs no parsing of bodies. */
function headersOf(source: Buffer): Buffer {
  const end = source.indexOf('\r\n\r\n')
  return end < 0 ? source : source.subarray(0, end + 4)
}

async function summary(home: string, file: MailFile, email: Email | null): Promise<MailSummary> {
  const slip = email?.headers.find(({ key }) => key === SLIP_HEADER.toLowerCase())?.value
  const size = await stat(file.path).then(
    found => found.size,
    () => 0,
  )
  return {
    id: file.id,
    folder: file.folder,
    from: short(person(email?.from), 300),
    subject: short(email?.subject, 300),
    at: file.at,
    size,
    unread: !file.flags.includes('\\Seen'),
    flags: file.flags,
    verdict: (await readSlip(home, slip))?.verdict ?? null,
  }
}

/** Newest first; what vanished meanwhile is left out. */
export async function summaries(home: string): Promise<MailSummary[]> {
  const found: MailSummary[] = []
  for (const file of (await files(home)).slice(0, SUMMARIES_AT_MOST)) {
    const source = await head(file.path, HEAD_BYTES)
    if (source === null) continue
    const one = await summary(home, file, await parse(headersOf(source)))
    // The list of a mailbox need not carry every dialogue.
    if (one.verdict) delete one.verdict.transcript
    found.push(one)
  }
  return found
}

export async function find(home: string, id: string): Promise<MailFile | null> {
  return (await files(home)).find(file => file.id === id) ?? null
}

/** One message; null if it is gone. */
export async function detail(home: string, file: MailFile): Promise<MailDetail | null> {
  const source = await head(file.path, READ_BYTES)
  if (source === null) return null
  const email = await parse(source)
  const slip = await readSlip(
    home,
    email?.headers.find(({ key }) => key === SLIP_HEADER.toLowerCase())?.value,
  )
  return {
    ...(await summary(home, file, email)),
    to: short((email?.to ?? []).map(person).join(', '), 1000),
    headers: (email?.headers ?? [])
      .slice(0, 100)
      .map(({ originalKey, value }) => ({ name: short(originalKey, 100), value: short(value, 2000) })),
    text: short(email?.text ?? (await wordsOf((email?.html ?? '').slice(0, TEXT_AT_MOST))), TEXT_AT_MOST),
    attachments: (email?.attachments ?? []).slice(0, 50).map(({ filename, mimeType, content }) => ({
      name: short(filename ?? '', 200),
      type: short(mimeType, 100),
      size: typeof content === 'string' ? content.length : content.byteLength,
    })),
    source: source.toString('utf8').slice(0, SOURCE_AT_MOST),
    envelope: slip?.envelope ?? null,
  }
}
