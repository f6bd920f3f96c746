/** Finds an engine that answers, or gets one onto this machine. */
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Engine } from '../docker.ts'
import { engineAddresses } from '../socket.ts'
import type { Progress } from '../types.ts'
import { deniedAdvice, engineAdvice } from './advice.ts'
import { aptInstall } from './apt.ts'
import { type Ask, type Host, thisHost } from './host.ts'
import { canInstall, init } from './linux.ts'
import { SetupError } from './setup-error.ts'

export interface EngineOptions {
  progress?: Progress
  /** Asked before anything is installed; without it (no terminal) it is simply done. */
  ask?: Ask | undefined
  /** Where dockerd.log goes if we start the engine ourselves. */
  dataDir: string
  host?: Host
  connect?: (env: NodeJS.ProcessEnv) => Promise<Engine | null>
  /** How long a started engine may take to answer. */
  budgetMs?: number
}

/** Throws `SetupError` that says what to install, start or change, where no engine can be had. */
export async function ensureEngine(options: EngineOptions): Promise<Engine> {
  const { progress = () => {}, ask, host = thisHost, connect = Engine.connect } = options
  const answering = await connect(host.env)
  if (answering) return answering

  const address = host.env.DOCKER_HOST
  if (address)
    throw new SetupError(
      `No engine answers at ${address}, which DOCKER_HOST names.`,
      'Start that engine, correct DOCKER_HOST, or unset it to use one on this machine. Nothing was installed.',
    )
  const denied = engineAddresses(host.env).find(({ name }) => host.exists(name) && !host.usable(name))
  if (denied)
    throw new SetupError(
      `There is an engine at ${denied.name}, and we may not talk to it.`,
      deniedAdvice(denied.name, groupOf(host, denied.name)),
    )

  const installed = host.has('dockerd')
  if (!(installed ? host.isRoot && host.platform === 'linux' : canInstall(host)))
    throw new SetupError('No container engine answers on this machine.', engineAdvice(host))
  if (!installed) {
    if (
      ask &&
      !(await ask('No container engine is here. Install the Debian package docker.io and start it?'))
    )
      throw new SetupError('No container engine answers on this machine.', engineAdvice(host))
    // Kernels with AppArmor refuse every container where its tools are missing; docker.io only recommends them.
    const apparmor = host.read('/sys/module/apparmor/parameters/enabled').startsWith('Y') ? ['apparmor'] : []
    await aptInstall(host, ['docker.io', ...apparmor], line => progress(`installing docker.io: ${line}`))
  }
  return start(host, connect, progress, options)
}

async function start(
  host: Host,
  connect: (env: NodeJS.ProcessEnv) => Promise<Engine | null>,
  progress: Progress,
  { dataDir, budgetMs = 60_000 }: EngineOptions,
): Promise<Engine> {
  const log = join(dataDir, 'dockerd.log')
  const service = init(host)
  // A package's installation starts the service where it can; a second engine beside it would fail on its pid file.
  let engine = await until(
    () => connect(host.env),
    1500,
    () => false,
  )
  if (engine) return engine

  let source = 'journalctl -u docker'
  let ended = () => false
  if (service) {
    progress(`starting the service docker (${service})`)
    const command = service === 'systemd' ? ['systemctl', 'start', 'docker'] : ['service', 'docker', 'start']
    const { code, tail } = await host.run(command)
    if (code !== 0)
      throw new SetupError(`${command.join(' ')} failed:\n${indent(tail)}`, `Look at it: ${source}`)
  } else {
    progress('starting dockerd, as no init runs here')
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    ended = host.daemon(['dockerd'], log).ended
    source = log
  }
  engine = await until(() => connect(host.env), budgetMs, ended)
  if (engine) return engine
  const lines = service ? [] : host.read(log).trimEnd().split('\n').slice(-10)
  throw new SetupError(
    ended()
      ? `dockerd ended as soon as it was started:\n${indent(lines)}`
      : `Docker was started and gave no answer within ${budgetMs / 1000} s.\n${indent(lines)}`,
    `The whole of it: ${source}`,
  )
}

/** Polls until something is there, the budget is spent or `gone` says that waiting is useless. */
async function until<T>(
  look: () => Promise<T | null>,
  budgetMs: number,
  gone: () => boolean,
): Promise<T | null> {
  const end = Date.now() + budgetMs
  for (;;) {
    const found = await look()
    if (found || Date.now() > end || gone()) return found
    await new Promise(resolve => setTimeout(resolve, 250))
  }
}

function groupOf(host: Host, socket: string): string | null {
  try {
    const { gid, mode } = statSync(socket)
    if (!(mode & 0o020)) return null
    const line = host
      .read('/etc/group')
      .split('\n')
      .find(entry => entry.split(':')[2] === `${gid}`)
    return line?.split(':')[0] ?? null
  } catch {
    return null
  }
}

const indent = (lines: string[]): string => lines.map(line => `  ${line}`).join('\n')
