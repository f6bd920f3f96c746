/**
 * The one image that is not ours: Debian 13 without anything. Pulled where a registry answers; else the same is made
 * from Debian's own mirror, so that a room without Docker Hub can work.
 */
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '../docker.ts'
import { LABEL } from '../labels.ts'
import type { Progress } from '../types.ts'
import { aptInstall } from './apt.ts'
import { type Ask, type Host, thisHost } from './host.ts'
import { canInstall, distribution, isDebianLike } from './linux.ts'
import { SetupError } from './setup-error.ts'

export const BASE = 'debian:trixie-slim'

export interface BaseOptions {
  progress?: Progress
  /** Asked before mmdebstrap is installed; without it (no terminal) it is simply done. */
  ask?: Ask | undefined
  host?: Host
  /** How long a registry may take to its first answer, and a pull that runs may be silent. */
  firstAnswerMs?: number
  silenceMs?: number
}

/** Gives the base image's id. Throws `SetupError` where neither a registry nor Debian's mirror gives it. */
export async function ensureBase(engine: Engine, options: BaseOptions = {}): Promise<string> {
  const { progress = () => {}, host = thisHost } = options
  const there = await engine.imageId(BASE)
  if (there) return there
  progress(`pulling ${BASE}`)
  const failure = await pull(engine, progress, options)
  if (failure) {
    await ensureMmdebstrap(host, failure, progress, options.ask)
    await bootstrap(engine, host, progress)
  }
  const id = await engine.imageId(BASE)
  if (!id) throw new Error(`${BASE} is not on the engine although it was just made`)
  return id
}

/** Null if the image is there, else why the registry did not give it. */
async function pull(engine: Engine, progress: Progress, options: BaseOptions): Promise<string | null> {
  const { firstAnswerMs = 6000, silenceMs = 60_000 } = options
  const control = new AbortController()
  let budget = firstAnswerMs
  const arm = () => setTimeout(() => control.abort(), budget)
  let timer = arm()
  try {
    await engine.pull(BASE, control.signal, line => {
      budget = silenceMs
      clearTimeout(timer)
      timer = arm()
      progress(`pulling ${BASE}: ${line}`)
    })
    return null
  } catch (error) {
    if (control.signal.aborted) return `no answer within ${budget / 1000} s`
    return error instanceof Error ? error.message : String(error)
  } finally {
    clearTimeout(timer)
  }
}

async function ensureMmdebstrap(host: Host, failure: string, progress: Progress, ask: Ask | undefined) {
  if (host.has('mmdebstrap')) return
  // Only Debian trusts Debian's keys by itself; elsewhere mmdebstrap reads them from the keyring, by means of gpg.
  const keys = distribution(host)[0] === 'debian' ? [] : ['debian-archive-keyring', 'gpg']
  const packages = ['mmdebstrap', ...keys]
  const why = `The registry did not give ${BASE}: ${failure}`
  if (canInstall(host)) {
    if (!ask || (await ask(`${why}\nInstall ${packages.join(' and ')} and make it from Debian's mirror?`))) {
      await aptInstall(host, packages, line => progress(`installing mmdebstrap: ${line}`))
      return
    }
  }
  const ways = [
    'Mend the way to the registry (network, or the proxy settings of the engine) and run the same command again.',
  ]
  if (isDebianLike(host))
    ways.push(
      `Or let it be made from Debian's mirror: ${host.isRoot ? '' : 'sudo '}apt-get install ${packages.join(' ')}${host.isRoot ? '' : ' uidmap'}`,
    )
  ways.push(
    `Or bring it from another machine: docker save ${BASE} >base.tar   there, and   docker load <base.tar   here.`,
  )
  throw new SetupError(why, ways.join('\n'))
}

/**
 * By way of a file: when mmdebstrap fails half-way, a tar that simply ends would be imported as if it were whole.
 * Not root, mmdebstrap works in a user namespace by itself.
 */
async function bootstrap(engine: Engine, host: Host, progress: Progress): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'ten-steps-'))
  const tar = join(dir, 'base.tar')
  try {
    progress(`making ${BASE} from Debian's mirror`)
    const argv = ['mmdebstrap', '--variant=minbase', '--include=ca-certificates', 'trixie', tar]
    const { code, tail } = await host.run(argv, {
      onLine: line => progress(`making ${BASE} from Debian's mirror: ${line.replace(/^I: /, '')}`),
    })
    if (code !== 0)
      throw new SetupError(
        `No registry gives ${BASE}, and mmdebstrap could not make it:\n${tail.map(line => `  ${line}`).join('\n')}`,
        "Is Debian's mirror within reach (http://deb.debian.org)? Behind a proxy, set http_proxy; then run the same command again.",
      )
    progress(`importing ${BASE}`)
    await engine.importImage(createReadStream(tar), BASE, { [LABEL.kind]: 'base' })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
