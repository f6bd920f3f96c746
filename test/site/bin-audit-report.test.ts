import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Row } from '../../checker/audit/row.ts'
import { countsOf, lineOf, markdown } from '../../site/bin/audit-report.ts'

type Rest = Row extends infer One
  ? One extends Row
    ? Omit<One, 'subject' | 'id' | 'text' | 'asks'>
    : never
  : never
const row = (id: string, rest: Rest): Row => ({
  subject: 'tls',
  id,
  text: { en: `About ${id}`, fr: id },
  asks: ['I', 'M'],
  ...rest,
})

const rows = [
  row('one', { state: 'holds', seen: 'TLSv1.3 | TLSv1.2' }),
  row('two', { state: 'open', seen: '550 <nobody@you.test>:\nunknown' }),
  row('three', { state: 'broken', seen: 'the lab internet is silent' }),
  row('four', { state: 'later', step: 8 }),
  row('five', { state: 'cannot', why: { en: 'no such thing', fr: 'rien de tel' } }),
]

describe('what the audit says', () => {
  it('is one line a row, with what it rests on', () => {
    expect(rows.map(lineOf).map(stripVTControlCharacters)).toEqual([
      '✓ tls  About one  TLSv1.3 | TLSv1.2',
      '✗ tls  About two  550 <nobody@you.test>: unknown',
      '! tls  About three  the lab internet is silent',
      '… tls  About four  step 8',
      '- tls  About five  no such thing',
    ])
    expect(countsOf(rows)).toBe('1 hold, 2 do not, 1 belong to later steps, 1 the lab can’t have')
  })

  it('is kept as tables, in which evidence can’t break a cell', () => {
    const text = markdown(rows, '06-being-accepted')
    expect(text).toContain('| TLS | About one | internet.nl, Mail-in-a-Box | TLSv1.3 \\| TLSv1.2 |')
    expect(text).toContain(
      '| TLS | About two | internet.nl, Mail-in-a-Box | 550 &lt;nobody@you.test>: unknown |',
    )
    const parts = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)
    expect(parts).toEqual(['Hold', 'Do not hold', 'Belong to later steps', 'The lab can’t have'])
    expect(text.split('## Do not hold')[1]?.split('## ')[0]).toContain('About three')
    expect(markdown(rows.slice(0, 1), 'x')).toContain('## Do not hold\n\nNone.')
  })
})
