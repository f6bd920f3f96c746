/** What `npm run verify` prints of what was proved. */
import { styleText } from 'node:util'
import type { Enacted } from '../../test/labs.ts'
import { type Proved, pathOf } from '../../test/proofs.ts'

const mark = (ok: boolean): string => (ok ? styleText('green', '✓') : styleText('red', '✗'))
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

export function lineOf(proof: Proved): string {
  const what = `${mark(proof.ok)} ${proof.script || 'start'}  ${proof.task}: ${proof.got}`
  const time = `  ${seconds(proof.took)}`
  if (proof.ok) return what + styleText('dim', time)
  const why = proof.why.replace(/^/gm, '    ')
  return `${what}, expected ${proof.expects}${time}\n${why}`
}

/** How long a lab took, and what of it. */
export function timeOf({ scenario: { step, script }, took, began, ended }: Enacted): string {
  const parts = Object.entries(took).flatMap(([part, ms]) => (ms > 0 ? [`${part} ${seconds(ms)}`] : []))
  return styleText('dim', `  ${step.id}/${pathOf(script)}: ${seconds(ended - began)} (${parts.join(', ')})`)
}

/** One line a step: from its first lab to its last, and what its labs took one by one. */
export function timesOf(enacted: readonly Enacted[]): string {
  const steps = [...new Set(enacted.map(({ scenario }) => scenario.step.id))].sort()
  return steps
    .map(id => {
      const mine = enacted.filter(({ scenario }) => scenario.step.id === id)
      const from = Math.min(...mine.map(({ began }) => began))
      const to = Math.max(...mine.map(({ ended }) => ended))
      const work = mine.reduce((sum, { began, ended }) => sum + ended - began, 0)
      const slowest = mine.reduce((a, b) => (b.ended - b.began > a.ended - a.began ? b : a))
      const what = `the slowest ${pathOf(slowest.scenario.script)}, ${seconds(slowest.ended - slowest.began)}`
      return `${id}  ${mine.length} labs in ${seconds(to - from)}, ${seconds(work)} of work; ${what}\n`
    })
    .join('')
}

/** One row a task, one column a kind of proof: how many of them hold. */
export function table(proved: readonly Proved[]): string {
  const kinds = ['start', 'solution', 'right', 'wrong'] as const
  const tasks = [...new Set(proved.map(({ step, task }) => `${step}  ${task}`))]
  const width = Math.max(...tasks.map(task => task.length), 4) + 2
  const rows = tasks.map(name => {
    const cells = kinds.map(kind => {
      const mine = proved.filter(p => `${p.step}  ${p.task}` === name && p.kind === kind)
      const held = mine.filter(p => p.ok).length
      const cell = `${held}/${mine.length}`.padEnd(10)
      return mine.length === 0
        ? styleText('dim', '-'.padEnd(10))
        : styleText(held === mine.length ? 'green' : 'red', cell)
    })
    return name.padEnd(width) + cells.join('')
  })
  const head = ''.padEnd(width) + kinds.map(kind => kind.padEnd(10)).join('')
  return `\n${[head, ...rows].join('\n')}\n`
}

export function sum(proved: readonly Proved[]): string {
  const held = proved.filter(({ ok }) => ok).length
  return `\n${held} hold, ${proved.length - held} do not\n`
}
