/** The proof of every step, one test a line; see labs.ts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSteps } from '../checker/steps.ts'
import { Engine } from '../containers/docker.ts'
import { ensureImages } from '../containers/images.ts'
import { createLabs } from '../containers/lab.ts'
import { timesOf } from '../site/bin/verify-report.ts'
import { type Enacted, jobsFor, prove } from './labs.ts'
import { gaps, keyOf, type Proof, type Proved, planAll } from './proofs.ts'

const ALL_MS = 45 * 60_000

const { steps, problems } = await loadSteps()
const scenarios = planAll(steps, steps)
const proofs = scenarios.flatMap(scenario => scenario.proofs)

const awaited = new Map(proofs.map(proof => [keyOf(proof), Promise.withResolvers<Proved>()]))
for (const { promise } of awaited.values()) promise.catch(() => {})

const stop = new AbortController()
const enacted: Enacted[] = []
let running: Promise<void> = Promise.resolve()

beforeAll(async () => {
  const engine = await Engine.connect()
  if (!engine) throw new Error('no Docker engine answers; `npm run doctor` tells why')
  const images = await ensureImages(engine)
  const labs = createLabs({ engine, images, instance: 'proof' })
  const onProof = (proved: Proved) => awaited.get(keyOf(proved))?.resolve(proved)
  const onScenario = (one: Enacted) => enacted.push(one)
  const jobs = jobsFor(await engine.machine())
  running = prove(scenarios, { labs, jobs, signal: stop.signal, onProof, onScenario }).then(
    () => {
      if (enacted.length) console.log(`${jobs} labs at a time\n${timesOf(enacted)}`)
    },
    error => {
      for (const { reject } of awaited.values()) reject(error)
    },
  )
}, ALL_MS)

afterAll(async () => {
  stop.abort()
  await running
}, 60_000)

describe('the step folders', () => {
  it('hold no mistakes', () => {
    expect(problems.map(problem => problem.message)).toEqual([])
  })
  it('hold a solution, two right ways and three wrong ones for each task', () => {
    expect(steps.flatMap(gaps)).toEqual([])
  })
})

const sentence = ({ kind, script, task, expects }: Proof): string => {
  if (kind === 'start') return `${task} is not solved at the start`
  if (kind === 'wrong') return `${task} fails with ${expects} after ${script}`
  return `${task} passes after ${script}`
}

describe.each(steps.map(step => step.id))('%s', id => {
  it.each(proofs.filter(proof => proof.step === id).map(proof => [sentence(proof), proof] as const))(
    '%s',
    async (_, proof) => {
      const proved = await awaited.get(keyOf(proof))?.promise
      expect(proved?.ok, `${proved?.got}: ${proved?.why}`).toBe(true)
    },
    ALL_MS,
  )
})
