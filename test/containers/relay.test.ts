/** The gateway's queue and accounts, without a lab: what is taken is delivered, or its sender hears of it. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { SendAnswer } from '../../containers/internet/api.ts'
import { openAccounts } from '../../containers/internet/relay/accounts.ts'
import { Intake } from '../../containers/internet/relay/collect.ts'
import { HourlyLimit } from '../../containers/internet/relay/limits.ts'
import { type Hand, openQueue, QUEUE_LIMITS } from '../../containers/internet/relay/queue.ts'

const folder = mkdtempSync(join(tmpdir(), 'ten-steps-relay-'))
afterAll(() => rmSync(folder, { recursive: true }))
let count = 0
const directory = () => join(folder, `${++count}`)

const pace = { triesMs: [0, 20, 20], most: 4, perDomain: 1 }
const answer = (code: number, reply = `${code} x`): SendAnswer => ({
  ...{ accepted: code === 250, code, reply, transcript: '' },
  secured: { by: 'none', host: '', tls: '', valid: false },
})
/** Answers with these codes, then with 250; writes down what it was handed. */
function far(codes: number[]) {
  const handed: Parameters<Hand>[0][] = []
  const hand: Hand = async item => {
    handed.push(item)
    const code = codes.shift() ?? 250
    return answer(code, code === 550 ? '550 5.1.1 nobody here' : `${code} x`)
  }
  return { handed, hand }
}
const source = Buffer.from('Subject: one\r\nFrom: a@you.test\r\n\r\nsecret text\r\n')

describe('the queue', () => {
  it('delivers to each recipient, and keeps nothing of it', async () => {
    const { handed, hand } = far([])
    const where = directory()
    const queue = await openQueue(where, hand, pace)
    await queue.add('you.test', 'a@you.test', ['b@grosmail.test', 'c@agrume.test'], source)
    await expect.poll(() => queue.size()).toBe(0)
    expect(handed.map(({ to }) => to).sort()).toEqual(['b@grosmail.test', 'c@agrume.test'])
    expect(handed[0]?.source).toEqual(source)
    await expect.poll(() => readdirSync(where)).toEqual([])
  })

  it('tries again after «later» and after silence', async () => {
    const { handed, hand } = far([451, 0])
    const queue = await openQueue(directory(), hand, pace)
    await queue.add('you.test', 'a@you.test', ['b@copine.test'], source)
    await expect.poll(() => queue.size()).toBe(0)
    expect(handed).toHaveLength(3)
  })

  it.each([
    ['refused', [550], /550 5\.1\.1 nobody here/, /Status: 5\.1\.1/],
    ['put off for too long', [451, 451, 451], /451 x/, /Status: 4\.4\.7/],
  ])('tells the sender what was %s, with the headers and not the text', async (_, codes, reply, status) => {
    const { handed, hand } = far([...codes])
    const queue = await openQueue(directory(), hand, pace)
    await queue.add('you.test', 'a@you.test', ['b@copine.test'], source)
    await expect.poll(() => queue.size()).toBe(0)
    const bounce = handed.at(-1)
    expect(bounce).toMatchObject({ from: '', to: 'a@you.test' })
    const text = bounce?.source.toString() ?? ''
    expect(text).toMatch(reply)
    expect(text).toMatch(status)
    expect(text).toContain('Subject: one')
    expect(text).not.toContain('secret text')
  })

  it('tells nobody of a bounce that is refused', async () => {
    const { handed, hand } = far([550, 550])
    const queue = await openQueue(directory(), hand, pace)
    await queue.add('you.test', 'a@you.test', ['b@copine.test'], source)
    await expect.poll(() => queue.size()).toBe(0)
    expect(handed).toHaveLength(2)
  })

  it('goes on after a kill with what it had', async () => {
    const where = directory()
    const dead = await openQueue(where, () => new Promise(() => {}), pace)
    await dead.add('you.test', 'a@you.test', ['b@grosmail.test'], source)
    const { handed, hand } = far([])
    const queue = await openQueue(where, hand, pace)
    await expect.poll(() => queue.size()).toBe(0)
    expect(handed.map(({ to }) => to)).toEqual(['b@grosmail.test'])
  })

  it('is bounded for each participant, and forgets one who goes', async () => {
    const queue = await openQueue(directory(), async () => answer(451), { ...pace, triesMs: [0, 60_000] })
    const many = Array.from({ length: QUEUE_LIMITS.itemsOfOne }, (_, i) => `b${i}@slow.test`)
    expect(queue.fits('you.test', many.length, 100)).toBe(true)
    await queue.add('you.test', 'a@you.test', many, source)
    expect(queue.fits('you.test', 1, 100)).toBe(false)
    expect(queue.fits('ada.test', 1, 100)).toBe(true)
    expect(queue.fits('ada.test', 1, QUEUE_LIMITS.bytesOfOne + 1)).toBe(false)
    await queue.drop('you.test')
    expect(queue.size()).toBe(0)
  })
})

describe('what comes in', () => {
  async function* pieces(count: number, between: Promise<unknown> = Promise.resolve()) {
    for (let i = 0; i < count; i++) yield Buffer.alloc(10, `${i}`)
    await between
  }

  it('is taken whole up to a size, and never more of it at once than there is room for', async () => {
    const intake = new Intake(30, 50)
    expect(await intake.collect(pieces(3))).toHaveLength(30)
    expect(await intake.collect(pieces(4))).toBe('too-large')
    const { promise, resolve } = Promise.withResolvers<void>()
    const waiting = intake.collect(pieces(3, promise))
    await new Promise(done => setImmediate(done))
    expect(await intake.collect(pieces(3))).toBe('busy')
    resolve()
    expect(await waiting).toHaveLength(30)
    expect(await intake.collect(pieces(3))).toHaveLength(30)
  })
})

describe('an account', () => {
  it('opens with its own password, after a restart too, and not when its domain is gone', async () => {
    const file = join(folder, 'accounts.json')
    const accounts = await openAccounts(file)
    await accounts.put('you.test', 'a-password-of-many-letters')
    const again = await openAccounts(file)
    expect(again.check('you@relais.test', 'a-password-of-many-letters')).toBe('you.test')
    expect(again.check('You@Relais.test', 'a-password-of-many-letters')).toBe('you.test')
    expect(again.check('you@relais.test', 'another')).toBeNull()
    expect(again.check('ada@relais.test', 'a-password-of-many-letters')).toBeNull()
    expect(again.check('you', 'a-password-of-many-letters')).toBeNull()
    await again.remove('you.test')
    expect(again.check('you@relais.test', 'a-password-of-many-letters')).toBeNull()
  })

  it('has room for so many recipients an hour, and again when the hour is over', () => {
    let now = 0
    const limit = new HourlyLimit(3, () => now)
    limit.count('you.test', 3)
    now = 20 * 60_000
    expect(limit.waitFor('you.test', 1)).toBe(40)
    expect(limit.waitFor('ada.test', 3)).toBe(0)
    now = 60 * 60_000 + 1
    expect(limit.waitFor('you.test', 3)).toBe(0)
  })
})
