/** The authoritative name server: zone files in, DS records out. */
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Failed, run } from './run.ts'
import { renderZone, type Zone } from './zones.ts'

const DIRECTORY = '/var/lib/internet/zones'
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

/** Waits until the name server answers on its control socket; throws after ten seconds. */
export async function waitForKnot(): Promise<void> {
  const end = Date.now() + 10_000
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

/** Why the name server would not load the zone, in its own words, or null if it would. */
export async function whatIsWrong(zone: Zone): Promise<string | null> {
  const path = `${fileOf(zone.origin)}.check`
  await writeFile(path, renderZone(zone))
  try {
    await run('kzonecheck', ['-o', zone.origin, path])
    return null
  } catch (error) {
    if (error instanceof Failed) return error.said
    throw error
  } finally {
    await rm(path, { force: true })
  }
}

/** Serves exactly these zones: loads what is new or changed, forgets what is gone. Gives the origins that changed. */
export async function serve(zones: readonly Zone[]): Promise<string[]> {
  const changed: string[] = []
  for (const zone of zones) {
    if (await write(fileOf(zone.origin), renderZone(zone))) changed.push(zone.origin)
  }
  const list = zones.map(({ origin }) => {
    // The root's key is the lab's trust anchor: it must never roll.
    const policy = origin === '.' ? 'anchor' : 'lab'
    return `  - domain: ${origin}\n    file: ${fileOf(origin)}\n    dnssec-policy: ${policy}`
  })
  const relisted = await write(LIST, `zone:\n${list.join('\n')}\n`)
  if (relisted) await knotc('reload')
  const kept = new Set([LIST, ...zones.map(zone => fileOf(zone.origin))])
  for (const name of await readdir(DIRECTORY)) {
    const path = join(DIRECTORY, name)
    if (!kept.has(path)) await rm(path, { force: true })
  }
  if (changed.length > 0) await knotc('--blocking', 'zone-reload', ...changed)
  return changed
}

/** Drops the keys and the journal of a zone that is served no more. */
export async function purge(origin: string): Promise<void> {
  await knotc('--force', 'zone-purge', '+orphan', origin)
}

/**
 * The DS data that parents should hold, by the child's origin, from the CDS records that the name server makes
 * (RFC 7344). Throws if it has not signed one of the zones within five seconds.
 */
export async function dsOf(origins: readonly string[]): Promise<Map<string, string[]>> {
  const end = Date.now() + 5000
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
    if (Date.now() > end) throw new Error(`the name server did not sign ${missing.join(' ')} within 5 s`)
    await delay(15)
  }
}
