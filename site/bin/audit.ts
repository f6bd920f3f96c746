/**
 * `npm run audit -- [--json] [--write]`: makes the server as it is after a step (6), asks of it all that public tests
 * ask and what none of them does, and tells which rows hold. `--write` keeps the answer in labs/AUDIT.md.
 */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { audit } from '../../checker/audit/audit.ts'
import type { Row } from '../../checker/audit/row.ts'
import { makeProbes } from '../../checker/probes/index.ts'
import { loadSteps } from '../../checker/steps.ts'
import { ensureImages } from '../../containers/images.ts'
import { createLabs } from '../../containers/lab.ts'
import { ensureEngine } from '../../containers/setup/engine.ts'
import { SetupError } from '../../containers/setup/setup-error.ts'
import { writerOf } from '../../labs/06-being-accepted/start/people.ts'
import { openSolved } from '../../test/solved-lab.ts'
import { countsOf, lineOf, markdown } from './audit-report.ts'
import { program } from './program.ts'
import { ensureDataDir, readSettings } from './settings.ts'

/** The last step whose solution makes a whole server. */
const STEP = 6
/** The name that a learner alone has. */
const PARTICIPANT = 'you'
const BUDGET_MS = 300_000
const FILE = fileURLToPath(new URL('../../labs/AUDIT.md', import.meta.url))

function options() {
  try {
    const flag = { type: 'boolean', default: false } as const
    return parseArgs({ options: { json: flag, write: flag } }).values
  } catch (error) {
    throw new SetupError((error as Error).message, 'npm run audit -- [--json] [--write]', { cause: error })
  }
}

program(async ({ report, signal, onStop }) => {
  const { json, write } = options()
  const { steps, problems } = await loadSteps()
  for (const problem of problems) report.line(problem.message)
  const step = steps.find(({ number }) => number === STEP)
  if (!step) throw new SetupError(`Step ${STEP} does not load.`, 'Mend the mistakes above, then try again.')

  const { dataDir } = readSettings()
  ensureDataDir(dataDir)
  const { ask } = report
  const engine = await report.step('engine', progress => ensureEngine({ progress, ask, dataDir }))
  const images = await report.step('images', progress => ensureImages(engine, progress, { ask }))
  const labs = createLabs({ engine, images, instance: 'audit' })
  const who = { event: `audit-${randomBytes(3).toString('hex')}`, participant: PARTICIPANT }
  const stop = new AbortController()
  const until = AbortSignal.any([signal, stop.signal])

  const asking = (async () => {
    const solved = await report.step('server', progress =>
      openSolved(labs, who, step, new Map(steps.map(one => [one.id, one])), {
        signal: until,
        onStep: ({ id }) => progress(`plays ${id}`),
      }),
    )
    try {
      const probes = makeProbes(labs, solved.lab, AbortSignal.any([until, AbortSignal.timeout(BUDGET_MS)]))
      // One of the members to whom no step gives a part of their own.
      const { login, password } = writerOf(probes.lab, 'spf')
      const member = { address: `${login}@${probes.lab.domain}`, login, password }
      return await audit(probes, member, row => report.line(lineOf(row)))
    } finally {
      await solved.close()
    }
  })()
  onStop(async () => {
    stop.abort(new Error('Stopped before everything was asked; the lab is closed.'))
    // A solution can play for minutes; without its machine it ends at once.
    await labs.closeEvent(who.event)
    await asking.catch(() => {})
  })

  const rows = await asking
  stop.signal.throwIfAborted()
  if (write) writeFileSync(FILE, markdown(rows, step.id))
  const text = json ? JSON.stringify({ step: step.id, rows }, null, 2) : `\n${countsOf(rows)}`
  process.stdout.write(`${text}\n`)
  return rows.some(failed) ? 1 : 0
})

const failed = ({ state }: Row) => state === 'open' || state === 'broken'
