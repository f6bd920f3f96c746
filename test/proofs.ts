/** What there is to prove of a step, and whether a verdict proves it. */
import type { Script } from '../checker/scripts.ts'
import type { Step } from '../checker/steps.ts'
import type { Verdict } from '../checker/verdict.ts'

export interface Proof {
  step: string
  kind: 'start' | Script['kind']
  /** Path in the step's folder, empty for the start. */
  script: string
  task: string
  /** `fail`, `pass`, or the code with which it must fail. */
  expects: string
}

/** One proof's own name among all. */
export const keyOf = ({ step, kind, script, task }: Proof): string => [step, kind, script, task].join(' ')

export interface Proved extends Proof {
  ok: boolean
  /** `pass`, the code of a fail, `error`, or why there was no verdict. */
  got: string
  /** What the check saw, in English; the end of a script's output if it failed. */
  why: string
  /** Milliseconds of the check. */
  took: number
}

/** One lab and what it proves. The first of a step proves its start and its solution. */
export interface Scenario {
  step: Step
  script: Script
  proofs: Proof[]
}

/** Path in the step's folder. */
export const pathOf = ({ kind, name }: Pick<Script, 'kind' | 'name'>): string =>
  kind === 'solution' ? `${name}.sh` : `${kind}/${name}.sh`

/** What there is to prove of a step, of all its tasks or of one. */
export function plan(step: Step, only?: string): Scenario[] {
  const tasks = step.lab.tasks.map(task => task.id).filter(task => !only || task === only)
  return step.scripts.flatMap(script => {
    const common = { step: step.id, kind: script.kind, script: pathOf(script) }
    const proofs: Proof[] =
      script.kind === 'wrong'
        ? script.fails
            .filter(({ task }) => tasks.includes(task))
            .map(({ task, code }) => ({ ...common, task, expects: code }))
        : tasks.map(task => ({ ...common, task, expects: 'pass' }))
    const start = { step: step.id, kind: 'start' as const, script: '', expects: 'fail' }
    if (script.kind === 'solution') proofs.unshift(...tasks.map(task => ({ ...start, task })))
    return proofs.length ? [{ step, script, proofs }] : []
  })
}

/**
 * What there is to prove of these steps, and the solutions, without a proof of their own, of those that they follow.
 * Solutions come first, since others begin from them; of the rest those that build up everything, which take longest.
 */
export function planAll(chosen: readonly Step[], all: readonly Step[], only?: string): Scenario[] {
  const scenarios = chosen.flatMap(step => plan(step, only))
  const wanted = new Set(scenarios.map(({ step }) => step))
  for (const { lab } of wanted) {
    const followed = all.find(({ id }) => id === lab.follows)
    if (!followed || wanted.has(followed)) continue
    wanted.add(followed)
    const script = followed.scripts.find(({ kind }) => kind === 'solution')
    if (script) scenarios.push({ step: followed, script, proofs: [] })
  }
  const rank = ({ script }: Scenario) => (script.kind === 'solution' ? 0 : script.after === 'start' ? 1 : 2)
  return scenarios.sort((a, b) => rank(a) - rank(b) || a.step.number - b.step.number)
}

/** What a step lacks to be proved at all, in words. */
export function gaps(step: Step): string[] {
  const of = (kind: Script['kind']) => step.scripts.filter(script => script.kind === kind)
  const few = step.lab.tasks
    .map(({ id }) => ({ id, count: of('wrong').filter(w => w.fails.some(f => f.task === id)).length }))
    .filter(({ count }) => count < 3)
    .map(({ id, count }) => `${step.id}: ${count} of 3 scripts in wrong/ for the task ${id}`)
  return [
    ...(of('solution').length ? [] : [`${step.id}: no solution.sh`]),
    ...(of('right').length < 2 ? [`${step.id}: ${of('right').length} of 2 scripts in right/`] : []),
    ...few,
  ]
}

/** Whether the verdict is what the proof wants. */
export function judged(proof: Proof, verdict: Verdict | undefined, took: number): Proved {
  if (!verdict) return { ...proof, ok: false, got: 'no verdict', why: 'the step has no such task', took }
  switch (verdict.status) {
    case 'pass':
      return { ...proof, ok: proof.expects === 'pass', got: 'pass', why: verdict.observed.en, took }
    case 'fail': {
      const ok = proof.expects === 'fail' || proof.expects === verdict.code
      const why = [verdict.observed.en, ok ? '' : verdict.transcript].filter(Boolean).join('\n')
      return { ...proof, ok, got: verdict.code, why, took }
    }
    case 'error':
      return { ...proof, ok: false, got: 'error', why: verdict.detail, took }
  }
}
