/** `npm run verify -- [STEP…] [--only TASK] [--jobs N] [--json]`: every step proves itself in real machines. */
import { parseArgs } from 'node:util'
import { loadSteps, type Step } from '../../checker/steps.ts'
import { ensureImages } from '../../containers/images.ts'
import { createLabs } from '../../containers/lab.ts'
import { ensureEngine } from '../../containers/setup/engine.ts'
import { SetupError } from '../../containers/setup/setup-error.ts'
import { type Enacted, jobsFor, prove } from '../../test/labs.ts'
import { gaps, type Proved, planAll } from '../../test/proofs.ts'
import { program } from './program.ts'
import { ensureDataDir, readSettings } from './settings.ts'
import { lineOf, sum, table, timeOf, timesOf } from './verify-report.ts'

const USAGE = 'npm run verify -- [STEP…] [--only TASK] [--jobs N] [--json], for example: npm run verify -- 05'

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        only: { type: 'string' },
        jobs: { type: 'string' },
      },
    })
    if (values.jobs !== undefined && !/^[1-9]\d?$/.test(values.jobs))
      throw new Error(`--jobs is «${values.jobs}», not a number from 1 to 99`)
    return { ...values, jobs: Number(values.jobs ?? 0), wanted: positionals }
  } catch (error) {
    throw new SetupError((error as Error).message, USAGE, { cause: error })
  }
}

/** The steps that the words name, by number, slug or folder; all if there are none. */
function chosen(steps: Step[], broken: string[], wanted: string[], only: string | undefined): Step[] {
  const known = steps.map(step => step.id).join(', ') || 'none'
  for (const word of wanted) {
    if (broken.some(file => file.startsWith(`${word}-`) || file.startsWith(`${word}/`)))
      throw new SetupError(`Step ${word} has the mistakes above.`, 'Mend them, then try again.')
    if (!steps.some(step => names(step, word)))
      throw new SetupError(`There is no step «${word}».`, `The steps that load are: ${known}.`)
  }
  const found = steps.filter(step => !wanted.length || wanted.some(word => names(step, word)))
  const tasks = found.flatMap(step => step.lab.tasks.map(task => task.id))
  if (only && !tasks.includes(only))
    throw new SetupError(`There is no task «${only}».`, `The tasks are: ${tasks.join(', ')}.`)
  return found
}

const names = (step: Step, word: string): boolean =>
  word === step.id || word === step.slug || (/^\d+$/.test(word) && Number(word) === step.number)

program(async ({ report, signal, onStop }) => {
  const { json, only, wanted, ...given } = options()
  const { steps, problems } = await loadSteps()
  for (const problem of problems) report.line(problem.message)
  if (problems.length) report.line('A step with a mistake is left out until it is mended.')
  const mine = chosen(
    steps,
    problems.map(problem => problem.mistake.file),
    wanted,
    only,
  )
  const missing = mine.flatMap(gaps)
  for (const gap of missing) report.line(gap)

  const { dataDir } = readSettings()
  ensureDataDir(dataDir)
  const { ask } = report
  const engine = await report.step('engine', progress => ensureEngine({ progress, ask, dataDir }))
  const images = await report.step('images', progress => ensureImages(engine, progress, { ask }))
  const labs = createLabs({ engine, images, instance: 'proof' })

  const stop = new AbortController()
  const onProof = (proved: Proved) => report.line(lineOf(proved))
  const enacted: Enacted[] = []
  const onScenario = (one: Enacted) => {
    enacted.push(one)
    report.line(timeOf(one))
  }
  const jobs = given.jobs || jobsFor(await engine.machine())
  const scenarios = planAll(mine, steps, only)
  const run = () =>
    prove(scenarios, { labs, jobs, signal: AbortSignal.any([signal, stop.signal]), onProof, onScenario })
  report.line(`${scenarios.length} labs, ${jobs} at a time`)
  // Elsewhere than on a terminal each proof's line is sign of life enough.
  const proving = process.stderr.isTTY ? report.step('labs', run) : run()
  onStop(async () => {
    stop.abort(new Error('Stopped before everything was proved; the labs are closed.'))
    await proving
  })
  const proved = await proving
  const ok = !problems.length && !missing.length && proved.length > 0 && proved.every(proof => proof.ok)
  if (json) {
    const mistakes = problems.map(problem => problem.mistake)
    process.stdout.write(`${JSON.stringify({ ok, mistakes, gaps: missing, proofs: proved }, null, 2)}\n`)
  } else process.stdout.write(`${table(proved)}\n${timesOf(enacted)}${sum(proved)}`)
  return ok ? 0 : 1
})
