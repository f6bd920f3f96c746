/** A terminal server on a holder of its own, without machines: the shells run here. And pages that use it. */
import { createServer, type Server } from 'node:http'
import { Duplex } from 'node:stream'
import type { Lab } from '../../containers/types.ts'
import { type TerminalContext, terminals } from '../../site/server/terminal.ts'
import { Line, type LineState } from '../../site/src/elements/terminal/line.ts'
import type { Holder } from '../containers/holder-client.ts'
import { until } from '../containers/holder-client.ts'

// Whoever runs the tests has profiles that take their time.
const plain = { user: String(process.getuid?.()), argv: ['/bin/bash', '--norc', '--noprofile'] }
export const PLAIN_SHELLS = { server: plain, desk: plain }

/** What `labs.attach` gives, on a process of this machine. */
export function pipeTo(holder: Holder): () => Promise<Duplex> {
  return async () => {
    const { process: child } = holder.attach()
    const { stdin, stdout } = child
    if (!stdin || !stdout) throw new Error('no pipe')
    stdout.removeAllListeners('data')
    // The types know the pair of the web streams alone.
    const duplex = Duplex.from({ readable: stdout, writable: stdin } as unknown as NodeJS.ReadableStream)
    child.on('close', () => duplex.destroy())
    return duplex
  }
}

export class Ground implements AsyncDisposable {
  #server: Server | undefined
  #shells: ReturnType<typeof terminals> | undefined
  port = 0
  context: TerminalContext
  readonly gone: string[] = []

  constructor(pipe: TerminalContext['labs']['attach'], more: Partial<TerminalContext> = {}) {
    this.context = {
      labs: { attach: pipe },
      lab: () => ({}) as Lab,
      machine: 'server',
      terminal: 1,
      lang: 'en',
      participant: 'you',
      onGone: () => this.gone.push('gone'),
      ...more,
    }
  }

  async start(options: Parameters<typeof terminals>[0] = {}): Promise<this> {
    const server = createServer()
    const shells = terminals({ shells: PLAIN_SHELLS, ...options })
    server.on('upgrade', (request, socket, head) => shells.upgrade(request, socket, head, this.context))
    await new Promise<void>(done => server.listen(this.port, '127.0.0.1', done))
    this.port = (server.address() as { port: number }).port
    this.#server = server
    this.#shells = shells
    return this
  }

  /** As a server that goes away: the pages' sockets end. */
  async stop(): Promise<void> {
    this.#shells?.close()
    const server = this.#server
    await new Promise(done => (server ? server.close(done) : done(null)))
  }

  url(query = 'writer=w'): string {
    return `ws://127.0.0.1:${this.port}/api/terminals/server/1?${query}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/** The page's line with a screen that only remembers. */
export class Page implements Disposable {
  readonly line: Line
  text = ''
  states: LineState[] = []
  size: [number, number] | undefined
  /** The reasons for which shells were fresh, and whether the screen was to be emptied. */
  joins: [fresh: string | null, anew: boolean][] = []
  #seq = 0

  constructor(ground: Ground, shell = '') {
    this.line = new Line({
      url: ground.url('').replace(/\?$/, ''),
      lang: 'en',
      shell,
      size: () => ({ cols: 80, rows: 24 }),
      events: {
        at: (at, anew) => {
          this.joins.push([at.fresh, anew])
          this.#seq = at.seq
          if (anew) this.text = ''
        },
        data: bytes => {
          this.text += Buffer.from(bytes).toString('latin1')
          this.#seq += bytes.length
          this.line.shown(this.#seq)
        },
        size: (cols, rows) => {
          this.size = [cols, rows]
        },
        state: state => this.states.push(state),
      },
    })
    this.line.connect()
  }

  type(text: string): void {
    this.line.type(Buffer.from(text))
  }

  async prints(mark: string, ms?: number): Promise<void> {
    await until(() => this.text.includes(mark), `«${mark}» in «${this.text.slice(-300)}»`, ms)
  }

  /** Waits until the page is told that it has to wait; gives the words. */
  async told(): Promise<string> {
    const found = () => this.states.find(state => state.state === 'waiting' && state.message !== null)
    await until(() => found() !== undefined, 'a message')
    const state = found()
    return state?.state === 'waiting' ? (state.message ?? '') : ''
  }

  [Symbol.dispose](): void {
    this.line.leave()
  }
}
