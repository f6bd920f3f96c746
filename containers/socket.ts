/** Where an engine may answer, in the order in which we ask. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** One candidate. `env`: docker-modem reads DOCKER_HOST and its TLS variables from the process's environment itself. */
export type EngineAddress =
  | { kind: 'env'; name: string }
  | { kind: 'socket'; name: string; socketPath: string }

/**
 * DOCKER_HOST alone if it is set: who sets it wants that engine and no other. Else the sockets of Docker Engine,
 * rootless Docker, Docker Desktop, Colima, OrbStack and Podman that exist.
 */
export function engineAddresses(env: NodeJS.ProcessEnv = process.env): EngineAddress[] {
  const wanted = env.DOCKER_HOST
  if (wanted?.startsWith('unix://'))
    return [{ kind: 'socket', name: wanted, socketPath: wanted.slice('unix://'.length) }]
  if (wanted) return [{ kind: 'env', name: wanted }]
  const home = homedir()
  const runtime = env.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? 0}`
  const paths = [
    '/var/run/docker.sock',
    join(runtime, 'docker.sock'),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(home, '.colima/default/docker.sock'),
    join(home, '.orbstack/run/docker.sock'),
    '/run/podman/podman.sock',
    join(runtime, 'podman/podman.sock'),
  ]
  return paths
    .filter(path => existsSync(path))
    .map(path => ({ kind: 'socket', name: path, socketPath: path }))
}
