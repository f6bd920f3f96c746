import { describe, expect, it } from 'vitest'
import type { Expected } from '../../checker/probes/types.ts'
import { runChecks } from '../../checker/run.ts'
import { labSchema, type Question } from '../../checker/step.ts'
import type { Verdict } from '../../checker/verdict.ts'
import { lab, labsOf } from './lab.ts'

const text = (en: string) => ({ en, fr: en })
const questions: Question[] = [
  { id: 'hops', text: text('How many?'), kind: 'number' },
  { id: 'mx', text: text('Which host?'), kind: 'text' },
  {
    id: 'retry',
    text: text('Which one?'),
    kind: 'choice',
    choices: [
      { id: 'first', text: text('the first') },
      { id: 'second', text: text('the second') },
    ],
  },
]
const task = {
  id: 'ask',
  title: text('t'),
  goal: text('g'),
  hints: [text('h'), text('i')],
  solution: text('s'),
}
const data = { title: text('t'), summary: text('s'), minutes: 1, machines: ['desk' as const] }
const right: Record<string, Expected> = {
  hops: 1000,
  mx: ['mx.grosmail.test.', 'mx2.grosmail.test.'],
  retry: 'first',
}

async function judge(given: Record<string, string>, wanted = right): Promise<Verdict> {
  const step = {
    lab: { ...data, tasks: [{ ...task, questions }] },
    checks: {
      ask: async ({ answers }: { answers: { judge(right: typeof wanted): Verdict } }) =>
        answers.judge(wanted),
    },
  }
  const [result] = await runChecks(step, labsOf({}), lab, { answers: { ask: given } })
  if (!result) throw new Error('no verdict')
  return result.verdict
}

describe('answers to a task', () => {
  it('that are all right pass, however people write numbers and names', async () => {
    for (const given of [
      { hops: '1000', mx: 'mx.grosmail.test', retry: 'first' },
      { hops: '1 000', mx: ' MX2.Grosmail.test. ', retry: 'first' },
      { hops: '1\u202f000,0', mx: 'mx.grosmail.test.', retry: 'first' },
    ])
      expect(await judge(given)).toMatchObject({ status: 'pass', answers: { hops: 'right', mx: 'right' } })
  })

  it('are told one by one, without saying what would be right', async () => {
    const verdict = await judge({ hops: '1001', mx: 'mx.agrume.test' })
    expect(verdict).toMatchObject({
      status: 'fail',
      code: 'wrong-answer',
      observed: {
        en: 'Of 3 answers: 2 not right, 1 missing.',
        fr: 'Sur 3 réponses : 2 fausses, 1 manquante.',
      },
      answers: { hops: 'wrong', mx: 'wrong', retry: 'missing' },
    })
    expect(JSON.stringify(verdict)).not.toMatch(/mx2?\.grosmail|"first"|1000/)
  })

  it('that are missing are another reason than wrong ones', async () => {
    expect(await judge({})).toMatchObject({ status: 'fail', code: 'unanswered' })
    expect(await judge({ hops: '1000' })).toMatchObject({ code: 'unanswered', answers: { hops: 'right' } })
  })

  it('are no numbers if they are none', async () => {
    for (const hops of ['', 'many', '1e3', '0x3e8', 'NaN', '1000; 1', '-1000'])
      expect((await judge({ hops, mx: 'mx.grosmail.test', retry: 'first' })).status).toBe('fail')
  })

  it('can be judged by a function', async () => {
    const wanted = { ...right, mx: (given: string) => given.endsWith('test') }
    expect((await judge({ hops: '1000', mx: 'anything.test', retry: 'first' }, wanted)).status).toBe('pass')
  })

  it('whose check judges other questions than are asked are our error, never the learner’s', async () => {
    const verdict = await judge({}, { hops: 1, mx: 'x' })
    expect(verdict).toMatchObject({ status: 'error', detail: expect.stringContaining('the task asks') })
  })
})

describe('questions of a step', () => {
  const parse = (asked: unknown) => labSchema.safeParse({ ...data, tasks: [{ ...task, questions: asked }] })
  it('have a kind, a text in both languages and an id that is there once', () => {
    expect(parse(questions).success).toBe(true)
    const [number] = questions
    expect(parse([number, number]).success).toBe(false)
    expect(parse([{ ...number, kind: 'essay' }]).success).toBe(false)
    expect(parse([{ ...number, answer: 3 }]).success).toBe(false)
    expect(parse([{ ...questions[2], choices: [] }]).success).toBe(false)
  })
})
