/**
 * An engine for one test file alone, which it may kill: a second dockerd beside the one that is there, with folders,
 * a socket and a network namespace of its own. Needs root and dockerd, as `npm start` does where it brings an engine.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Engine } from '../containers/docker.ts'
import { ensureImages } from '../containers/images.ts'

export class OwnEngine {
  readonly address: string
  readonly #folder: string
  #child: ChildProcess | null = null

  private constructor(folder: string) {
    this.#folder = folder
    this.address = `unix://${join(folder, 'docker.sock')}`
  }

  /** Starts it and gives it the images of the engine that is there. */
  static async start(): Promise<OwnEngine> {
    const there = await Engine.connect()
    if (!there)
      throw new Error('a container engine must be there to copy the images from: npm test brings one')
    const images = Object.values(await ensureImages(there, () => {}))
    // Not below /tmp where it is a tmpfs: overlay can't lie on it.
    const engine = new OwnEngine(mkdtempSync('/var/tmp/ten-steps-engine-'))
    try {
      // A network namespace of its own, kept by this file: two engines in one would take each other's docker0 away.
      writeFileSync(join(engine.#folder, 'net'), '')
      execFileSync('unshare', [`--net=${join(engine.#folder, 'net')}`, 'true'])
      await engine.run()
      await copyImages(there, [...images, 'debian:trixie-slim'], engine.address)
    } catch (error) {
      await engine[Symbol.asyncDispose]()
      throw error
    }
    return engine
  }

  async run(): Promise<void> {
    const at = (name: string) => join(this.#folder, name)
    const log = await open(at('log'), 'a')
    const child = spawn(
      'nsenter',
      [
        ...[`--net=${at('net')}`, 'dockerd', '--data-root', at('data'), '--exec-root', at('exec')],
        ...['--pidfile', at('pid'), '--host', this.address],
      ],
      { stdio: ['ignore', log.fd, log.fd] },
    )
    await log.close()
    this.#child = child
    for (let i = 0; i < 300; i++) {
      if (await Engine.connect({ DOCKER_HOST: this.address })) return
      if (child.exitCode !== null) break
      await sleep(100)
    }
    const said = readFileSync(at('log'), 'utf8').trim().split('\n').slice(-5).join('\n')
    throw new Error(
      `the engine of this test did not answer within 30 s; it needs root and dockerd. It said:\n${said}`,
    )
  }

  /** kill -9, as a crash would. */
  async kill(): Promise<void> {
    const containerd = Number(readFileSync(join(this.#folder, 'exec/containerd/containerd.pid'), 'utf8'))
    await this.#end('SIGKILL')
    // It dies with its dockerd; one that starts before it is gone waits for it in vain.
    for (let gone = false; !gone; await sleep(50)) {
      try {
        process.kill(containerd, 'SIGKILL')
      } catch {
        gone = true
      }
    }
  }

  /** How many processes on this machine have a command line that begins with the text. */
  count(text: string): number {
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .filter(pid => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').startsWith(text)
        } catch {
          return false
        }
      }).length
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const engine = await Engine.connect({ DOCKER_HOST: this.address })
    if (engine) for (const one of await engine.containers('ten-steps')) await engine.remove(one.name)
    await this.#end('SIGTERM')
    // A killed dockerd leaves its containerd and its mounts behind; its successor ended the first.
    for (const line of readFileSync('/proc/mounts', 'utf8').split('\n').reverse()) {
      const path = line.split(' ')[1]
      if (path?.startsWith(this.#folder)) execFileSync('umount', ['-l', path])
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

async function copyImages(from: Engine, names: string[], to: string): Promise<void> {
  const target = await Engine.connect({ DOCKER_HOST: to })
  if (!target) throw new Error(`no engine answers at ${to}`)
  await target.loadImages(await from.saveImages(names))
}
