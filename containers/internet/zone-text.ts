/** Zones as text: what the name server dumps, what a learner brings, what they take home. */
import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ZoneRecord } from './api.ts'
import { Failed, run } from './run.ts'

const TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'MX', 'TXT', 'CNAME', 'SRV', 'CAA', 'TLSA'])

/** Reads `owner TTL TYPE data` lines with absolute owners; all but what an owner may set is left out. */
export function recordsOf(dump: string, domain: string): ZoneRecord[] {
  const apex = `${domain}.`
  const records: ZoneRecord[] = []
  for (const line of dump.split('\n')) {
    const [, owner = '', ttl = '', type = '', data = ''] =
      /^(\S+)\s+(\d+)\s+(\S+)\s+(.*\S)\s*$/.exec(line) ?? []
    if (!TYPES.has(type) || !(owner === apex || owner.endsWith(`.${apex}`))) continue
    const name = owner === apex ? '@' : owner.slice(0, -apex.length - 1)
    records.push({ name, type: type as ZoneRecord['type'], data, ttl: Number(ttl) })
  }
  return records.sort((a, b) => order(a).localeCompare(order(b)))
}

const order = ({ name, type, data }: ZoneRecord) => `${name === '@' ? '' : name} ${type} ${data}`

/** A zone file for another name server or for later. */
export function renderRecords(domain: string, records: readonly ZoneRecord[]): string {
  const width = Math.max(8, ...records.map(({ name }) => name.length))
  const lines = records.map(
    ({ name, ttl = 300, type, data }) =>
      `${name.padEnd(width)} ${`${ttl}`.padStart(6)} ${type.padEnd(5)} ${data}`,
  )
  return [`$ORIGIN ${domain}.`, ...lines, ''].join('\n')
}

/** Reads a zone file as the name server would; a string says why it can't be read, in the name server's words. */
export async function parseZoneFile(domain: string, text: string): Promise<ZoneRecord[] | string> {
  // It would read any file that the name server may.
  const include = text.split('\n').findIndex(line => /^\s*\$INCLUDE/i.test(line))
  if (include >= 0) return `line ${include + 1}: $INCLUDE is not possible here`
  const path = join(tmpdir(), `zone-${randomBytes(6).toString('hex')}`)
  // Without these two it is no zone; where the file has its own, they are left out as all that the registry sets.
  const soa = /\sSOA\s/i.test(text)
    ? ''
    : `${domain}. 300 SOA ns.nic.test. hostmaster.nic.test. 1 3600 600 1209600 30\n`
  const ns = new RegExp(`^(?:@|${domain.replaceAll('.', '\\.')}\\.)?\\s.*\\bNS\\s`, 'im').test(text)
    ? ''
    : `${domain}. 300 NS ns.nic.test.\n`
  const added = soa + ns
  try {
    await writeFile(path, `${added}$TTL 300\n${text}\n`, { mode: 0o600 })
    return recordsOf(await run('kzonecheck', ['-o', domain, '-p', path]), domain)
  } catch (quiet) {
    if (!(quiet instanceof Failed)) throw quiet
    // Only the chatty run says on which line the mistake is.
    const error = await run('kzonecheck', ['-v', '-o', domain, path]).then(
      () => quiet,
      (chatty: unknown) => chatty,
    )
    if (!(error instanceof Failed)) throw error
    const shift = added.split('\n').length
    return error.said
      .split('\n')
      .filter(line => line && !/failed to (?:load|run)|Error summary|^ +\d+\t|serious semantic/.test(line))
      .join('; ')
      .replaceAll(path, 'the file')
      .replace(/\bline (\d+)/g, (_, line) => `line ${Math.max(1, Number(line) - shift)}`)
  } finally {
    await rm(path, { force: true })
  }
}
