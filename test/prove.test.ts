/** What the prover makes of scenarios: who begins from whom, and that no failure keeps the others from being told. */
import { describe, expect, it } from 'vitest'
import { namesOnTop } from '../checker/start.ts'
import { loadSteps, type Step } from '../checker/steps.ts'
import { timesOf } from '../site/bin/verify-report.ts'
import { lab, labsOf } from './checker/lab.ts'
import { jobsFor, prove } from './labs.ts'
import { moved, movedNames } from './moved.ts'
import { type Proved, planAll } from './proofs.ts'
import { baseOf } from './snapshots.ts'

const text = { en: 'x', fr: 'x' }
const task = { id: 'a-task', title: text, goal: text, hints: [text, text], solution: text }

/** A step with a solution, a wrong way from the start and one from the solution. */
function step(number: number, follows?: string): Step {
  const script = (kind: 'solution' | 'wrong', name: string, after: 'start' | 'solution') => ({
    ...{ kind, name, after, text: '', parts: [] },
    fails: kind === 'wrong' ? [{ task: task.id, code: 'no' }] : [],
  })
  return {
    ...{ id: `0${number}-step`, number, slug: 'step', dir: '' },
    lab: {
      ...{ title: text, summary: text, minutes: 1, machines: ['server'], tasks: [task] },
      ...(follows ? { follows } : {}),
    },
    checks: { [task.id]: async () => ({ status: 'fail', code: 'no', expected: text, observed: text }) },
    files: () => [],
    names: () => ({ records: [], reverse: {} }),
    scripts: [
      script('solution', 'solution', 'start'),
      script('wrong', 'late', 'solution'),
      script('wrong', 'early', 'start'),
    ],
  }
}

describe('a plan', () => {
  it('begins with solutions, then what builds up everything, then what goes on from a solution', () => {
    const steps = [step(5), step(6, '05-step')]
    expect(planAll(steps, steps).map(one => `${one.step.id} ${one.script.name} ${baseOf(one)}`)).toEqual([
      '05-step solution undefined',
      '06-step solution 05-step',
      '05-step early undefined',
      '06-step early 05-step',
      '05-step late 05-step',
      '06-step late 06-step',
    ])
  })

  it('makes the solution of a step that is followed, and proves nothing of it', () => {
    const steps = [step(5), step(6, '05-step'), step(7, '06-step')]
    const scenarios = planAll(steps.slice(2), steps)
    const [first, second] = scenarios
    expect([first?.step.id, first?.proofs, second?.step.id, second?.proofs]).toEqual([
      ...['05-step', []],
      ...['06-step', []],
    ])
    expect(scenarios.flatMap(({ proofs }) => proofs).every(proof => proof.step === '07-step')).toBe(true)
  })
})

describe('a run', () => {
  const told = (proved: Proved[]) =>
    proved.map(({ step, kind, got, why }) => [step, kind, got, why.split('\n')[0]])

  it('tells each proof of what could not begin, and goes on', async () => {
    const scenarios = planAll([step(5)], [])
    const events: string[] = []
    const labs = labsOf(
      {},
      {
        async ensureEvent(event) {
          events.push(event)
          throw new Error('no internet today')
        },
        closeEvent: async () => {},
      },
    )
    const proved = await prove(scenarios, { labs, jobs: 1, signal: new AbortController().signal })
    expect(told(proved)).toEqual([
      ['05-step', 'start', 'broken', 'no internet today'],
      ['05-step', 'solution', 'broken', 'no internet today'],
      ['05-step', 'wrong', 'broken', 'no internet today'],
      ['05-step', 'wrong', 'broken', 'no internet today'],
    ])
    expect(new Set(events).size, 'each gets a new internet').toBe(3)
  })

  it('says of what begins from a snapshot that there is none, and why', async () => {
    let seed = 0
    const labs = labsOf(
      {},
      {
        ensureEvent: async () => {},
        closeEvent: async () => {},
        close: async () => {},
        find: async () => null,
        open: async () => ({ ...lab, seed: `${seed++}` }),
        exec: async () => ({ code: 0, stdout: '', stderr: '' }),
        snapshot: async () => {
          throw new Error('no space left on device')
        },
      },
    )
    const solved = step(5)
    let looks = 0
    // Unsolved at the start, solved after the solution, wrong after that.
    solved.checks['a-task'] = async () =>
      ++looks === 2
        ? { status: 'pass', observed: text }
        : { status: 'fail', code: 'no', expected: text, observed: text }
    const follower = step(6, '05-step')
    const scenarios = planAll([solved, follower], [])
    const proved = await prove(scenarios, { labs, jobs: 1, signal: new AbortController().signal })
    expect(proved.map(({ step, kind, got }) => `${step} ${kind} ${got}`).sort()).toEqual([
      '05-step solution pass',
      '05-step start no',
      '05-step wrong no',
      '05-step wrong not tried',
      '06-step solution not tried',
      '06-step start not tried',
      '06-step wrong not tried',
      '06-step wrong not tried',
    ])
    expect(proved.filter(({ got }) => got === 'not tried').map(({ why }) => why)).toContain(
      'no space left on device',
    )
  })

  it('ends when it is told to', async () => {
    const stop = new AbortController()
    const labs = labsOf(
      {},
      {
        ensureEvent: async () => stop.abort(new Error('enough')),
        closeEvent: async () => {},
        close: async () => {},
        find: async () => null,
        open: async () => ({ ...lab, seed: '1' }),
      },
    )
    await expect(prove(planAll([step(5)], []), { labs, jobs: 2, signal: stop.signal })).rejects.toThrow(
      'enough',
    )
  })
})

describe('a machine', () => {
  const GiB = 1024 ** 3
  it.each([
    [1, 2, 1],
    [2, 24, 4],
    [2, 3, 2],
    [4, 16, 8],
    [64, 256, 8],
  ])('with %i cores and %i GiB bears %i labs side by side', (cores, memory, jobs) => {
    expect(jobsFor({ cores, memory: memory * GiB })).toBe(jobs)
  })
})

it('a step’s time is told with what its labs took one by one', () => {
  const [first, second] = planAll([step(5)], [])
  if (!first || !second) throw new Error('no scenarios')
  const took = { internet: 0, begin: 1000, script: 0, checks: 500, snapshot: 0 }
  expect(
    timesOf([
      { scenario: first, took, began: 0, ended: 4000 },
      { scenario: second, took, began: 1000, ended: 9500 },
    ]),
  ).toBe('05-step  2 labs in 9.5 s, 12.5 s of work; the slowest wrong/early.sh, 8.5 s\n')
})

describe('what moves to another event', () => {
  const there = {
    ...lab,
    address: {
      server: { ipv4: '198.19.252.16', ipv6: '2001:db8:7f::10' },
      desk: { ipv4: '198.19.252.17', ipv6: '2001:db8:7f::11' },
    },
  }
  it('has its addresses in the other block, and only its own', () => {
    const spf =
      'v=spf1 ip4:198.18.0.16 ip6:2001:db8::10 ip4:198.18.4.16/32 ip6:2001:db8:1::10 ip4:198.18.3.255 -all'
    expect(moved(spf, lab, there)).toBe(
      'v=spf1 ip4:198.19.252.16 ip6:2001:db8:7f::10 ip4:198.18.4.16/32 ip6:2001:db8:1::10 ip4:198.19.255.255 -all',
    )
    expect(moved('1198.18.0.16 198.18.0.16.example', lab, there)).toBe('1198.18.0.16 198.18.0.16.example')
  })
  it('keeps its names', () => {
    const names = {
      records: [{ name: 'mail', type: 'A' as const, data: '198.18.0.16', ttl: 60 }],
      reverse: { '198.18.0.16': 'mail.you.test' },
    }
    expect(movedNames(names, lab, there)).toEqual({
      records: [{ name: 'mail', type: 'A', data: '198.19.252.16', ttl: 60 }],
      reverse: { '198.19.252.16': 'mail.you.test' },
    })
  })
})

it('a step that follows another puts its names on top of those that are there', () => {
  const a = (data: string) => ({ name: 'mail', type: 'A' as const, data })
  const txt = { name: '@', type: 'TXT' as const, data: '"v=spf1 -all"' }
  expect(
    namesOnTop(
      { records: [a('198.18.0.16'), a('198.18.0.20'), txt], reverse: { '198.18.0.16': 'mail.you.test' } },
      {
        records: [a('198.18.0.17')],
        reverse: { '2001:db8::10': 'you.test' },
        strict: true,
        listed: { '198.18.0.16': 'spam-trap' },
      },
    ),
  ).toEqual({
    records: [txt, a('198.18.0.17')],
    reverse: { '198.18.0.16': 'mail.you.test', '2001:db8::10': 'you.test' },
    strict: true,
    listed: { '198.18.0.16': 'spam-trap' },
  })
})

it('the steps of the repository follow earlier ones that load', async () => {
  const { steps } = await loadSteps()
  for (const { id, lab } of steps)
    if (lab.follows) expect(steps.some(one => one.id === lab.follows && one.id < id)).toBe(true)
})
