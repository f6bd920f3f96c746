/**
 * A lab that is set aside: its two machines, stopped and under another name, so that the participant's next lab can have
 * theirs. Nothing is copied and no layer is added, however often one goes to and fro; nothing of a disk can be lost on
 * the way, and both machines come back whole, the desk's home too. The names of its domain, which the next lab takes
 * over, are written onto the stopped server's disk, where its root can no longer reach them.
 */
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { extract } from 'tar-stream'
import type { Engine, Found } from './docker.ts'
import type { DomainState, RegisterBody } from './internet/api.ts'
import { LABEL } from './labels.ts'
import { tarOf } from './tar.ts'

const FILE = '/usr/local/lib/ten-steps/kept.json'
/** No participant's name can hold a dot. */
const KEPT = /^(.+)\.kept\.(\d+)$/

/** What the registry knew of the domain, and the blocklist of its addresses. */
export type KeptNames = Omit<RegisterBody, 'addresses' | 'key' | 'relay'> & Pick<DomainState, 'signed'>

/** The name of a machine's container while it is kept; `at` in milliseconds since the epoch. */
export const keptName = (name: string, at: number): string => `${name}.kept.${at}`

/** The name that it had, and since when it is kept; null for a container that is in use. */
export function keptAs(name: string): { name: string; at: number } | null {
  const [, before = '', at = ''] = KEPT.exec(name) ?? []
  return before ? { name: before, at: Number(at) } : null
}

/** Stops the machines and sets them aside. One that is set aside already stays so. */
export async function setAside(
  engine: Engine,
  machines: Found[],
  names: KeptNames,
  at: number,
): Promise<void> {
  await Promise.all(machines.map(machine => engine.stop(machine.name)))
  const server = machines.find(({ labels }) => labels[LABEL.machine] === 'server')
  if (server) {
    const file = { path: FILE, mode: 0o600, content: JSON.stringify(names) }
    await engine.putArchive(server.name, await tarOf([file]))
  }
  for (const { name } of machines) if (!keptAs(name)) await engine.rename(name, keptName(name, at))
}

/** The names that were remembered when the server was set aside. */
export async function namesOf(engine: Engine, server: string): Promise<KeptNames> {
  const tar = await engine.getArchive(server, FILE)
  const files = extract()
  Readable.from(tar).pipe(files)
  for await (const file of files) return (await json(file)) as KeptNames
  throw new Error(`${server} has no ${FILE}`)
}

/**
 * Machines of a lab of which only one was set aside when our process was killed: the one that is left, with the name
 * that it was to get.
 */
export function halfKept(found: Found[]): { machine: Found; name: string }[] {
  const kept = found.flatMap(one => {
    const as = keptAs(one.name)
    return as ? [{ at: as.at, seed: one.labels[LABEL.seed], machine: one.labels[LABEL.machine] }] : []
  })
  return found.flatMap(machine => {
    if (keptAs(machine.name)) return []
    const twin = kept.find(
      ({ seed, machine: which }) =>
        seed === machine.labels[LABEL.seed] && which !== machine.labels[LABEL.machine],
    )
    return twin ? [{ machine, name: keptName(machine.name, twin.at) }] : []
  })
}
