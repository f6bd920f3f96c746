/** Counts a run of Vitest from its JSON report. What did not run counts as failed and is named: nothing is skipped silently. */
export interface Count {
  passed: number
  failed: number
  /** One line for each test that failed without having said so itself. */
  notes: string[]
}

/** The part of Vitest's JSON report that we read (it has Jest's shape). */
export interface JsonReport {
  success: boolean
  testResults: {
    name: string
    status: string
    message?: string
    /** Milliseconds since the epoch. */
    startTime?: number
    endTime?: number
    assertionResults: { fullName: string; status: string }[]
  }[]
}

/** `chosen`: tests were chosen by name, so the others are skipped on purpose. */
export function countTests(report: JsonReport | null, chosen = false): Count {
  const count: Count = { passed: 0, failed: 0, notes: [] }
  const fail = (note?: string) => {
    count.failed++
    if (note) count.notes.push(note)
  }
  if (!report) {
    fail('vitest gave no result')
    return count
  }
  for (const file of report.testResults) {
    for (const { fullName, status } of file.assertionResults)
      if (status === 'passed') count.passed++
      else if (status === 'failed') fail()
      else if (!chosen) fail(`not run (${status}): ${file.name}: ${fullName}`)
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'))
      fail(`${file.name} could not be run: ${(file.message ?? '').split('\n')[0]}`)
  }
  if (!report.success && count.failed === 0) fail('vitest failed outside of any test; see above')
  if (count.passed + count.failed === 0) fail('no test was found')
  return count
}

/** The files that took longest, one a line, and how long all of them took from the first to the last. */
export function slowest(report: JsonReport | null, root: string, most = 12): string[] {
  const files = (report?.testResults ?? []).flatMap(({ name, startTime, endTime }) =>
    startTime !== undefined && endTime !== undefined ? [{ name, startTime, endTime }] : [],
  )
  if (files.length < 2) return []
  const first = Math.min(...files.map(({ startTime }) => startTime))
  const last = Math.max(...files.map(({ endTime }) => endTime))
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1).padStart(7)} s`
  return [
    `${seconds(last - first)}  ${files.length} files; the slowest of them:`,
    ...files
      .map(({ name, startTime, endTime }) => ({ name, ms: endTime - startTime }))
      .sort((a, b) => b.ms - a.ms)
      .slice(0, most)
      .map(({ name, ms }) => `${seconds(ms)}  ${name.replace(`${root}/`, '')}`),
  ]
}
