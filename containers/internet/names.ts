/** The lab's names: learners' domains on disk, and every change carried to the name server and the resolver. */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DomainBody } from './api.ts'
import { Refused } from './control.ts'
import type { LabNet } from './env.ts'
import { dsOf, purge, serve, waitForKnot, whatIsWrong } from './knot.ts'
import type { Place } from './places.ts'
import { forget, forgetAll } from './resolver.ts'
import { allZones, domainZone, type Zone } from './zones.ts'

const DIRECTORY = '/var/lib/internet/domains'

export interface Names {
  /** Resolves when the zones that were there at the last stop are served and signed. */
  ready: Promise<void>
  /** Serves the domain with these records; refuses with the name server's words what makes no zone. */
  put(domain: string, body: DomainBody): Promise<void>
  /** False if there was no such domain. */
  remove(domain: string): Promise<boolean>
}

async function load(): Promise<Map<string, DomainBody>> {
  await mkdir(DIRECTORY, { recursive: true })
  const names = (await readdir(DIRECTORY)).filter(name => name.endsWith('.json'))
  const found = await Promise.all(
    names.map(async name => {
      const path = join(DIRECTORY, name)
      const body = JSON.parse(await readFile(path, 'utf8')) as DomainBody
      return { domain: name.slice(0, -'.json'.length), body, at: (await stat(path)).mtimeMs }
    }),
  )
  // In the order in which they were given: of two domains with one address in their reverse, the later speaks.
  return new Map(found.sort((a, b) => a.at - b.at).map(({ domain, body }) => [domain, body]))
}

/** `inhabitants`: the host names that the internet's own addresses resolve back to, with the final dot. */
export function openNames(
  net: LabNet,
  providers: readonly Zone[],
  inhabitants: Partial<Record<Place, string>>,
): Names {
  let domains = new Map<string, DomainBody>()
  const signers = new Map<string, string[]>()

  /** Children first, then the parents that hold their DS. Gives the zones that changed. */
  async function publish(next: ReadonlyMap<string, DomainBody>): Promise<string[]> {
    const zones = () => allZones(net, providers, next, signers, inhabitants)
    const changed = await serve(zones())
    const unsigned = zones().filter(({ origin }) => origin !== '.' && !signers.has(origin))
    if (unsigned.length > 0) {
      const found = await dsOf(unsigned.map(({ origin }) => origin))
      for (const [origin, data] of found) signers.set(origin, data)
      changed.push(...(await serve(zones())))
    }
    return changed
  }

  /** A parent's change matters to the resolver only in what it says of the child. */
  const children = (changed: string[]) => changed.filter(origin => origin !== '.' && origin !== 'test.')

  // One change at a time: each writes the parents too.
  let last: Promise<unknown> = Promise.resolve()
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }

  const ready = inTurn(async () => {
    await waitForKnot()
    domains = await load()
    await publish(domains)
    // Whatever it was asked before there was a root to ask has left failures behind.
    await forgetAll()
  })

  return {
    ready,
    put: (domain, body) =>
      inTurn(async () => {
        const wrong = await whatIsWrong(domainZone(domain, body))
        if (wrong !== null) throw new Refused(400, `these records make no zone: ${wrong}`)
        const next = new Map(domains)
        // Taken out first, to come last.
        next.delete(domain)
        next.set(domain, body)
        const path = join(DIRECTORY, `${domain}.json`)
        await writeFile(`${path}.new`, JSON.stringify(body))
        await rename(`${path}.new`, path)
        domains = next
        await forget(children(await publish(next)))
      }),
    remove: domain =>
      inTurn(async () => {
        if (!domains.has(domain)) return false
        await rm(join(DIRECTORY, `${domain}.json`), { force: true })
        domains = new Map([...domains].filter(([name]) => name !== domain))
        signers.delete(`${domain}.`)
        const changed = await publish(domains)
        await purge(`${domain}.`)
        await forget([...children(changed), `${domain}.`])
        return true
      }),
  }
}
