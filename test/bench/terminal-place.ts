/** Where the bench runs: a real lab, our server as a child, and ways to look at the machine. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Engine } from '../../containers/docker.ts'
import type { LabsOptions } from '../../containers/lab.ts'
import type { Lab, Labs } from '../../containers/types.ts'
import type { Setup } from './terminal-server.ts'
import { direct, type Ours, ours, type Session } from './terminal-sessions.ts'

const script = (name: string) => new URL(name, import.meta.url).pathname

export interface Ground {
  engine: Engine
  labs: Labs
  lab: Lab
  instance: string
  images: LabsOptions['images']
  /** The folder of the machines' sockets. */
  sockets: string
}

export class Place {
  readonly #ground: Ground
  readonly #child: ChildProcess
  readonly port: number
  readonly container: string
  #terminals = 0

  private constructor(ground: Ground, child: ChildProcess, port: number) {
    this.#ground = ground
    this.#child = child
    this.port = port
    this.container = `ten-${ground.instance}-${ground.lab.event}-${ground.lab.participant}-server`
  }

  static async start(ground: Ground, window?: number): Promise<Place> {
    const child = fork(script('terminal-server.ts'), { execArgv: ['--expose-gc'] })
    const { instance, images, lab, sockets } = ground
    const setup: Setup = { instance, images, lab, sockets, window }
    child.send(setup)
    const [{ port }] = (await once(child, 'message')) as [{ port: number }]
    return new Place(ground, child, port)
  }

  /** Resident bytes of our server. */
  async memory(): Promise<number> {
    this.#child.send('memory')
    const [{ memory }] = (await once(this.#child, 'message')) as [{ memory: number }]
    return memory
  }

  direct(): Promise<Session> {
    return direct(this.#ground.engine, this.container)
  }

  /** A terminal that nobody has opened yet. */
  ours(port = this.port): Promise<Ours> {
    return ours(port, ++this.#terminals)
  }

  again(terminal: number, shell: string, seq: number): Promise<Ours> {
    return ours(this.port, terminal, { shell, seq })
  }

  get lastTerminal(): number {
    return this.#terminals
  }

  /** Floods from a process of its own; gives the function that ends it. */
  async flood(kind: 'direct' | 'ours'): Promise<() => Promise<void>> {
    const argv =
      kind === 'direct' ? [kind, this.container] : [kind, String(this.port), String(++this.#terminals)]
    const child = fork(script('terminal-flood.ts'), argv)
    await once(child, 'message')
    return async () => {
      child.send('end')
      await once(child, 'exit')
    }
  }

  async shell(command: string): Promise<string> {
    const { labs, lab } = this.#ground
    return (await labs.exec(lab, 'server', ['/bin/sh', '-c', command])).stdout.trim()
  }

  async stop(): Promise<void> {
    this.#child.disconnect()
    if (this.#child.exitCode === null) await once(this.#child, 'exit')
  }
}
