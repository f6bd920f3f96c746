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
