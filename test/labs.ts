/**
 * Every step proves itself: at its start each task's check fails, after `solution.sh` and each `right/` it passes, and
 * after each `wrong/` the check that it names fails with the code that it names. All in real machines, as a learner
 * has them. `npm run verify` prints it, labs.test.ts tests it.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answers, play } from '../checker/play.ts'
import { runChecks } from '../checker/run.ts'
import { startOf } from '../checker/start.ts'
import type { Step } from '../checker/steps.ts'
import type { Lab, Labs } from '../containers/types.ts'
import { ready } from './listening.ts'
import { judged, type Proof, type Proved, type Scenario } from './proofs.ts'
import { Snapshots, type Solved } from './snapshots.ts'

export interface ProveOptions {
  labs: Labs
  /** Labs side by side. */
  jobs: number
  signal: AbortSignal
  onProof?: (proved: Proved) => void
}

/** The name that a learner alone has; a snapshot can only go on under the name with which it was made. */
const PARTICIPANT = 'you'
const SCRIPT_MS = 300_000
/** Three times a check's ordinary budget: several machines that install packages side by side are slow, not wrong. */
const CHECK_MS = 90_000

/**
 * Opens the labs, `jobs` at a time, and proves. Each job has an event of its own, so that all of them can use the one
 * name; everything is closed at the end, whatever happened. Rejects if the engine fails or `signal` aborts.
 */
export async function prove(scenarios: Scenario[], options: ProveOptions): Promise<Proved[]> {
  const { labs, signal } = options
  const all: Proved[] = []
  const onProof = (proved: Proved) => {
    all.push(proved)
    options.onProof?.(proved)
  }
  const rank = { solution: 0, right: 1, wrong: 2 }
  const queue = [...scenarios].sort(
    (a, b) => rank[a.script.kind] - rank[b.script.kind] || a.script.after.localeCompare(b.script.after) * -1,
  )
  const snapshots = new Snapshots(labs, queue)
  const run = `verify-${randomBytes(3).toString('hex')}`
  const events = Array.from({ length: Math.min(options.jobs, queue.length) }, (_, i) => `${run}-${i + 1}`)
  // The first failure of the machinery ends all jobs.
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const job = async (event: string) => {
    await labs.ensureEvent(event)
    for (let next = queue.shift(); next; next = queue.shift()) {
      either.throwIfAborted()
      await enact(next, event, { ...options, signal: either, onProof }, snapshots)
    }
  }
  // A script can run for minutes; without its machine it ends at once.
  const closeNow = () => {
    for (const event of events) labs.closeEvent(event).catch(() => {})
  }
  either.addEventListener('abort', closeNow, { once: true })
  try {
    const jobs = events.map(event =>
      job(event).catch(error => {
        stop.abort(error)
        snapshots.giveUp(error)
        throw error
      }),
    )
    await Promise.allSettled(jobs)
    await Promise.all(jobs)
    return all
  } finally {
    const closing = await Promise.allSettled(events.map(event => closeEvent(labs, event)))
    await snapshots.drop()
    for (const result of closing) if (result.status === 'rejected') console.error(result.reason)
  }
}

/** A busy engine now and then refuses to remove what it is still busy with. */
async function closeEvent(labs: Labs, event: string): Promise<void> {
  for (let left = 4; ; left--) {
    try {
      return await labs.closeEvent(event)
    } catch (error) {
      if (!left)
        throw new Error(`${event} could not be closed; \`npm run stop\` removes it`, { cause: error })
      await sleep(1000)
    }
  }
}

async function enact(
  { step, script, proofs }: Scenario,
  event: string,
  options: ProveOptions & { onProof: (proved: Proved) => void },
  snapshots: Snapshots,
): Promise<void> {
  const { labs, signal, onProof } = options
  const tell = (wanted: Proof[], got: string, why: string) => {
    for (const proof of wanted) onProof({ ...proof, ok: false, got, why, took: 0 })
  }
  const check = async (lab: Lab, wanted: Proof[], answers: Answers = {}): Promise<boolean> => {
    if (!wanted.length) return true
    const tasks = wanted.map(proof => proof.task)
    const verdicts = await runChecks(step, labs, lab, { tasks, signal, answers, budgetMs: CHECK_MS })
    signal.throwIfAborted()
    const proved = wanted.map(proof => {
      const found = verdicts.find(verdict => verdict.task === proof.task)
      return judged(proof, found?.verdict, found?.took ?? 0)
    })
    proved.forEach(onProof)
    return proved.every(({ ok }) => ok)
  }

  const isSolution = script.kind === 'solution'
  const solved = script.after === 'solution' && !isSolution ? await snapshots.of(step) : undefined
  if (solved === null)
    return tell(proofs, 'not tried', 'solution.sh does not pass, so there is nothing to begin from')
  const lab = await begin(step, event, labs, solved)

  await check(
    lab,
    proofs.filter(({ kind }) => kind === 'start'),
  )
  const after = proofs.filter(({ kind }) => kind !== 'start')
  const played = await play(labs, lab, script, step.lab, SCRIPT_MS)
  signal.throwIfAborted()
  const answers = merged(solved?.answers ?? {}, played.answers)
  let passed = false
  if (played.code === 0) passed = await check(lab, after, answers)
  else tell(after, `exit ${played.code}`, played.output.trim().slice(-1500))
  if (isSolution) await snapshots.take(step, lab, passed, answers)
}

/** What was answered before stays, unless it is answered anew. */
function merged(before: Answers, now: Answers): Answers {
  const tasks = new Set([...Object.keys(before), ...Object.keys(now)])
  return Object.fromEntries([...tasks].map(task => [task, { ...before[task], ...now[task] }]))
}

/** A lab at the step's start, or on the disk of the solved server with its services up again. */
async function begin(step: Step, event: string, labs: Labs, solved: Solved | undefined): Promise<Lab> {
  const who = { event, participant: PARTICIPANT }
  const start = solved
    ? {
        ...startOf(step),
        // The server's are on its disk, as the solution left them; the desk is a new one.
        files: (lab: Lab) =>
          startOf(step)
            .files(lab)
            .filter(({ machine }) => machine === 'desk'),
        serverImage: solved.image,
        seed: solved.seed,
      }
    : startOf(step)
  await labs.close(who)
  // A proof on the machine of the one before would prove nothing.
  if (await labs.find(who)) throw new Error(`${PARTICIPANT}'s lab in ${event} was not closed`)
  const lab = await labs.open(who, start)
  if (solved) await ready(labs, lab, solved.ports)
  return lab
}
