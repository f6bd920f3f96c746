import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Step } from '../../checker/steps.ts'
import { fail, pass } from '../../checker/verdict.ts'
import { Answers, labMark } from '../../site/server/answers.ts'
import { type Participant, Store } from '../../site/server/store.ts'

const text = { en: 'x', fr: 'x' }
const tasks = [
  {
    id: 'ask',
    questions: [
      { id: 'hops', text, kind: 'number' },
      {
        id: 'door',
        text,
        kind: 'choice',
        choices: [
          { id: 'open', text },
          { id: 'shut', text },
        ],
      },
    ],
  },
  { id: 'plain' },
]
const step = { id: '04-x', lab: { tasks } } as unknown as Step
const SEED = 'a'.repeat(32)

let dir: string
let store: Store
let me: Participant
let answers: Answers

beforeEach(() => {
  vi.useFakeTimers()
  dir = mkdtempSync(join(tmpdir(), 'answers-'))
  store = new Store(dir)
  me = store.participant('home', 'you')
  answers = new Answers(store, me)
})
afterEach(() => {
  vi.useRealTimers()
  store.close()
  rmSync(dir, { recursive: true })
})

const judgedAs = (marks: Record<string, 'right' | 'wrong' | 'missing'>) =>
  answers.judged(step, SEED, 'ask', fail('wrong-answer', text, text, { answers: marks }))

/** Tries another number, wrong again; gives the wait after it. */
function guess(n: number): number {
  expect(answers.take(step, SEED, 'ask', { hops: String(n) })).toBe('judging')
  judgedAs({ hops: 'wrong', door: 'missing' })
  return answers.view(step, SEED).ask?.waitMs ?? 0
}

describe('what a participant answers', () => {
  it('is kept for the check and for the page, across a restart', () => {
    answers.take(step, SEED, 'ask', { hops: ' 3 ', door: '' })
    store.close()
    store = new Store(dir)
    answers = new Answers(store, me)
    expect(answers.given(step, SEED)).toEqual({ ask: { hops: '3' } })
    expect(answers.view(step, SEED)).toEqual({ ask: { given: { hops: '3' }, waitMs: 0, judging: false } })
  })

  it('belongs to one lab, one person and one step, and goes with the lab', () => {
    answers.take(step, SEED, 'ask', { hops: '3' })
    expect(answers.given(step, 'b'.repeat(32))).toEqual({})
    expect(new Answers(store, store.participant('home', 'other')).given(step, SEED)).toEqual({})
    expect(answers.given({ ...step, id: '05-y' }, SEED)).toEqual({})
    answers.forget(SEED)
    expect(answers.given(step, SEED)).toEqual({})
  })

  it('is refused where nobody asked, and where it is no choice', () => {
    for (const [task, sent] of [
      ['plain', { hops: '3' }],
      ['nothing', {}],
      ['ask', { other: '3' }],
      ['ask', { door: 'ajar' }],
      ['ask', { hops: '3'.repeat(201) }],
      ['ask', { ['__proto__']: 'x' }],
    ] as const)
      expect(answers.take(step, SEED, task, sent)).toBe('not-asked')
  })

  it('names its lab without telling the seed', () => {
    expect(labMark(SEED)).not.toContain('aaaa')
    expect(labMark(SEED)).not.toBe(labMark('b'.repeat(32)))
  })
})

describe('guessing', () => {
  it('is free twice, then takes twice as long each time, up to five minutes', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(n => {
      const wait = guess(n)
      vi.advanceTimersByTime(wait)
      return wait / 1000
    })
    expect(waits).toEqual([0, 0, 5, 10, 20, 40, 80, 160, 300, 300])
  })

  it('has to wait: nothing new is taken meanwhile, also after a restart', () => {
    for (const n of [1, 2, 3]) guess(n)
    expect(answers.take(step, SEED, 'ask', { hops: '4' })).toBe('not-now')
    answers = new Answers(store, me)
    expect(answers.take(step, SEED, 'ask', { hops: '4' })).toBe('not-now')
    expect(answers.given(step, SEED).ask).toEqual({ hops: '3' })
    vi.advanceTimersByTime(5000)
    expect(answers.take(step, SEED, 'ask', { hops: '4' })).toBe('judging')
  })

  it('can’t be doubled while a try is being judged', () => {
    answers.take(step, SEED, 'ask', { hops: '1' })
    expect(answers.take(step, SEED, 'ask', { hops: '2' })).toBe('not-now')
  })

  it('is not made of what was wrong before, of what is missing, or of our own errors', () => {
    for (const n of [1, 2]) guess(n)
    answers.take(step, SEED, 'ask', { hops: '2', door: 'open' })
    judgedAs({ hops: 'wrong', door: 'right' })
    expect(answers.view(step, SEED).ask?.waitMs).toBe(0)
    answers.take(step, SEED, 'ask', { hops: '9' })
    answers.judged(step, SEED, 'ask', { status: 'error', message: text, detail: 'x' })
    answers.take(step, SEED, 'ask', { hops: '3' })
    answers.judged(step, SEED, 'ask', pass(text, { answers: { hops: 'right', door: 'right' } }))
    expect(answers.view(step, SEED).ask).toMatchObject({ waitMs: 0, judging: false })
  })
})
