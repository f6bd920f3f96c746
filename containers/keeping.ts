/** Keeps labs and brings them back; the order of what is done is such that a kill at any moment loses nothing. */
import type { Engine, Found } from './docker.ts'
import type { BlocklistState, DomainState, ListingCause, RegisterBody } from './internet/api.ts'
import { halfKept, keptAs, namesOf, setAside } from './kept.ts'
import { LABEL } from './labels.ts'
import { type KeptLab, type Lab, LabError, type Labs, type Machine, type Who } from './types.ts'

const MACHINES: Machine[] = ['server', 'desk']

/** What this needs of the labs around it. */
export interface Ground {
  engine: Engine
  internet: Labs['internet']
  /** All machines of an event's participants, kept ones too. */
  containers(event: string): Promise<Found[]>
  labOf(who: Who, labels: Record<string, string>): Lab
  /** Makes what a machine has of ours beside its container, by the name under which it runs; the engine looks for it. */
  prepare(name: string): void
  start(lab: Lab): Promise<void>
  register(lab: Lab, names: Omit<RegisterBody, 'addresses' | 'key' | 'relay'>): Promise<void>
  unregister(lab: Lab): Promise<void>
}

export class Keeping {
  readonly #on: Ground

  constructor(ground: Ground) {
    this.#on = ground
  }

  async keep(lab: Lab): Promise<KeptLab> {
    const mine = (await this.#mine(lab)).filter(
      ({ name, labels }) => !keptAs(name) && labels[LABEL.seed] === lab.seed,
    )
    if (mine.length !== MACHINES.length) throw new LabError('gone', `${lab.host} is not there to be kept`)
    const { records, reverse, signed, strict, since } = await this.#on.internet<DomainState>(
      lab.event,
      'GET',
      `/domains/${lab.domain}`,
    )
    const listed = await this.#listed(lab)
    const at = Date.now()
    try {
      await setAside(this.#on.engine, mine, { records, reverse, signed, strict, listed, since }, at)
    } catch (error) {
      await this.settle(lab).catch(() => {})
      const names = (await this.#mine(lab)).map(({ name }) => name)
      if (mine.every(({ name }) => names.includes(name))) await this.#on.start(lab).catch(() => {})
      throw error
    }
    // The next lab has the same addresses, and another reputation.
    for (const address of Object.keys(listed))
      await this.#on.internet(lab.event, 'DELETE', `/blocklist/${encodeURIComponent(address)}`)
    await this.#on.unregister(lab)
    return { ...lab, at }
  }

  /** Newest first. */
  async list(who: Who): Promise<KeptLab[]> {
    return (await this.#mine(who))
      .flatMap(({ name, labels }) => {
        const as = keptAs(name)
        if (!as || labels[LABEL.machine] !== 'server') return []
        return [{ ...this.#on.labOf(who, labels), at: as.at }]
      })
      .sort((a, b) => b.at - a.at)
  }

  /** The machines have their names and their domain again, and are started. No other lab may be there. */
  async restore(who: Who, at: number): Promise<Lab> {
    const { engine } = this.#on
    const mine = await this.#of(who, at)
    const server = mine.find(({ labels }) => labels[LABEL.machine] === 'server')
    if (!server || mine.length !== MACHINES.length)
      throw new LabError('gone', `${who.participant} keeps no lab of ${new Date(at).toISOString()}`)
    const lab = this.#on.labOf(who, server.labels)
    for (const { before } of mine) this.#on.prepare(before)
    const { signed, ...names } = await namesOf(engine, server.name)
    // Registered before it is there: a lab that is there without its names would get none.
    await this.#on.unregister(lab)
    await this.#on.register(lab, names)
    if (signed) await this.#on.internet(lab.event, 'PUT', `/domains/${lab.domain}/ds`)
    for (const { name, before } of mine) await engine.rename(name, before)
    await this.#on.start(lab)
    return lab
  }

  async drop(who: Who, at: number): Promise<void> {
    for (const { name } of await this.#of(who, at)) await this.#on.engine.remove(name)
  }

  /** Sets aside the other half of a lab of which we were killed while we kept it or brought it back. */
  async settle(who: Who): Promise<void> {
    for (const { machine, name } of halfKept(await this.#mine(who))) {
      await this.#on.engine.stop(machine.name)
      await this.#on.engine.rename(machine.name, name)
    }
  }

  /** Which of its addresses are on the blocklist, and why. */
  async #listed({ event, address }: Lab): Promise<Record<string, ListingCause>> {
    const all = Object.values(address).flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6])
    const states = await Promise.all(
      all.map(one =>
        this.#on.internet<BlocklistState>(event, 'GET', `/blocklist/${encodeURIComponent(one)}`),
      ),
    )
    return Object.fromEntries(
      states.flatMap(({ address: one, listing }) => (listing ? [[one, listing.cause] as const] : [])),
    )
  }

  async #mine(who: Who): Promise<Found[]> {
    const all = await this.#on.containers(who.event)
    return all.filter(({ labels }) => labels[LABEL.participant] === who.participant)
  }

  async #of(who: Who, at: number): Promise<(Found & { before: string })[]> {
    return (await this.#mine(who)).flatMap(one => {
      const as = keptAs(one.name)
      return as?.at === at ? [{ ...one, before: as.name }] : []
    })
  }
}
