/** What a task looks like at this moment, from its verdict, from whether it is being checked, from the past. */
import type { Verdict } from '../../../checker/verdict.ts'
import type { Live } from './live.ts'
import { words } from './page.ts'

/** `again` held before and no longer does; `stored` held before and has not been looked at in this lab yet. */
export type TaskLook = 'waiting' | 'stored' | 'checking' | 'pass' | 'fail' | 'again' | 'error'

export function lookOf(verdict: Verdict | undefined, solved: boolean): Exclude<TaskLook, 'checking'> {
  if (!verdict) return solved ? 'stored' : 'waiting'
  if (verdict.status === 'fail' && solved) return 'again'
  return verdict.status
}

/** `steady` is what the last check said; `checking` tells whether another one runs now. */
export function viewOf(live: Live, task: string) {
  const at = live.verdicts.get(task)
  const solvedAt = live.solvedAt(task)
  const checking = live.checking.has(task)
  return { verdict: at, solvedAt, checking, steady: lookOf(at?.verdict, solvedAt !== undefined) }
}

export const nameOf = (look: TaskLook): string => words.task[look]
