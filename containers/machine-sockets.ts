/**
 * A terminal's bytes take the engine's way, `docker exec`, only where they must: it goes through three processes, and a
 * key takes twice as long. Where the engine shares this host's kernel, each machine has a Unix socket of ours instead,
 * in a folder of its own that is mounted read-only. The process that was exec'd connects to it and says a word that was
 * given to it alone; where it can't connect (an engine in a virtual machine or elsewhere, SELinux, user namespaces), it
 * says so and its own standard input and output serve, as without all this.
 *
 * The machine's root is a learner and may connect as often as they like: who does not say a word that we wait for gets
 * nothing, and whoever does has reached the terminals of their own machine, which are theirs.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join, resolve } from 'node:path'

/** Where a machine finds the folder. Not under /run: that is emptied at boot. */
const INSIDE = '/usr/local/lib/ten-steps/socket'
const FILE = 's'
/** Characters of the word; what comes after it belongs to the terminal. */
const WORD = 32
const WORD_MS = 3000
/** Connections of one machine that have not said their word. */
const STRANGERS = 8
/** Bytes of `sun_path` with its final zero; longer names can't be listened on. */
const LONGEST_PATH = 108

/** What the engine is asked for when the machine is created. */
export interface SocketMount {
  Type: 'bind'
  Source: string
  Target: string
  ReadOnly: true
}

export interface Awaited {
  /** For the process in the machine: where to connect, and what to say. */
  argv: [path: string, word: string]
  /** The connection that said the word. Never rejects; give up by calling `forget`. */
  socket: Promise<Socket>
  forget(): void
}

interface Ear {
  server: Server
  ready: Promise<boolean>
  waiting: Map<string, (socket: Socket) => void>
  /** Who has not said a word, in the order of their coming. */
  strangers: Set<Socket>
}

export class MachineSockets {
  readonly #folder: string
  readonly #ears = new Map<string, Ear>()

  /** `folder`: an absolute path that only we may enter. */
  constructor(folder: string) {
    this.#folder = resolve(folder)
  }

  /** Makes the machine's folder; null where its path is too long for a socket or the system knows no such mounts. */
  mount(machine: string): SocketMount | null {
    if (process.platform !== 'linux' || this.#path(machine).length >= LONGEST_PATH) return null
    const Source = this.#of(machine)
    mkdirSync(Source, { recursive: true, mode: 0o700 })
    return { Type: 'bind', Source, Target: INSIDE, ReadOnly: true }
  }

  /** Waits for one connection from the machine; null where we can't listen. */
  async expect(machine: string): Promise<Awaited | null> {
    if (!this.mount(machine)) return null
    const ear = this.#listen(machine)
    if (!(await ear.ready)) return null
    const word = randomBytes(WORD / 2).toString('hex')
    const { promise, resolve: come } = Promise.withResolvers<Socket>()
    ear.waiting.set(word, come)
    return {
      argv: [`${INSIDE}/${FILE}`, word],
      socket: promise,
      forget: () => ear.waiting.delete(word),
    }
  }

  /** The machine is gone for good. */
  remove(machine: string): void {
    this.#ears.get(machine)?.server.close()
    this.#ears.delete(machine)
    rmSync(this.#of(machine), { recursive: true, force: true })
  }

  #listen(machine: string): Ear {
    const there = this.#ears.get(machine)
    if (there) return there
    const path = this.#path(machine)
    // What a server that was killed left behind is nobody's.
    rmSync(path, { force: true })
    const server = createServer({ allowHalfOpen: false }, socket => greet(ear, socket))
    const { promise: ready, resolve: tell } = Promise.withResolvers<boolean>()
    const ear: Ear = { server, ready, waiting: new Map(), strangers: new Set() }
    server.on('error', () => {
      this.#ears.delete(machine)
      tell(false)
    })
    server.listen({ path }, () => tell(true))
    // It waits for others; our process need not stay for it.
    server.unref()
    this.#ears.set(machine, ear)
    return ear
  }

  /** Names of machines are longer than a socket's path may be. */
  #of = (machine: string) =>
    join(this.#folder, createHash('sha256').update(machine).digest('hex').slice(0, 16))
  #path = (machine: string) => join(this.#of(machine), FILE)
}

function greet(ear: Ear, socket: Socket): void {
  socket.on('error', () => socket.destroy())
  ear.strangers.add(socket)
  // Ours speaks at once; who came first and is still silent makes room.
  if (ear.strangers.size > STRANGERS) ear.strangers.values().next().value?.destroy()
  const late = setTimeout(() => socket.destroy(), WORD_MS)
  const known = () => {
    clearTimeout(late)
    socket.off('readable', read)
    socket.off('close', known)
    ear.strangers.delete(socket)
  }
  const read = () => {
    const bytes = socket.read(WORD) as Buffer | null
    if (!bytes) return
    known()
    const come = take(ear.waiting, bytes)
    if (come) come(socket)
    else socket.destroy()
  }
  socket.on('readable', read)
  socket.on('close', known)
}

/** Compares with each in the same time, so that a word can't be found letter by letter. */
function take(waiting: Ear['waiting'], said: Buffer): ((socket: Socket) => void) | undefined {
  for (const [word, come] of waiting) {
    const wanted = Buffer.from(word)
    if (said.length !== wanted.length || !timingSafeEqual(said, wanted)) continue
    waiting.delete(word)
    return come
  }
  return undefined
}
