import { expect, test, vi } from 'vitest'
import { Report } from '../../site/bin/report.ts'

function terminal(isTTY: boolean) {
  const written: string[] = []
  return {
    written,
    out: { isTTY, columns: 40, write: (text: string) => written.push(text.replaceAll('\x1b', '^')) },
  }
}

test('without a terminal a step is one line at its end, and one every five seconds before', async () => {
  vi.useFakeTimers()
  const { written, out } = terminal(false)
  const step = new Report(out).step('images', async progress => {
    progress('server: 4/12')
    await new Promise(resolve => setTimeout(resolve, 11_400))
  })
  await vi.advanceTimersByTimeAsync(12_000)
  await step
  vi.useRealTimers()
  expect(written).toEqual([
    'images … 5 s  server: 4/12\n',
    'images … 10 s  server: 4/12\n',
    'images … 11 s\n',
  ])
})

test('a step that fails says so, and its error goes on', async () => {
  const { written, out } = terminal(false)
  await expect(new Report(out).step('pages', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(written).toEqual(['pages … failed 0 s\n'])
})

test('on a terminal steps side by side are redrawn in place, and never wrap', async () => {
  vi.useFakeTimers()
  const { written, out } = terminal(true)
  const report = new Report(out)
  const slow = report.step('images', async progress => {
    progress(`\x1b[31m${'x'.repeat(200)}`)
    await new Promise(resolve => setTimeout(resolve, 1000))
  })
  const fast = report.step('pages', () => new Promise(resolve => setTimeout(resolve, 500)))
  await vi.advanceTimersByTimeAsync(1100)
  await Promise.all([slow, fast])
  vi.useRealTimers()
  expect(screen(written.join(''))).toEqual(['pages … 1 s', 'images … 1 s'])
  for (const line of written.join('').split('\n'))
    expect(line.replace(/^(\^\[\d+A\^\[J)+/, '').length).toBeLessThan(40)
})

/** What stays on a terminal that knows «up n lines» and «clear to the end». */
function screen(text: string): string[] {
  const lines: string[] = []
  for (const part of text.split(/(\^\[\d+A\^\[J|\n)/)) {
    const up = /^\^\[(\d+)A/.exec(part)
    if (up) lines.splice(lines.length - Number(up[1]))
    else if (part !== '\n' && part !== '') lines.push(part)
  }
  return lines
}
