/**
 * Opens, resets, snapshots and closes participants' labs. The engine's labels are the truth about machines: nothing
 * is remembered here between calls but slots that are being taken at this moment.
 */
import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { inhabitantAddress, machineAddresses, SLOTS } from './addresses.ts'
import { changeNames, withMissing } from './advance.ts'
import { attach } from './attach.ts'
import type { Engine, Found } from './docker.ts'
import { ensureEventOn, type OpenEvent, volumeOf } from './event.ts'
import { followLines, followMail, followNames } from './follow.ts'
import { furnish } from './furnish.ts'
import type { MailEvent, NameChange } from './internet/api.ts'
import { PLACES, type Place } from './internet/places.ts'
import type { InternetLine } from './internet-line.ts'
import { Keeping } from './keeping.ts'
import { keptAs } from './kept.ts'
import { LABEL } from './labels.ts'
import { MachineSockets } from './machine-sockets.ts'
import { machineSpec } from './machines.ts'
import { deskFiles, registration } from './registration.ts'
import { tarOf } from './tar.ts'
import { trust } from './trust.ts'
import {
  type ExecOptions,
  type ExecResult,
  type Inhabitant,
  type KeptLab,
  type Lab,
  LabError,
  type Labs,
  type Machine,
  type NamesAtAdvance,
  type Progress,
  type Start,
  type Who,
} from './types.ts'
import { watchEngine } from './watch.ts'

const MACHINES: Machine[] = ['server', 'desk']
const CLOSE_MS = 15_000
const NAME = /^[a-z][a-z0-9-]{0,30}$/

export interface LabsOptions {
  engine: Engine
  /** Tags of the images, as `ensureImages` gives them. */
  images: Record<Machine | 'internet', string>
  /** Name of this installation on the engine: `[a-z0-9-]`. */
  instance: string
  /** A folder for sockets that machines connect to; without it, everything goes through the engine. */
  sockets?: string
}

export function createLabs(options: LabsOptions): Labs {
  return new EngineLabs(options)
}

class EngineLabs implements Labs {
  readonly #engine: Engine
  readonly #images: LabsOptions['images']
  readonly #instance: string
  readonly #sockets: MachineSockets | null
  readonly #ensuring = new Map<string, Promise<void>>()
  readonly #keeping: Keeping
  readonly #places = new Map<string, OpenEvent>()
  readonly #taking = new Map<string, Promise<unknown>>()

  constructor(options: LabsOptions) {
    this.#engine = options.engine
    this.#images = options.images
    this.#instance = options.instance
    this.#sockets = options.sockets ? new MachineSockets(options.sockets) : null
    this.#keeping = new Keeping({
      engine: options.engine,
      internet: this.internet.bind(this),
      containers: event => this.#containers(event),
      labOf: (who, labels) => this.#labOf(who, labels),
      prepare: name => void this.#sockets?.mount(name),
      start: lab => this.#start(lab),
      register: (lab, names) => this.#register(lab, names),
      unregister: lab => this.#unregister(lab, true),
    })
  }

  /** Several pages may be the first to ask something of an event: it is made once. */
  ensureEvent(event: string, progress: Progress = () => {}): Promise<void> {
    const mine =
      this.#ensuring.get(event) ??
      this.#ensure(event, progress).finally(() => {
        this.#ensuring.delete(event)
      })
    this.#ensuring.set(event, mine)
    return mine
  }

  async #ensure(event: string, progress: Progress): Promise<void> {
    if (!NAME.test(event))
      throw new LabError('refused', `an event's name is made of a-z, 0-9 and -, not «${event}»`)
    const where = { instance: this.#instance, event, image: this.#images.internet }
    const place = await ensureEventOn(this.#engine, where, progress)
    this.#places.get(event)?.line.close()
    this.#places.set(event, place)
    if (!place.fresh) return
    // A new internet container knows no names yet.
    const participants = new Set((await this.#machines(event)).map(c => c.labels[LABEL.participant] ?? ''))
    const labs = await Promise.all([...participants].map(participant => this.find({ event, participant })))
    await Promise.all(labs.map(lab => lab && this.#register(lab)))
    for (const lab of labs) if (lab?.running) this.#furnish(lab)
  }

  async open(who: Who, start: Start, progress: Progress = () => {}): Promise<Lab> {
    if (!NAME.test(who.participant))
      throw new LabError(
        'refused',
        `a participant's name is made of a-z, 0-9 and -, not «${who.participant}»`,
      )
    if (!this.#places.has(who.event)) await this.ensureEvent(who.event, progress)
    const found = await this.find(who)
    if (found) {
      if (!found.running) {
        progress('starting')
        await this.#start(found)
      }
      await Promise.all([this.#register(found, start.names?.(found)), this.#house(found, start)])
      this.#furnish(found, { fresh: false, mail: start.mail?.(found) ?? [] })
      return found
    }
    progress('machines')
    // What was created but never started is a half-made lab of a process that was killed.
    await this.close(who)
    const lab = await this.#create(who, start)
    try {
      await Promise.all([this.#start(lab), this.#register(lab, start.names?.(lab)), this.#house(lab, start)])
    } catch (error) {
      await this.close(who).catch(() => {})
      throw error
    }
    this.#furnish(lab, { fresh: true, mail: start.mail?.(lab) ?? [] })
    return lab
  }

  async reset(who: Who, start: Start, progress: Progress = () => {}): Promise<Lab> {
    progress('closing')
    await this.close(who)
    return this.open(who, start, progress)
  }

  async close(who: Who): Promise<void> {
    await this.#keeping.settle(who)
    const all = (await this.#containers(who.event)).filter(
      c => c.labels[LABEL.participant] === who.participant,
    )
    const [first] = all
    await Promise.all([
      this.#remove(all.filter(({ name }) => !keptAs(name))),
      // Of a kept lab too: its domain may still be there if we were killed while it was set aside.
      first && this.#places.has(who.event)
        ? this.#unregister(
            this.#labOf(who, first.labels),
            all.some(({ name }) => keptAs(name)),
          )
        : undefined,
    ])
  }

  async closeEvent(event: string): Promise<void> {
    const end = Date.now() + CLOSE_MS
    this.#places.get(event)?.line.close()
    this.#places.delete(event)
    for (;;) {
      const all = await this.#engine.containers(`${LABEL.instance}=${this.#instance}`)
      const mine = all.filter(c => c.labels[LABEL.event] === event)
      await this.#remove(mine)
      try {
        const network = `ten-${this.#instance}-${event}`
        await this.#engine.removeVolume(volumeOf(network))
        return await this.#engine.removeNetwork(network)
      } catch (error) {
        // A container whose removal is under way elsewhere still holds its place on the network.
        if (Date.now() > end) throw error
        await sleep(200)
      }
    }
  }

  async find(who: Who): Promise<(Lab & { running: boolean }) | null> {
    const mine = (await this.#machines(who.event)).filter(
      c => c.labels[LABEL.participant] === who.participant,
    )
    const [first] = mine
    if (!first || mine.length !== MACHINES.length || mine.some(c => !c.started)) return null
    return { ...this.#labOf(who, first.labels), running: mine.every(c => c.running) }
  }

  async reconcile(event: string, keep: string[]): Promise<void> {
    await this.ensureEvent(event)
    const all = await this.#containers(event)
    await this.#remove(all.filter(c => !keep.includes(c.labels[LABEL.participant] ?? '')))
    for (const participant of keep) {
      await this.#keeping.settle({ event, participant })
      const lab = await this.find({ event, participant })
      if (!lab) {
        await this.close({ event, participant })
        continue
      }
      if (!lab.running) await this.#start(lab)
      await this.#register(lab)
      this.#furnish(lab)
    }
  }

  keep(lab: Lab): Promise<KeptLab> {
    return this.#keeping.keep(lab)
  }

  kept(who: Who): Promise<KeptLab[]> {
    return this.#keeping.list(who)
  }

  async restore(
    who: Who,
    at: number,
    progress: Progress = () => {},
    starts: readonly Start[] = [],
  ): Promise<Lab> {
    if (!this.#places.has(who.event)) await this.ensureEvent(who.event, progress)
    if (await this.find(who)) throw new LabError('refused', `${who.participant} has a lab that is open`)
    progress('machines')
    await this.close(who)
    const lab = await this.#keeping.restore(who, at)
    for (const start of starts) await this.#house(lab, start)
    this.#furnish(lab, { fresh: true, mail: starts.flatMap(start => start.mail?.(lab) ?? []) })
    return lab
  }

  dropKept(who: Who, at: number): Promise<void> {
    return this.#keeping.drop(who, at)
  }

  async advance(lab: Lab, start: Start, names: NamesAtAdvance = withMissing): Promise<void> {
    const files = start.files(lab)
    for (const machine of MACHINES) {
      const mine = files.filter(file => file.machine === machine)
      if (mine.length) await this.#engine.putArchive(this.#name(lab, machine), await tarOf(mine))
    }
    const wanted = start.names?.(lab)
    if (wanted) await changeNames(this, lab, wanted, names)
    await this.#house(lab, start)
    this.#furnish(lab, { fresh: false, mail: start.mail?.(lab) ?? [] })
  }

  async snapshot(lab: Lab): Promise<string> {
    const tag = `ten-steps/snapshot:${randomBytes(6).toString('hex')}`
    await this.#engine.commit(this.#name(lab, 'server'), tag, { [LABEL.kind]: 'snapshot' })
    return tag
  }

  async dropSnapshot(tag: string): Promise<void> {
    await this.#engine.removeImage(tag)
  }

  exec(lab: Lab, machine: Machine, argv: string[], options?: ExecOptions): Promise<ExecResult> {
    return this.#engine.exec(this.#name(lab, machine), argv, options)
  }

  attach(lab: Lab, machine: Machine, argv: string[]): Promise<Duplex> {
    return attach(this.#engine, this.#sockets, this.#name(lab, machine), argv)
  }

  async tunnel(event: string, to: { host: string; port: number }): Promise<Duplex> {
    return (await this.#line(event)).tunnel(to)
  }

  async internet<T>(
    event: string,
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<T> {
    return (await this.#line(event)).request<T>(method, path, body)
  }

  watch(listener: (state: 'up' | 'down') => void): () => void {
    return watchEngine(this.#engine, `${LABEL.instance}=${this.#instance}`, listener)
  }

  follow(event: string, since: number, onEvent: (event: MailEvent) => void): () => void {
    return followMail(() => this.#line(event), since, onEvent)
  }

  followNames(event: string, onBegin: () => void, onChange: (change: NameChange) => void): () => void {
    return followNames(() => this.#line(event), onBegin, onChange)
  }

  tail(lab: Lab, machine: Machine, file: string, past: number, onLine: (line: string) => void): () => void {
    return followLines(this.#engine, this.#name(lab, machine), file, past, onLine)
  }

  async inhabitants(event: string): Promise<{ labs: Lab[]; internet: Inhabitant[] }> {
    const found = new Map<string, Lab>()
    for (const { labels } of await this.#machines(event)) {
      const participant = labels[LABEL.participant] ?? ''
      if (!found.has(participant)) found.set(participant, this.#labOf({ event, participant }, labels))
    }
    const { index } = this.#place(event)
    const internet = (Object.keys(PLACES) as Place[]).map(place => ({
      place,
      ...inhabitantAddress(index, PLACES[place]),
    }))
    return { labs: [...found.values()], internet }
  }

  async #line(event: string): Promise<InternetLine> {
    if (!this.#places.has(event)) await this.ensureEvent(event)
    return this.#place(event).line
  }

  #name(who: Who, machine: Machine): string {
    return `ten-${this.#instance}-${who.event}-${who.participant}-${machine}`
  }

  /** All participants' machines, those that are kept among them. */
  async #containers(event: string): Promise<Found[]> {
    const all = await this.#engine.containers(`${LABEL.instance}=${this.#instance}`)
    return all.filter(c => c.labels[LABEL.event] === event && c.labels[LABEL.kind] === 'machine')
  }

  async #machines(event: string): Promise<(Found & { started: boolean })[]> {
    return (await this.#containers(event))
      .filter(({ name }) => !keptAs(name))
      .map(c => ({ ...c, started: c.state !== 'created' }))
  }

  async #remove(containers: Found[]): Promise<void> {
    // By id: a name may be another one's by then.
    await Promise.all(containers.map(c => this.#engine.remove(c.id)))
    for (const { name } of containers) this.#sockets?.remove(name)
  }

  #place(event: string): OpenEvent {
    const place = this.#places.get(event)
    if (!place) throw new LabError('gone', `the event ${event} is not open`)
    return place
  }

  #labOf(who: Who, labels: Record<string, string>): Lab {
    const domain = `${who.participant}.test`
    return {
      event: who.event,
      participant: who.participant,
      domain,
      host: `mail.${domain}`,
      seed: labels[LABEL.seed] ?? '',
      step: labels[LABEL.step] ?? '',
      address: machineAddresses(Number(labels[LABEL.index]), Number(labels[LABEL.slot])),
    }
  }

  /** Creates both machines with their starting files, not started yet: what is started is complete. */
  async #create(who: Who, start: Start): Promise<Lab> {
    return this.#alone(who.event, async () => {
      const place = this.#place(who.event)
      // Who keeps a lab keeps its addresses: they are in its settings and in its names.
      const slots = (await this.#containers(who.event)).map(({ labels }) => ({
        slot: Number(labels[LABEL.slot]),
        mine: labels[LABEL.participant] === who.participant,
      }))
      const taken = new Set(slots.map(({ slot }) => slot))
      const slot =
        slots.find(({ mine }) => mine)?.slot ??
        Array.from({ length: SLOTS }, (_, i) => i).find(i => !taken.has(i))
      if (slot === undefined)
        throw new LabError('full', `all ${SLOTS} places of the event ${who.event} are taken`)
      const labels = {
        [LABEL.kind]: 'machine',
        [LABEL.instance]: this.#instance,
        [LABEL.event]: who.event,
        [LABEL.index]: `${place.index}`,
        [LABEL.participant]: who.participant,
        [LABEL.slot]: `${slot}`,
        [LABEL.seed]: start.seed ?? randomBytes(16).toString('hex'),
        [LABEL.step]: start.step,
      }
      const lab = this.#labOf(who, labels)
      const files = [...deskFiles(lab), ...start.files(lab)]
      await Promise.all(
        MACHINES.map(async machine => {
          const name = this.#name(who, machine)
          const mount = this.#sockets?.mount(name) ?? null
          const image = machine === 'server' ? (start.serverImage ?? this.#images.server) : this.#images.desk
          await this.#engine.create(machineSpec({ name, machine, image, lab, labels, place, mount }))
          const mine = files.filter(file => file.machine === machine)
          if (mine.length) await this.#engine.putArchive(name, await tarOf(mine))
        }),
      )
      return lab
    })
  }

  async #start(lab: Lab): Promise<void> {
    await Promise.all(MACHINES.map(machine => this.#engine.start(this.#name(lab, machine))))
  }

  #furnish(lab: Lab, how: Parameters<typeof furnish>[2] = { fresh: false }): void {
    furnish(this, lab, how, (machine, pems) => trust(this.#engine, this.#name(lab, machine), pems))
  }

  /** Once: a domain that is there stays as its owner made it. */
  async #register(lab: Lab, names?: Parameters<typeof registration>[1]): Promise<void> {
    await this.internet(lab.event, 'POST', `/domains/${lab.domain}`, registration(lab, names))
  }

  /** The stranger's house that a step's start has for the participant, if it has one. */
  async #house(lab: Lab, start: Start): Promise<void> {
    const doors = start.doors?.(lab)
    if (doors) await this.internet(lab.event, 'PUT', `/doors/${lab.participant}`, doors)
  }

  /**
   * Its names go with a lab: the next one begins with those of its step; and so do its owner's mailboxes at the providers,
   * unless another one is kept. Where they were never made, all is well.
   */
  async #unregister(lab: Lab, kept: boolean): Promise<void> {
    const path = `/domains/${lab.domain}${kept ? '?person=stays' : ''}`
    await this.internet(lab.event, 'DELETE', path).catch((error: unknown) => {
      if (!(error instanceof LabError) || error.code !== 'refused') throw error
    })
  }

  /** One creation at a time in an event, so that two participants never take one slot. */
  async #alone<T>(event: string, work: () => Promise<T>): Promise<T> {
    const before = this.#taking.get(event) ?? Promise.resolve()
    const mine = before.catch(() => {}).then(work)
    this.#taking.set(event, mine)
    return mine
  }
}
