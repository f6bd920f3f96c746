/** What becomes of a participant's servers when one is built; the engine is a few maps, and scripts end as the test says. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Step } from '../../checker/steps.ts'
import { type KeptLab, type Lab, LabError, type Labs } from '../../containers/types.ts'
import { Keeper } from '../../site/server/keeper.ts'
import type { Places } from '../../site/server/places.ts'
import { Store } from '../../site/server/store.ts'
import { lab as aLab, labsOf } from '../checker/lab.ts'

const step = (id: string, follows?: string): Step =>
  ({
    id,
    lab: { tasks: [{ id: 'ask', questions: [{ id: 'hops' }] }], ...(follows ? { follows } : {}) },
    files: () => [],
    names: () => ({ records: [], reverse: {} }),
    scripts: [{ kind: 'solution', parts: [{ machine: 'server', text: `play ${id}` }] }],
  }) as unknown as Step
const four = step('04-x')
const five = step('05-x', '04-x')
const six = step('06-x', '05-x')
const steps = new Map([four, five, six].map(one => [one.id, one]))

let dir: string
let store: Store
let places: Places
/** The engine: the lab that is there, the kept ones, and what was done. */
let there: Lab | null
let kept: KeptLab[]
let log: string[]
let script: (name: string) => Promise<number>
let seeds: number
let clock: number

const labs: Labs = labsOf(
  {},
  {
    find: async () => there && { ...there, running: true },
    kept: async () => [...kept].sort((a, b) => b.at - a.at),
    open: async (_who, start) => {
      there ??= { ...aLab, seed: `${seeds++}`, step: start.step }
      return there
    },
    reset: async (_who, start) => {
      there = { ...aLab, seed: `${seeds++}`, step: start.step }
      return there
    },
    close: async () => {
      log.push(`close ${there?.seed ?? '-'}`)
      there = null
    },
    keep: async lab => {
      log.push(`keep ${lab.seed}`)
      const one = { ...lab, at: clock++ }
      kept.push(one)
      there = null
      return one
    },
    restore: async (_who, at) => {
      const { at: _, ...lab } = kept.find(one => one.at === at) as KeptLab
      kept = kept.filter(one => one.at !== at)
      log.push(`restore ${lab.seed}`)
      there = lab
      return lab
    },
    dropKept: async (_who, at) => {
      kept = kept.filter(one => one.at !== at)
    },
    advance: async (_lab, start) => void log.push(`start ${start.step}`),
    exec: async (_lab, _machine, argv, options = {}) => {
      const name = /play (\S+)/.exec(String(options.input ?? ''))?.[1]
      if (!name) return { code: 0, stdout: argv.join().includes('cat ') ? 'ask hops 3\n' : '', stderr: '' }
      log.push(`play ${name}`)
      return { code: await script(name), stdout: `said by ${name}`, stderr: '' }
    },
  },
)

const listener = { gone: vi.fn(), answers: vi.fn(), refused: vi.fn() }
function keeperOf() {
  const keeper = new Keeper({ labs, who: { event: 'home', participant: 'you' }, steps, places, listener })
  const states: Keeper['state'][] = []
  keeper.onChange(state => states.push(state))
  return { keeper, states }
}

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  for (const mock of Object.values(listener)) mock.mockClear()
  dir = mkdtempSync(join(tmpdir(), 'keeper-'))
  store = new Store(dir)
  places = store.places(store.participant('home', 'you'))
  there = null
  kept = []
  log = []
  seeds = 1
  clock = 1000
  script = async () => 0
})
afterEach(() => {
  store.close()
  rmSync(dir, { recursive: true })
  vi.restoreAllMocks()
})

describe('catching up', () => {
  it('keeps the server that is there, plays the steps before in their order, and ends at the step’s start', async () => {
    const { keeper, states } = keeperOf()
    await keeper.open(four)
    await keeper.reset(six, true)
    expect(log).toEqual(['keep 1', 'play 04-x', 'start 05-x', 'play 05-x', 'start 06-x'])
    expect(keeper.state).toMatchObject({
      state: 'open',
      lab: { seed: '2' },
      reached: [
        { step: '04-x', replayed: true },
        { step: '05-x', replayed: true },
        { step: '06-x', replayed: false },
      ],
    })
    expect(keeper.kept).toEqual([{ at: 1000, step: '04-x' }])
    const building = states.flatMap(one => (one.state === 'building' ? [one] : []))
    const phases = building.map(({ doing, step, part }) => [doing, step, part?.n].filter(Boolean).join(' '))
    expect([...new Set(phases)]).toEqual([
      ...['keeping', 'opening', 'solving 04-x', 'solving 04-x 1', 'starting 05-x'],
      ...['solving 05-x', 'solving 05-x 1', 'starting 06-x'],
    ])
    const percents = building.map(({ percent }) => percent)
    expect(percents).toEqual([...percents].sort((a, b) => a - b))
    expect(listener.answers).toHaveBeenCalledWith(four, expect.anything(), { ask: { hops: '3' } })
  })

  it('reckons with how long a solution took the last time', async () => {
    places.remember('04-x', 12_000)
    places.remember('05-x', 20_000)
    const { keeper, states } = keeperOf()
    await keeper.open(six)
    const first = states.find(one => one.state === 'building')
    expect(first).toMatchObject({ percent: 0, left: 37 })
    expect(places.took('04-x')).toBeLessThan(1000)
  })

  it('is one building, however often it is pressed', async () => {
    const { keeper } = keeperOf()
    await Promise.all([keeper.open(six), keeper.open(six), keeper.reset(six, true)])
    await keeper.open(five)
    expect(log.filter(line => line === 'play 04-x')).toHaveLength(1)
    expect(log.filter(line => line.startsWith('close') || line.startsWith('keep'))).toEqual([])
  })

  it('is given up on request, its script too, and the server of before is there again', async () => {
    const { keeper } = keeperOf()
    await keeper.open(four)
    const ended = Promise.withResolvers<number>()
    const close = labs.close
    vi.spyOn(labs, 'close').mockImplementation(async who => {
      await close(who)
      ended.resolve(137)
    })
    script = () => {
      queueMicrotask(() => keeper.cancel())
      return ended.promise
    }
    await keeper.reset(six, true)
    expect(keeper.state).toMatchObject({ state: 'open', lab: { seed: '1' }, reached: [{ step: '04-x' }] })
    expect(log).toEqual(
      ['keep 1', 'play 04-x', 'close 2', 'close -', 'restore 1'].filter(l => l !== 'close -'),
    )
    expect(places.begun()).toBeNull()
    expect(keeper.kept).toEqual([])
  })

  it('that is given up where nothing was before leaves nothing', async () => {
    const { keeper } = keeperOf()
    script = async () => {
      keeper.cancel()
      return 0
    }
    await keeper.open(six)
    expect(keeper.state).toEqual({ state: 'closed' })
  })

  it('keeps three at most: the oldest goes, with all that is known of it', async () => {
    const { keeper } = keeperOf()
    await keeper.open(four)
    for (let n = 0; n < 4; n++) await keeper.reset(four, true)
    expect(kept.map(({ seed }) => seed)).toEqual(['2', '3', '4'])
    expect(listener.gone.mock.calls).toEqual([['1']])
  })
})

describe('a solution that fails on the way', () => {
  beforeEach(() => {
    script = async name => (name === '05-x' ? 1 : 0)
  })

  it('is told with what it printed; the kept server is untouched, and one returns to it', async () => {
    const { keeper } = keeperOf()
    await keeper.open(four)
    await keeper.reset(six, true)
    expect(keeper.state).toEqual({
      state: 'unfinished',
      to: '06-x',
      why: 'failed',
      failure: { step: '05-x', output: 'said by 05-x' },
    })
    expect(keeper.kept).toEqual([{ at: 1000, step: '04-x' }])
    await keeper.return(1000)
    expect(keeper.state).toMatchObject({ state: 'open', lab: { seed: '1' } })
    // What was not finished is not worth keeping.
    expect(keeper.kept).toEqual([])
  })

  it('can be tried again, and does not take the kept server’s place', async () => {
    const { keeper } = keeperOf()
    await keeper.open(four)
    await keeper.reset(six, true)
    script = async () => 0
    await keeper.open(six)
    expect(keeper.state).toMatchObject({ state: 'open', lab: { seed: '3' } })
    expect(keeper.kept.map(({ at }) => at)).toEqual([1000])
  })
})

describe('after we were killed', () => {
  it('in the middle of a building, what is there is known to be unfinished', async () => {
    places.begin('06-x', '1')
    there = { ...aLab, seed: '2', step: '04-x' }
    kept = [{ ...aLab, seed: '1', step: '04-x', at: 900 }]
    const { keeper } = keeperOf()
    await keeper.refresh()
    expect(keeper.state).toEqual({ state: 'unfinished', to: '06-x', why: 'interrupted', failure: null })
    await keeper.return(900)
    expect(keeper.state).toMatchObject({ state: 'open', lab: { seed: '1' } })
    expect(log).toEqual(['close 2', 'restore 1'])
  })

  it('between keeping and opening, it is known too', async () => {
    places.begin('06-x', '1')
    kept = [{ ...aLab, seed: '1', step: '04-x', at: 900 }]
    const { keeper } = keeperOf()
    await keeper.refresh()
    expect(keeper.state.state).toBe('unfinished')
  })

  it('before anything was kept, the server is there as it was', async () => {
    places.begin('06-x', '1')
    there = { ...aLab, seed: '1', step: '04-x' }
    const { keeper } = keeperOf()
    await keeper.refresh()
    expect(keeper.state).toMatchObject({ state: 'open', lab: { seed: '1' } })
    expect(places.begun()).toBeNull()
  })
})

describe('the server that one has', () => {
  it('stays open where it could not be kept, and that is said', async () => {
    const { keeper } = keeperOf()
    await keeper.open(four)
    vi.spyOn(labs, 'keep').mockRejectedValueOnce(new LabError('full', 'no space left'))
    await keeper.reset(six, true)
    expect(keeper.state).toMatchObject({ state: 'open', lab: { seed: '1' } })
    expect(listener.refused).toHaveBeenCalledWith('full')
  })

  it('goes on to another step with its seed, once', async () => {
    const { keeper } = keeperOf()
    await keeper.open(four)
    await Promise.all([keeper.advance(five), keeper.advance(five)])
    expect(log).toEqual(['start 05-x'])
    expect(keeper.state).toMatchObject({
      state: 'open',
      lab: { seed: '1' },
      reached: [
        { step: '04-x', replayed: false },
        { step: '05-x', replayed: false },
      ],
    })
  })

  it('changes places with one that is kept', async () => {
    const { keeper } = keeperOf()
    await keeper.open(four)
    await keeper.reset(four, true)
    await keeper.return(1000)
    expect(keeper.state).toMatchObject({ lab: { seed: '1' } })
    expect(keeper.kept).toHaveLength(1)
    expect(kept.map(({ seed }) => seed)).toEqual(['2'])
    await keeper.return(12)
    expect(listener.refused).toHaveBeenCalledWith('not-kept')
  })
})
