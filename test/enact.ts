/** One scenario: a lab that begins, a script that is played, checks that decide. */
import { type Answers, play } from '../checker/play.ts'
import { runChecks } from '../checker/run.ts'
import type { Lab, Labs } from '../containers/types.ts'
import { judged, type Proof, type Proved, type Scenario } from './proofs.ts'
import type { Snapshots } from './snapshots.ts'
import { begin, keep } from './solved.ts'

export interface Stage {
  labs: Labs
  event: string
  signal: AbortSignal
  snapshots: Snapshots
  onProof(proved: Proved): void
  /** Is counted up. */
  took: Took
}

/** Milliseconds of a scenario's parts. */
export interface Took {
  internet: number
  begin: number
  script: number
  checks: number
  snapshot: number
}

/** The name that a learner alone has; a snapshot can only go on under the name with which it was made. */
const PARTICIPANT = 'you'
const SCRIPT_MS = 600_000
/** Three times a check's ordinary budget: several machines that install packages side by side are slow, not wrong. */
const CHECK_MS = 90_000

/**
 * Plays a scenario and tells each of its proofs. Rejects if the machinery failed or `signal` aborted: then some of
 * them were not told.
 */
export async function enact(scenario: Scenario, stage: Stage): Promise<void> {
  const { step, script, proofs } = scenario
  const { labs, event, signal, snapshots, onProof, took } = stage
  const timed = async <T>(part: keyof Took, work: Promise<T>): Promise<T> => {
    const began = Date.now()
    const result = await work
    took[part] += Date.now() - began
    signal.throwIfAborted()
    return result
  }
  const check = async (lab: Lab, wanted: Proof[], answers: Answers = {}): Promise<boolean> => {
    if (!wanted.length) return true
    const tasks = wanted.map(proof => proof.task)
    const options = { tasks, signal, answers, budgetMs: CHECK_MS }
    const verdicts = await timed('checks', runChecks(step, labs, lab, options))
    const proved = wanted.map(proof => {
      const found = verdicts.find(verdict => verdict.task === proof.task)
      return judged(proof, found?.verdict, found?.took ?? 0)
    })
    proved.forEach(onProof)
    return proved.every(({ ok }) => ok)
  }
  const isSolution = script.kind === 'solution'
  const fail = (wanted: Proof[], got: string, why: string) => {
    if (isSolution) snapshots.settle(step.id, `solution.sh of ${step.id} is no beginning: ${got}`)
    for (const proof of wanted) onProof({ ...proof, ok: false, got, why, took: 0 })
  }

  const solved = await snapshots.of(scenario)
  signal.throwIfAborted()
  if (typeof solved === 'string') return fail(proofs, 'not tried', solved)
  // A step's start comes upon what it follows; after its own solution it is there already, and so are the answers.
  const onTop = isSolution || script.after === 'start'
  const given = onTop ? {} : (solved?.answers ?? {})
  const lab = await timed('begin', begin(labs, { event, participant: PARTICIPANT }, step, solved, onTop))

  await check(
    lab,
    proofs.filter(({ kind }) => kind === 'start'),
  )
  const after = proofs.filter(({ kind }) => kind !== 'start')
  const played = await timed('script', play(labs, lab, script, step.lab, SCRIPT_MS))
  if (played.code !== 0) return fail(after, `exit ${played.code}`, played.output.trim().slice(-1500))
  const answers = merged(given, played.answers)
  const passed = await check(lab, after, answers)
  if (!isSolution || !snapshots.wanted(step.id)) return
  if (!passed) return fail([], 'not every check passes after it', '')
  const kept = await timed('snapshot', keep(labs, step, lab, answers, solved))
  snapshots.settle(step.id, kept)
}

/** What was answered before stays, unless it is answered anew. */
function merged(before: Answers, now: Answers): Answers {
  const tasks = new Set([...Object.keys(before), ...Object.keys(now)])
  return Object.fromEntries([...tasks].map(task => [task, { ...before[task], ...now[task] }]))
}
