/** What `npm run audit` prints, and what it keeps in labs/AUDIT.md. */
import { styleText } from 'node:util'
import { SUBJECTS } from '../../checker/audit/audit.ts'
import type { Row } from '../../checker/audit/row.ts'

const MARKS = {
  holds: styleText('green', '✓'),
  open: styleText('red', '✗'),
  broken: styleText('red', '!'),
  later: styleText('dim', '…'),
  cannot: styleText('dim', '-'),
}

/** What a row rests on: the evidence, the step, or the reason. */
const because = (row: Row): string =>
  row.state === 'later'
    ? `step ${row.step}`
    : row.state === 'cannot'
      ? row.why.en
      : row.seen.replace(/\s+/g, ' ')

export const lineOf = (row: Row): string =>
  `${MARKS[row.state]} ${row.subject}  ${row.text.en}  ${styleText('dim', because(row))}`

const count = (rows: readonly Row[], ...states: Row['state'][]) =>
  rows.filter(({ state }) => states.includes(state)).length

export const countsOf = (rows: readonly Row[]): string =>
  `${count(rows, 'holds')} hold, ${count(rows, 'open', 'broken')} do not, ${count(rows, 'later')} belong to later steps, ${count(rows, 'cannot')} the lab can’t have`

const cell = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').slice(0, 240)
const ASKERS = { I: 'internet.nl', M: 'Mail-in-a-Box', C: 'checkdmarc', behaviour: 'none of them' }
const asked = ({ asks }: Row) => asks.map(one => ASKERS[one]).join(', ')

function part(title: string, column: string, rows: readonly Row[]): string[] {
  if (rows.length === 0) return [`## ${title}`, '', 'None.', '']
  const names = new Map(SUBJECTS.map(({ id, title: of }) => [id, of.en]))
  const lines = rows.map(
    row => `| ${names.get(row.subject)} | ${cell(row.text.en)} | ${asked(row)} | ${cell(because(row))} |`,
  )
  return [
    `## ${title}`,
    '',
    `| | What holds on a right server | Asked by | ${column} |`,
    '|---|---|---|---|',
    ...lines,
    '',
  ]
}

/** The whole answer as a file. */
export function markdown(rows: readonly Row[], step: string): string {
  const of = (...states: Row['state'][]) => rows.filter(({ state }) => states.includes(state))
  return [
    `# The audit of the server after ${step}`,
    '',
    'Written by `npm run audit -- --write`, which plays the solutions of the steps on a fresh server in the lab and then',
    'asks of it, from other hosts, all that internet.nl’s mail test, Mail-in-a-Box’s status page and checkdmarc ask, and',
    'what none of them does. The questions stand in `checker/audit/`. Names and addresses are those of the lab.',
    '',
    `${countsOf(rows)}.`,
    '',
    ...part('Hold', 'Seen', of('holds')),
    ...part('Do not hold', 'Seen', of('open', 'broken')),
    ...part('Belong to later steps', 'Which', of('later')),
    ...part('The lab can’t have', 'Why', of('cannot')),
  ].join('\n')
}
