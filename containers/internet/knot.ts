/** The authoritative name server: zone files in, DS records out. */
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { create } from './dynamic.ts'
import { Failed, run } from './run.ts'
import { APEX, renderZone, type Zone } from './zones.ts'

const DIRECTORY = '/var/lib/internet/zones'
/** Whoever gives up starts all anew, which a busy machine bears least. */
const PATIENCE_MS = 30_000
const LIST = join(DIRECTORY, 'zones.conf')

const fileOf = (origin: string) => join(DIRECTORY, `${origin === '.' ? 'root' : origin.slice(0, -1)}.zone`)

const knotc = (...args: string[]) => run('knotc', args)

/** Writes only what differs, so that a reload leaves all other zones alone; rename, so that a kill leaves a whole file. */
async function write(path: string, content: string): Promise<boolean> {
  const before = await readFile(path, 'utf8').catch(() => null)
  if (before === content) return false
  await writeFile(`${path}.new`, content)
  await rename(`${path}.new`, path)
  return true
}

/** Waits until the name server answers on its control socket; throws after PATIENCE_MS. */
export async function waitForKnot(): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      await knotc('status')
      return
    } catch (error) {
      if (Date.now() > end) throw error
      await delay(30)
    }
  }
}

/** Zones that live in the name server's journal, and who may change them. */
export interface Dynamic {
  /** Each with the owners of keys that may change it: a whole zone, or only the names listed. */
  zones: { origin: string; editors: { owner: string; names?: readonly string[] }[] }[]
  /** TSIG secrets by owner, Base64. */
  keys: ReadonlyMap<string, string>
}

const ZONE_TYPES = '[A, AAAA, MX, TXT, CNAME, SRV, CAA, TLSA, ANY]'

/** The part of the name server's configuration that changes: keys, what they may do, zones. */
function configuration(zones: readonly Zone[], dynamic: Dynamic): string {
  const lines: string[] = []
  const acls = new Map<string, string[]>()
  const rule = (zone: string, owner: string, rest: string[]) => {
    const id = `acl-${zone}-${owner}`
    acls.set(zone, [...(acls.get(zone) ?? []), id])
    return [`  - id: ${id}`, `    key: ${owner}`, '    action: update', ...rest]
  }
  const rules = dynamic.zones.flatMap(({ origin, editors }) =>
    editors.flatMap(({ owner, names }) =>
      rule(
        origin,
        owner,
        names === undefined
          ? [`    update-type: ${ZONE_TYPES}`]
          : [
              '    update-type: [PTR, ANY]',
              '    update-owner: name',
              '    update-owner-match: equal',
              `    update-owner-name: [${names.join(', ')}]`,
            ],
      ),
    ),
  )
  if (dynamic.keys.size > 0) {
    lines.push('key:')
    for (const [owner, secret] of dynamic.keys)
      lines.push(`  - id: ${owner}`, '    algorithm: hmac-sha256', `    secret: ${secret}`)
  }
  if (rules.length > 0) lines.push('acl:', ...rules)
  lines.push('zone:')
  for (const { origin } of zones) {
    // The root's key is the lab's trust anchor: it must never roll.
    const policy = origin === '.' ? 'anchor' : 'lab'
    lines.push(`  - domain: ${origin}`, `    file: ${fileOf(origin)}`, `    dnssec-policy: ${policy}`)
  }
  for (const { origin } of dynamic.zones) {
    lines.push(`  - domain: ${origin}`, '    template: dynamic')
    lines.push(`    acl: [${['admin', ...(acls.get(origin) ?? [])].join(', ')}]`)
  }
  return `${lines.join('\n')}\n`
}

/**
 * Serves exactly these zones: those of files are loaded where they are new or changed, dynamic ones made where there is
 * none yet, and what is gone is forgotten. Gives the origins that changed.
 */
export async function serve(zones: readonly Zone[], dynamic: Dynamic): Promise<string[]> {
  const changed: string[] = []
  for (const zone of zones) {
    if (await write(fileOf(zone.origin), renderZone(zone))) changed.push(zone.origin)
  }
  if (await write(LIST, configuration(zones, dynamic))) await knotc('reload')
  const kept = new Set([LIST, ...zones.map(zone => fileOf(zone.origin))])
  for (const name of await readdir(DIRECTORY)) {
    const path = join(DIRECTORY, name)
    if (!kept.has(path)) await rm(path, { force: true })
  }
  if (changed.length > 0) await knotc('--blocking', 'zone-reload', ...changed)
  const there = await serials()
  const missing = dynamic.zones.map(({ origin }) => origin).filter(origin => !there.has(origin))
  await Promise.all(missing.map(origin => create(origin, APEX)))
  return [...changed, ...missing]
}

/** The serials of all zones that have contents, by origin. */
export async function serials(): Promise<Map<string, string>> {
  // One zone without contents makes a failure of the whole answer.
  const text = await knotc('zone-read', '--', '@', 'SOA').catch((error: unknown) => {
    if (error instanceof Failed) return error.said
    throw error
  })
  const found = text.matchAll(/^\[(\S+)\] \S+ \d+ SOA \S+ \S+ (\d+) /gm)
  return new Map([...found].map(([, origin = '', serial = '']) => [origin, serial]))
}

/** A zone's records, `owner TTL TYPE data` a line with absolute owners; those of DNSSEC among them. */
export async function read(origin: string): Promise<string> {
  return (await knotc('zone-read', origin)).replace(/^\[\S+\] /gm, '')
}

/** Drops the keys and the journal of a zone that is served no more. */
export async function purge(origin: string): Promise<void> {
  await knotc('--force', 'zone-purge', '+orphan', origin)
}

/**
 * The DS data that parents should hold, by the child's origin, from the CDS records that the name server makes
 * (RFC 7344). Throws if it has not signed one of the zones within PATIENCE_MS.
 */
export async function dsOf(origins: readonly string[]): Promise<Map<string, string[]>> {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const found = new Map<string, string[]>()
    const text = await knotc('zone-read', '--', '@', 'CDS')
    for (const [, origin = '', data = ''] of text.matchAll(
      /^\[(\S+)\] \S+ \d+ CDS (\d+ \d+ \d+ [0-9A-Fa-f]+)$/gm,
    )) {
      found.set(origin, [...(found.get(origin) ?? []), data])
    }
    const missing = origins.filter(origin => !found.has(origin))
    if (missing.length === 0) return found
    if (Date.now() > end)
      throw new Error(`the name server did not sign ${missing.join(' ')} within ${PATIENCE_MS / 1000} s`)
    await delay(15)
  }
}
