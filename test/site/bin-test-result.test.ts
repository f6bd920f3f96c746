import { expect, test } from 'vitest'
import { countTests, type JsonReport, slowest } from '../../site/bin/test-result.ts'

const report = (statuses: string[], file: Partial<JsonReport['testResults'][number]> = {}): JsonReport => ({
  success: !statuses.includes('failed') && file.status !== 'failed',
  testResults: [
    {
      name: 'a.test.ts',
      status: 'passed',
      assertionResults: statuses.map((status, index) => ({ fullName: `test ${index}`, status })),
      ...file,
    },
  ],
})

test('passed and failed are counted', () => {
  expect(countTests(report(['passed', 'failed', 'passed'], { status: 'failed' }))).toEqual({
    passed: 2,
    failed: 1,
    notes: [],
  })
})

test('what was skipped counts as failed and is named', () => {
  const { failed, notes } = countTests(report(['passed', 'skipped', 'todo']))
  expect(failed).toBe(2)
  expect(notes).toEqual(['not run (skipped): a.test.ts: test 1', 'not run (todo): a.test.ts: test 2'])
})

test('tests that were left out by name are no failure', () => {
  expect(countTests(report(['passed', 'skipped']), true)).toEqual({ passed: 1, failed: 0, notes: [] })
})

test('a file that can not be loaded is a failure', () => {
  const { failed, notes } = countTests(report([], { status: 'failed', message: 'no such module\nat …' }))
  expect(failed).toBe(1)
  expect(notes).toEqual(['a.test.ts could not be run: no such module'])
})

test('an error outside of any test, no test at all and no result are failures', () => {
  expect(countTests({ ...report(['passed']), success: false }).failed).toBe(1)
  expect(countTests(report([])).failed).toBe(1)
  expect(countTests(null).failed).toBe(1)
})

test('the slowest files are told, slowest first, and the time of all', () => {
  const file = (name: string, startTime: number, endTime: number) =>
    report(['passed'], { name, startTime, endTime }).testResults
  const all = [file('/x/a.test.ts', 0, 1000), file('/x/b.test.ts', 500, 62_500), file('/x/c.test.ts', 0, 10)]
  expect(slowest({ success: true, testResults: all.flat() }, '/x', 2)).toEqual([
    '   62.5 s  3 files; the slowest of them:',
    '   62.0 s  b.test.ts',
    '    1.0 s  a.test.ts',
  ])
  expect(slowest(null, '/x')).toEqual([])
})
