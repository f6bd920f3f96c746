/**
 * `npm run bench:terminal -- [--window BYTES] [--json]`: our terminals beside plain `docker exec`, in one run and in
 * interleaved rounds, on a lab of their own. Exit code 1 when a row falls short of its bar.
 */
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureImages } from '../../containers/images.ts'
import { createLabs } from '../../containers/lab.ts'
import { ensureEngine } from '../../containers/setup/engine.ts'
import { Place } from '../../test/bench/terminal-place.ts'
import {
  echo,
  echoing,
  firstPrompt,
  growth,
  interruptSlowEmulator,
  interruptSlowLine,
  knownFile,
  lostOnReturn,
  quiet,
  sessions,
  throughput,
} from '../../test/bench/terminal-rows.ts'
import { holds, type Row, ratio, table } from '../../test/bench/terminal-table.ts'
import { median, quantile } from '../../test/bench/terminal-wait.ts'
import { program } from './program.ts'
import { ensureDataDir, readSettings } from './settings.ts'

const MB = 1_000_000
const SESSIONS = 20

async function measure(place: Place, at: (what: string) => void): Promise<Row[]> {
  const known = await knownFile(place, 400_000)
  const small = await knownFile(place, 40_000)
  const row = (
    what: string,
    unit: string,
    direct: number | null,
    ours: number,
    bars: Partial<Row> = {},
  ): Row => ({
    what,
    unit,
    direct,
    ours,
    ...bars,
  })
  const rows: Row[] = []
  const kinds = { direct: await place.direct(), ours: await place.ours() }
  const names = ['direct', 'ours'] as const

  at('echo, idle')
  const idle = { direct: [] as number[], ours: [] as number[] }
  for (const name of names) await echoing(kinds[name])
  // A server has been running for a while when somebody types.
  for (const name of names) await echo(kinds[name], 300, 0)
  for (let round = 0; round < 6; round++)
    for (const name of names) idle[name].push(...(await echo(kinds[name], 60)))
  rows.push(
    row('echo, idle, p50', 'ms', median(idle.direct), median(idle.ours), { most: 1.05, mostRatio: 1.6 }),
    row('echo, idle, p95', 'ms', quantile(idle.direct, 0.95), quantile(idle.ours, 0.95)),
  )

  at('echo beside a flood')
  const beside = { direct: [] as number[], ours: [] as number[] }
  for (let round = 0; round < 3; round++)
    for (const name of names) {
      const end = await place.flood(name)
      beside[name].push(...(await echo(kinds[name], 80)))
      await end()
    }
  rows.push(
    row('echo beside a flood, p50', 'ms', median(beside.direct), median(beside.ours)),
    row('echo beside a flood, p95', 'ms', quantile(beside.direct, 0.95), quantile(beside.ours, 0.95), {
      most: 6,
      mostRatio: 1.2,
    }),
  )
  for (const name of names) await kinds[name].close()

  at('throughput')
  const rate = { direct: [] as number[], ours: [] as number[] }
  let lost = 0
  const loud = { direct: await place.direct(), ours: await place.ours() }
  for (const name of names) await quiet(loud[name])
  for (let round = 0; round < 4; round++)
    for (const name of names) {
      const one = await throughput(loud[name], known)
      rate[name].push(one.rate)
      if (name === 'ours') lost += one.lost
    }
  for (const name of names) await loud[name].close()
  rows.push(row('throughput', 'MB/s', median(rate.direct), median(rate.ours), { leastRatio: 0.85 }))

  at('Ctrl-C')
  const drawing: number[] = []
  const lining: number[] = []
  for (let round = 0; round < 3; round++) {
    const session = await place.ours()
    drawing.push(await interruptSlowEmulator(session, 5 * MB))
    await session.close()
    lining.push(await interruptSlowLine(place, 2 * MB))
  }
  rows.push(
    row('Ctrl-C in a flood, emulator at 5 MB/s', 'ms', null, median(drawing), { most: 150 }),
    row('Ctrl-C in a flood, line of 2 MB/s', 'ms', null, median(lining), { most: 300 }),
  )

  at('a page that does not read')
  rows.push(
    row('server grows while a page stops reading 5 s of yes', 'MB', null, (await growth(place, 5000)) / MB, {
      most: 1,
    }),
  )

  at('first prompt')
  const prompts = { direct: [] as number[], ours: [] as number[] }
  for (let round = 0; round < 12; round++)
    for (const name of names) {
      const { taken, session } = await firstPrompt(() => (name === 'direct' ? place.direct() : place.ours()))
      prompts[name].push(taken)
      await session.close()
    }
  rows.push(
    row('first prompt, p50', 'ms', median(prompts.direct), median(prompts.ours)),
    row('first prompt, p95', 'ms', quantile(prompts.direct, 0.95), quantile(prompts.ours, 0.95)),
  )

  at('bytes lost')
  lost += await lostOnReturn(place, small)
  rows.push(row('bytes lost, in floods and over a cut line', 'bytes', null, lost, { most: 0 }))

  at('memory')
  await place.shell('pkill -9 -x bash; true')
  const { server, machine, left } = await sessions(place, SESSIONS)
  rows.push(
    row('memory a session, in our server', 'MB', null, server / MB),
    row('memory a session, on the machine, scrollback full', 'MB', null, machine / MB),
    row('memory a session, both', 'MB', null, (server + machine) / MB, { most: 0.3 }),
    row(`shells left of ${SESSIONS} closed for good`, '', null, left, { most: 0 }),
  )
  return rows
}

program(async ({ report, onStop }) => {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, window: { type: 'string' } },
  })
  const { dataDir } = readSettings()
  ensureDataDir(dataDir)
  const { ask } = report
  const engine = await report.step('engine', progress => ensureEngine({ progress, ask, dataDir }))
  const images = await report.step('images', progress => ensureImages(engine, progress, { ask }))
  const instance = `bench${randomBytes(3).toString('hex')}`
  const sockets = join(dataDir, 'bench-sockets')
  const labs = createLabs({ engine, images, instance, sockets })
  const event = 'bench'
  const close = () => labs.closeEvent(event)
  onStop(close)
  try {
    const lab = await report.step('lab', progress =>
      labs.open({ event, participant: 'you' }, { step: 'bench', files: () => [] }, progress),
    )
    const window = values.window ? Number(values.window) : undefined
    const place = await Place.start({ engine, labs, lab, instance, images, sockets }, window)
    const rows = await report.step('bench', progress => measure(place, progress))
    await place.stop()
    process.stdout.write(
      values.json
        ? `${JSON.stringify(
            rows.map(row => ({ ...row, ratio: ratio(row), holds: holds(row) })),
            null,
            2,
          )}\n`
        : `\n${table(rows)}\n`,
    )
    return rows.every(holds) ? 0 : 1
  } finally {
    await close()
    await rm(sockets, { recursive: true, force: true })
  }
})
