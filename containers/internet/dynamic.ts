/**
 * Changes of zones that live in the name server: ours go in by the same door as the learners', DNS UPDATE with a key
 * (RFC 2136, RFC 8945), so that both are in one journal and survive a kill.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { run } from './run.ts'

const BUDGET_MS = 30_000

/** One zone's changes: each a line of nsupdate without the word `update`, such as `delete mail.you.test. A`. */
export interface ZoneUpdate {
  zone: string
  lines: string[]
}

/** Sends one atomic update a zone. `server` is the name server's address, `keyFile` as tsig-keygen writes it. */
export async function update(server: string, keyFile: string, updates: readonly ZoneUpdate[]): Promise<void> {
  const wanted = updates.filter(({ lines }) => lines.length > 0)
  if (wanted.length === 0) return
  const script = wanted.flatMap(({ zone, lines }) => [
    `zone ${zone}`,
    ...lines.map(line => `update ${line}`),
    'send',
  ])
  // `-v`: over TCP, whatever the number of records.
  const child = spawn('nsupdate', ['-v', '-t', '20', '-k', keyFile], { timeout: BUDGET_MS })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      if (said.length < 8192) said += chunk
    })
  child.stdin.on('error', () => {})
  child.stdin.end(`server ${server}\n${script.join('\n')}\n`)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`the name server did not take the change: ${said.trim() || `code ${code}`}`)
}

/** Makes the zone of nothing but its SOA and NS, unless it is there. */
export async function create(zone: string, apex: readonly string[]): Promise<void> {
  const knotc = (...args: string[]) => run('knotc', args)
  await knotc('zone-begin', zone)
  try {
    for (const line of apex) await knotc('zone-set', zone, ...line.split(' '))
    await knotc('zone-commit', zone)
  } catch (error) {
    await knotc('zone-abort', zone).catch(() => '')
    throw error
  }
}
