/**
 * The lab's names. Who has a domain is written down here (registrations.ts); what it contains lives in the name
 * server, where its owner changes it by DNS UPDATE and we by the same. The resolver caches none of it but keys.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { DomainChange, DomainEdit, DomainNames, DomainState, RegisterBody, ZoneRecord } from './api.ts'
import { Refused } from './control.ts'
import { update } from './dynamic.ts'
import type { LabNet } from './env.ts'
import { type Dynamic, dsOf, purge, serve, waitForKnot } from './knot.ts'
import { mistakesIn } from './mistakes/find.ts'
import { NameChanges } from './name-changes.ts'
import { changes, edited, versionOf } from './names-diff.ts'
import { namesNow, outside } from './names-now.ts'
import type { Place } from './places.ts'
import { drop, keep, load, type Registration } from './registrations.ts'
import { forget, forgetAll } from './resolver.ts'
import { parseZoneFile, renderRecords } from './zone-text.ts'
import { allZones, ownPointers, REVERSE_ZONES, reverseName, reverseZoneOf, type Zone } from './zones.ts'

/** boot makes it; nobody but us may read it. */
const ADMIN_KEY = '/var/lib/internet/registry.key'

export interface Names {
  /** Resolves when the zones that were there at the last stop are served and signed. */
  ready: Promise<void>
  /** False, and nothing is changed, where the domain is registered already. */
  register(domain: string, body: RegisterBody): Promise<boolean>
  /** False if there was no such domain. */
  remove(domain: string): Promise<boolean>
  state(domain: string): Promise<DomainState>
  change(domain: string, body: DomainChange): Promise<DomainState>
  edit(domain: string, body: DomainEdit): Promise<DomainState>
  sign(domain: string, signed: boolean): Promise<DomainState>
  strict(domain: string, strict: boolean): Promise<DomainState>
  /** Serves the zones of files as they are now. */
  refresh(): Promise<void>
  /** Whether providers treat this domain's mail as the real ones would; null for one that nobody has. */
  strictness(domain: string): boolean | null
  /** Whose address it is. */
  owner(address: string): { domain: string; strict: boolean } | null
  /** Whether this is the owner's key of the domain. */
  holds(domain: string, key: string): boolean
  /** Whose names have changed, from now on, as a stream of lines. */
  follow(): Promise<Readable>
  /** Reads a zone file without changing anything; refused with the name server's words. */
  parse(domain: string, text: string): Promise<ZoneRecord[]>
}

/** `inhabitants`: the host names that the internet's own addresses resolve back to, with the final dot. */
export function openNames(
  net: LabNet,
  providers: readonly Zone[],
  inhabitants: Partial<Record<Place, string>>,
): Names {
  const registered = new Map<string, Registration>()
  const signers = new Map<string, string[]>()
  const watched = new NameChanges(() =>
    [...registered].map(([domain, { addresses }]) => ({ domain, addresses })),
  )
  const server = net.at('names').ipv4

  const dynamic = (): Dynamic => {
    const all = [...registered]
    return {
      keys: new Map(all.map(([domain, { key }]) => [domain, key])),
      zones: [
        ...all.map(([domain]) => ({ origin: `${domain}.`, editors: [{ owner: domain }] })),
        ...REVERSE_ZONES.map(origin => ({
          origin,
          editors: all.flatMap(([owner, { addresses }]) => {
            const names = addresses.map(reverseName).filter(name => reverseZoneOf(name) === origin)
            return names.length > 0 ? [{ owner, names }] : []
          }),
        })),
      ],
    }
  }

  /** Children first, then the parents that hold their DS. Gives the zones that changed. */
  async function publish(): Promise<string[]> {
    const domains = [...registered.keys()]
    const delegated = () =>
      new Map([...signers].filter(([origin]) => registered.get(origin.slice(0, -1))?.signed !== false))
    const zones = () => allZones(net, providers, domains, delegated())
    const changed = await serve(zones(), dynamic())
    // A learner's DS is asked for when the registry is to have it: it takes a moment that opening a lab has not.
    const unsigned = [...zones(), ...dynamic().zones].filter(
      ({ origin }) =>
        origin !== '.' && !signers.has(origin) && registered.get(origin.slice(0, -1))?.signed !== false,
    )
    if (unsigned.length > 0) {
      for (const [origin, data] of await dsOf(unsigned.map(({ origin }) => origin))) signers.set(origin, data)
      changed.push(...(await serve(zones(), dynamic())))
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
    for (const [domain, registration] of await load()) registered.set(domain, registration)
    await publish()
    await update(
      server,
      ADMIN_KEY,
      ownPointers(net, inhabitants).map(({ zone, lines }) => ({
        zone,
        lines: lines.flatMap(line => [`delete ${line.split(' ')[0]} PTR`, `add ${line}`]),
      })),
    )
    // Whatever it was asked before there was a root to ask has left failures behind.
    await forgetAll()
  })

  function registrationOf(domain: string): Registration {
    const found = registered.get(domain)
    if (found === undefined) throw new Refused(404, `there is no domain ${domain}`)
    return found
  }

  const namesOf = (domain: string, { addresses }: Registration) => namesNow(domain, addresses, server)

  async function stateOf(domain: string): Promise<DomainState> {
    const registration = registrationOf(domain)
    const names = await namesOf(domain, registration)
    return {
      domain,
      ...names,
      addresses: registration.addresses,
      version: versionOf(names),
      signed: registration.signed,
      ds: registration.signed ? (signers.get(`${domain}.`) ?? []) : [],
      strict: registration.strict,
      since: registration.since,
      mistakes: await mistakesIn(domain, names, outside),
      zone: renderRecords(domain, names.records),
    }
  }

  /** Brings the name server from one state of the names to another, and the resolver after it. */
  async function write(domain: string, before: DomainNames, after: DomainNames): Promise<void> {
    const wrong = await parseZoneFile(domain, renderRecords(domain, after.records))
    if (typeof wrong === 'string') throw new Refused(400, `these records make no zone: ${wrong}`)
    const updates = changes(domain, before, { ...after, records: wrong })
    await update(server, ADMIN_KEY, updates)
    await forget([`${domain}.`, ...updates.map(({ zone }) => zone)])
  }

  function own(addresses: readonly string[], reverse: Record<string, string>): void {
    for (const address of Object.keys(reverse))
      if (!addresses.includes(address))
        throw new Refused(400, `${address} is not an address of this domain's owner`)
  }

  const alter = (domain: string, version: string | undefined, to: (before: DomainNames) => DomainNames) =>
    inTurn(async () => {
      const registration = registrationOf(domain)
      const before = await namesOf(domain, registration)
      const after = to(before)
      own(registration.addresses, after.reverse)
      if (version !== undefined && version !== versionOf(before))
        throw new Refused(409, 'the names have changed since they were read', await stateOf(domain))
      await write(domain, before, after)
      return stateOf(domain)
    })

  return {
    ready,
    register: (domain, { records, reverse, addresses, key, strict = false, since = Date.now() }) =>
      inTurn(async () => {
        if (registered.has(domain)) return false
        own(addresses, reverse)
        const registration = { addresses, key, signed: false, strict, since }
        registered.set(domain, registration)
        try {
          const changed = await publish()
          // What a step begins with has been proved; what the addresses' owner of before had went with their domain.
          await update(server, ADMIN_KEY, changes(domain, { records: [], reverse: {} }, { records, reverse }))
          await keep(domain, registration)
          await forget([...children(changed), `${domain}.`])
          return true
        } catch (error) {
          registered.delete(domain)
          signers.delete(`${domain}.`)
          await publish()
          throw error
        }
      }),
    remove: domain =>
      inTurn(async () => {
        const registration = registered.get(domain)
        if (registration === undefined) return false
        const { reverse } = await namesOf(domain, registration)
        await update(
          server,
          ADMIN_KEY,
          changes(domain, { records: [], reverse }, { records: [], reverse: {} }),
        )
        await drop(domain)
        registered.delete(domain)
        signers.delete(`${domain}.`)
        const changed = await publish()
        await purge(`${domain}.`)
        await forget([...children(changed), `${domain}.`, ...REVERSE_ZONES])
        return true
      }),
    state: domain => inTurn(() => stateOf(domain)),
    change: (domain, { records, reverse, version }) => alter(domain, version, () => ({ records, reverse })),
    edit: (domain, edit) => alter(domain, edit.version, before => edited(before, edit)),
    sign: (domain, signed) =>
      inTurn(async () => {
        const registration = { ...registrationOf(domain), signed }
        registered.set(domain, registration)
        await keep(domain, registration)
        await publish()
        await forget([`${domain}.`])
        // The registry's part of it: the domain's own serial stays.
        watched.tell(domain)
        return stateOf(domain)
      }),
    strict: (domain, strict) =>
      inTurn(async () => {
        const registration = { ...registrationOf(domain), strict }
        registered.set(domain, registration)
        await keep(domain, registration)
        return stateOf(domain)
      }),
    refresh: () => inTurn(async () => forget(children(await publish()))),
    strictness: domain => registered.get(domain)?.strict ?? null,
    owner: address => {
      for (const [domain, { addresses, strict }] of registered)
        if (addresses.includes(address)) return { domain, strict }
      return null
    },
    holds(domain, key) {
      const hash = (text: string) => createHash('sha256').update(text).digest()
      const found = registered.get(domain)
      return found !== undefined && timingSafeEqual(hash(found.key), hash(key))
    },
    follow: () => watched.follow(),
    parse: async (domain, text) => {
      registrationOf(domain)
      const records = await parseZoneFile(domain, text)
      if (typeof records === 'string') throw new Refused(400, records)
      return records
    },
  }
}
