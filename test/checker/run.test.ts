import { afterEach, describe, expect, it, vi } from 'vitest'
import { ours } from '../../checker/probes/faults.ts'
import { runChecks } from '../../checker/run.ts'
import type { Check } from '../../checker/step.ts'
import { fail, pass, type Verdict } from '../../checker/verdict.ts'
import { LabError, type Labs } from '../../containers/types.ts'
import { closeAll, lab, labsOf, serverThat } from './lab.ts'

afterEach(closeAll)

const text = (en: string) => ({ en, fr: `${en} (fr)` })
const fine = pass(text('fine'))

function stepOf(checks: Record<string, Check>) {
  const task = { title: text('t'), goal: text('g'), hints: [text('h'), text('i')], solution: text('s') }
  const tasks = Object.keys(checks).map(id => ({ id, ...task }))
  return {
    lab: { title: text('t'), summary: text('s'), minutes: 10, machines: ['server' as const], tasks },
    checks,
  }
}

const run = (checks: Record<string, Check>, labs = labsOf({}), options = {}) =>
  runChecks(stepOf(checks), labs, lab, options)

/** The verdict of the only check. */
async function verdictOf(check: Check, labs?: Labs, options = {}): Promise<Verdict> {
  const [result] = await run({ one: check }, labs, options)
  if (!result) throw new Error('no verdict')
  return result.verdict
}

const ask25: Check = async ({ smtp }) => {
  await smtp.session({ port: 25, tls: 'none' }, async () => {})
  return fine
}

describe('a run of checks', () => {
  it('gives a verdict for each task and tells each as it falls', async () => {
    const heard = vi.fn()
    const broken = fail('not-a-maildir', text('a Maildir'), text('an mbox'))
    const results = await run({ one: async () => fine, two: async () => broken }, undefined, {
      onVerdict: heard,
    })
    expect(results.map(({ task, verdict }) => [task, verdict])).toEqual([
      ['one', fine],
      ['two', broken],
    ])
    expect(heard).toHaveBeenCalledTimes(2)
  })

  it('takes the tasks that were asked for, and lets no listener spoil it', async () => {
    const onVerdict = () => {
      throw new Error('listener')
    }
    const results = await run({ one: async () => fine, two: ask25 }, undefined, { tasks: ['one'], onVerdict })
    expect(results.map(({ task }) => task)).toEqual(['one'])
  })

  it('runs them side by side', async () => {
    const both = Promise.withResolvers<void>()
    let waiting = 0
    const meet: Check = async () => {
      waiting += 1
      if (waiting === 2) both.resolve()
      await both.promise
      return fine
    }
    const results = await run({ one: meet, two: meet })
    expect(results.map(({ verdict }) => verdict.status)).toEqual(['pass', 'pass'])
  })

  it('gives each run canaries of its own', async () => {
    const seen: string[] = []
    const check: Check = async probes => {
      seen.push(probes.canary(), probes.canary())
      return fine
    }
    await verdictOf(check)
    await verdictOf(check)
    expect(new Set(seen).size).toBe(4)
    for (const canary of seen) expect(canary).toMatch(/^canary-[0-9a-f]{16}$/)
  })
})

describe('trouble', () => {
  it('of the learner’s server is a fail with the kind as its code', async () => {
    expect(await verdictOf(ask25)).toMatchInlineSnapshot(`
      {
        "code": "refused",
        "expected": {
          "en": "mail.you.test answers on port 25.",
          "fr": "mail.you.test répond sur le port 25.",
        },
        "next": {
          "en": "On the server, \`ss -ltnp 'sport = :25'\` shows who listens, and /var/log/mail.log what it says.",
          "fr": "Sur le serveur, \`ss -ltnp 'sport = :25'\` montre qui écoute, et /var/log/mail.log ce qu’il en dit.",
        },
        "observed": {
          "en": "Nothing listens on port 25: the connection was refused.",
          "fr": "Rien n’écoute sur le port 25 : la connexion a été refusée.",
        },
        "status": "fail",
      }
    `)
    const cut = await verdictOf(ask25, labsOf({ 25: await serverThat(socket => socket.end('220 hi\r\n')) }))
    expect(cut).toMatchObject({
      status: 'fail',
      code: 'closed',
      transcript: 'S: 220 hi\nC: EHLO mx.grosmail.test',
    })
  })

  it('of our own is an error, never a fail', async () => {
    const verdicts = [
      await verdictOf(ask25, labsOf({ 25: new LabError('unreachable', 'connect ENOENT docker.sock') })),
      await verdictOf(async () => {
        throw ours('the internet is gone')
      }),
      await verdictOf(async () => {
        throw new TypeError('x is not a function')
      }),
      await verdictOf(async () => undefined as unknown as Verdict),
      await verdictOf(() => {
        throw 'nothing sensible'
      }),
      await verdictOf(
        ({ dns }) => dns.resolve('you.test', 'MX').then(() => fine),
        labsOf({}, { internet: () => Promise.reject(new LabError('gone', 'no such container')) }),
      ),
    ]
    expect(verdicts.map(verdict => (verdict.status === 'error' ? verdict.detail : verdict))).toEqual([
      'connect ENOENT docker.sock',
      'the internet is gone',
      'TypeError: x is not a function',
      'the check gave no verdict but undefined',
      'nothing sensible',
      'no such container',
    ])
  })

  it('is not charged to a learner whose machine or engine is away', async () => {
    const off = await verdictOf(ask25, labsOf({}, { find: async () => ({ ...lab, running: false }) }))
    expect(off).toMatchObject({ status: 'error', detail: 'mail.you.test is not running' })
    const gone = await verdictOf(
      ask25,
      labsOf({}, { find: () => Promise.reject(new LabError('unreachable', 'gone')) }),
    )
    expect(gone).toMatchObject({ status: 'error', detail: 'gone' })
  })
})

describe('the budget of a check', () => {
  it('ends a check that does not end', async () => {
    const verdict = await verdictOf(() => new Promise(() => {}), undefined, { budgetMs: 100 })
    expect(verdict).toMatchObject({ status: 'error', detail: 'no verdict within 100 ms' })
  })

  it('used up on a server that hung is the server’s timeout', { timeout: 10_000 }, async () => {
    const labs = labsOf({ 25: await serverThat(() => {}) })
    const verdict = await verdictOf(ask25, labs, { budgetMs: 3500 })
    expect(verdict).toMatchObject({ status: 'fail', code: 'timeout' })
  })

  it('used up elsewhere is not charged to the server that was asked last', async () => {
    const labs = labsOf({ 25: await serverThat(() => {}) })
    expect(await verdictOf(ask25, labs, { budgetMs: 300 })).toMatchObject({ status: 'error' })
  })

  it('lets a check that waits for something say that it did not come', async () => {
    const late = fail('not-delivered', text('mail'), text('none'))
    const check: Check = async ({ until }) => (await until(async () => null)) ?? late
    expect(await verdictOf(check, undefined, { budgetMs: 300 })).toEqual(late)
  })

  it('ends with the run', async () => {
    const stop = new AbortController()
    const labs = labsOf({ 25: await serverThat(() => stop.abort()) })
    expect(await verdictOf(ask25, labs, { signal: stop.signal })).toMatchObject({
      status: 'error',
      detail: 'aborted',
    })
    expect(await verdictOf(ask25, labs, { signal: AbortSignal.abort() })).toMatchObject({ detail: 'aborted' })
  })
})

it('shows no control characters and no endless text, whatever a server said', async () => {
  const hostile = `\u001b]0;title\u0007\u001b[31m\u202ered\u0000\r\n${'x'.repeat(100_000)}`
  const verdict = await verdictOf(async () =>
    fail('odd', text('x'), { en: hostile, fr: hostile }, { transcript: hostile }),
  )
  if (verdict.status !== 'fail') throw new Error(verdict.status)
  expect(verdict.observed.fr.slice(0, 8)).toBe('red\nxxxx')
  expect(verdict.observed.en).toHaveLength(1000)
  expect(verdict.transcript).toHaveLength(4096)
})
