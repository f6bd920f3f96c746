/** The bench's table: what was measured, beside its bar. */
import { styleText } from 'node:util'

export interface Row {
  what: string
  /** Of plain `docker exec`; null where there is nothing to compare with. */
  direct: number | null
  ours: number
  unit: string
  /** Bars: at most, at least so much, in the unit. */
  most?: number
  least?: number
  /** On ours divided by direct. */
  mostRatio?: number
  leastRatio?: number
}

export const ratio = (row: Row): number | null => (row.direct ? row.ours / row.direct : null)

/** A row holds when its ratio or its absolute bar holds: another machine than the one of the bars may be slower. */
export function holds(row: Row): boolean {
  const by = ratio(row)
  const checks = [
    row.most === undefined ? null : row.ours <= row.most,
    row.least === undefined ? null : row.ours >= row.least,
    row.mostRatio === undefined || by === null ? null : by <= row.mostRatio,
    row.leastRatio === undefined || by === null ? null : by >= row.leastRatio,
  ].filter(check => check !== null)
  return checks.length === 0 || checks.some(Boolean)
}

const show = (value: number | null): string =>
  value === null ? '–' : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

function bar(row: Row): string {
  return [
    row.most === undefined ? '' : `≤ ${row.most}`,
    row.least === undefined ? '' : `≥ ${row.least}`,
    row.mostRatio === undefined ? '' : `≤ ${row.mostRatio} ×`,
    row.leastRatio === undefined ? '' : `≥ ${row.leastRatio} ×`,
  ]
    .filter(Boolean)
    .join(' or ')
}

export function table(rows: Row[]): string {
  const cells = rows.map(row => [
    row.what,
    show(row.direct),
    show(row.ours),
    row.unit,
    ratio(row) === null ? '–' : `${show(ratio(row))} ×`,
    bar(row) || '–',
  ])
  const head = ['', 'docker exec', 'ours', '', 'ratio', 'bar']
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map(row => (row[i] ?? '').length)))
  const line = (row: string[]) =>
    row
      .map((cell, i) => (i === 0 || i === 3 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
  const body = rows.map((row, i) => {
    const word = bar(row) === '' ? '' : holds(row) ? styleText('green', 'PASS') : styleText('red', 'short')
    return `${line(cells[i] ?? [])}  ${word}`
  })
  return [line(head), ...body].join('\n')
}
