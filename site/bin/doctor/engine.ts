/** The engine: whether one answers, which, and whether it has room for labs. */
import type { Engine } from '../../../containers/docker.ts'
import { engineAdvice } from '../../../containers/setup/advice.ts'
import type { Host } from '../../../containers/setup/host.ts'
import { canInstall } from '../../../containers/setup/linux.ts'
import { type Finding, GIB, gib } from './finding.ts'
import { room } from './machine.ts'

const DISK = 6 * GIB
const MEMORY = 2 * GIB

export async function aboutEngine(engine: Engine | null, host: Host): Promise<Finding[]> {
  if (!engine) return [noEngine(host)]
  const { version, podman, arch } = await engine.version()
  const { system, cgroup, memory, cores, root } = await engine.machine()
  const kind = podman ? 'Podman' : 'Docker'
  return [
    {
      state: 'ok',
      what: 'engine',
      seen: `${kind} ${version}, ${arch}, cgroup v${cgroup}, on ${system}, at ${engine.address}`,
    },
    memory >= MEMORY
      ? { state: 'ok', what: 'memory of the engine', seen: `${gib(memory)}, ${cores} cores` }
      : {
          state: 'missing',
          what: 'memory of the engine',
          seen: `${gib(memory)}, ${gib(MEMORY)} needed`,
          mend: 'Give more to the virtual machine of Docker Desktop or Colima, or end what takes it.',
        },
    host.exists(root)
      ? await room('disk of the engine', root, DISK)
      : {
          state: 'note',
          what: 'disk of the engine',
          seen: `${root} is on another machine`,
          mend: 'docker system df tells what takes room there.',
        },
  ]
}

function noEngine(host: Host): Finding {
  const what = 'engine'
  const address = host.env.DOCKER_HOST
  if (address)
    return {
      state: 'missing',
      what,
      seen: `none answers at DOCKER_HOST=${address}`,
      mend: 'Start it, or unset DOCKER_HOST.',
    }
  return {
    state: 'missing',
    what,
    seen: 'none answers',
    mend: canInstall(host)
      ? `npm start installs one (the Debian package docker.io) and starts it. By hand:\n${engineAdvice(host)}`
      : engineAdvice(host),
  }
}
