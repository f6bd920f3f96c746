/** Puts the lab's authorities among those that a machine trusts, as Debian does it (update-ca-certificates). */
import { createHash } from 'node:crypto'
import type { Engine } from './docker.ts'
import { tarOf } from './tar.ts'

const FOLDER = '/usr/local/share/ca-certificates/ten-steps'

/** Adds what is missing; nothing is taken away, and a machine that has them all is not touched. */
export async function trust(engine: Engine, machine: string, authorities: readonly string[]): Promise<void> {
  const files = authorities.map(pem => ({
    name: `${createHash('sha256').update(pem).digest('hex').slice(0, 16)}.crt`,
    pem,
  }))
  const { stdout } = await engine.exec(machine, ['find', FOLDER, '-name', '*.crt', '-printf', '%f\n'])
  const there = new Set(stdout.split('\n'))
  const missing = files.filter(({ name }) => !there.has(name))
  if (missing.length === 0) return
  const tar = await tarOf(
    missing.map(({ name, pem }) => ({ path: `${FOLDER}/${name}`, mode: 0o644, content: pem })),
  )
  await engine.putArchive(machine, tar)
  await engine.exec(machine, ['update-ca-certificates'])
}
