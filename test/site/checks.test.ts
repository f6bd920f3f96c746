import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Check } from '../../checker/step.ts'
import type { Step } from '../../checker/steps.ts'
import { fail, pass } from '../../checker/verdict.ts'
import { Checks } from '../../site/server/checks.ts'
import { lab, labsOf } from '../checker/lab.ts'

const text = (en: string) => ({ en, fr: `${en} (fr)` })
const task = {
  id: 'one',
  title: text('t'),
  goal: text('g'),
  hints: [text('h'), text('i')],
  solution: text('s'),
}

/** Checks of a step with one task, and how often it was decided. */
function checksOf(decide: Check) {
  const check = vi.fn(decide)
  const data = {
    title: text('t'),
    summary: text('s'),
    minutes: 1,
    machines: ['server' as const],
    tasks: [task],
  }
  const step = { id: '01-x', lab: data, checks: { one: check } } as unknown as Step
  const listener = { checking: vi.fn(), verdict: vi.fn() }
  return {
    check,
    listener,
    checks: new Checks(labsOf({}), listener, () => ({ step, lab, answers: {} })),
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('looks a second time at what is not there yet after typing, three times in all', async () => {
  const { check, checks } = checksOf(async () => fail('no', text('a'), text('b')))
  checks.activity('input')
  await vi.advanceTimersByTimeAsync(2000)
  expect(check).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(check).toHaveBeenCalledTimes(2)
  await vi.advanceTimersByTimeAsync(20_000)
  await vi.advanceTimersByTimeAsync(40_000)
  expect(check).toHaveBeenCalledTimes(4)
  await vi.advanceTimersByTimeAsync(600_000)
  expect(check).toHaveBeenCalledTimes(4)
  checks.end()
})

it('needs no second look at what is green', async () => {
  const { check, checks } = checksOf(async () => pass(text('fine')))
  checks.activity('input')
  await vi.advanceTimersByTimeAsync(600_000)
  expect(check).toHaveBeenCalledTimes(1)
  checks.end()
})

it('checks one task at once while a run is under way, and what the run finds later does not count', async () => {
  let calls = 0
  const { checks, listener } = checksOf(async () => {
    calls += 1
    const mine = calls
    if (mine === 1) await new Promise(done => setTimeout(done, 5000))
    return mine === 1 ? fail('old', text('a'), text('b')) : pass(text('fine'))
  })
  const run = checks.run()
  await vi.advanceTimersByTimeAsync(100)
  expect((await checks.one('one'))?.verdict.status).toBe('pass')
  await vi.advanceTimersByTimeAsync(10_000)
  await run
  expect(listener.verdict.mock.calls.map(([, { verdict }]) => verdict.status)).toEqual(['pass'])
  checks.end()
})

it('looks at nothing any more once the lab is gone', async () => {
  const { check, checks } = checksOf(async () => fail('no', text('a'), text('b')))
  checks.activity('input')
  await vi.advanceTimersByTimeAsync(2000)
  checks.forget()
  await vi.advanceTimersByTimeAsync(600_000)
  expect(check).toHaveBeenCalledTimes(1)
  checks.end()
})
