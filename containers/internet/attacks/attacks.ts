/** Runs attacks: at their pace, within hard limits, each attempt written down and told to the mail log. */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Refused } from '../control.ts'
import type { MailLog } from '../mail-log.ts'
import { ATTACK_LIMITS, type AttackBody, type AttackKind, type AttackState } from './api.ts'
import { attempt, type Outcome, type Plan } from './attempt.ts'
import { markIn, newMark } from './letters.ts'
import { plan, planned } from './plans.ts'
import type { Found } from './where.ts'
import { attackReason } from './words.ts'

const PACE = 5
const AT_ONCE = 4
const TRANSCRIPT = 20_000
const MARKS = 5000
/** What the two spammers call themselves: a server of sorts, and somebody's computer at home that was broken into. */
const HELO = { pourriel: 'mx.pourriel.test', pourriel2: 'pc-salon' } as const

interface Running {
  state: AttackState
  stop: AbortController
  /** What the dialogues in the transcript were like, so that only others are added. */
  seen: Set<string>
}

export interface Attacks {
  start(body: AttackBody): AttackState
  state(id: string): AttackState
  stop(id: string): AttackState
  /** Of which kind of attack a message is that turned up somewhere; null if it is none of ours. */
  kindOf(source: string): AttackKind | null
}

export interface Ground {
  /** Where the servers that are meant are found; `port` only where they listen elsewhere than they should. */
  locate(at: Plan['at'], family: 4 | 6): Promise<(Found & { port?: number }) | string>
  /** Addresses from which the spammers come. */
  from(spammer: 'pourriel' | 'pourriel2'): { ipv4: string; ipv6: string }
  /** Domains that tell the log themselves what they were brought. */
  providers: ReadonlySet<string>
}

export function openAttacks({ locate, from, providers }: Ground, mail: MailLog): Attacks {
  const all = new Map<string, Running>()
  const marks = new Map<string, AttackKind>()

  function find(id: string): Running {
    const found = all.get(id)
    if (found === undefined) throw new Refused(404, `there is no attack ${id}`)
    return found
  }

  function newMessage(kind: AttackKind): string {
    const mark = newMark()
    marks.set(mark, kind)
    const [oldest] = marks.keys()
    if (marks.size > MARKS && oldest !== undefined) marks.delete(oldest)
    return mark
  }

  function note({ state, seen }: Running, body: AttackBody, one: Plan, outcome: Outcome): void {
    const { transcript, tls, ...rest } = outcome
    const { envelope, login } = one
    state.attempts.push({ at: Date.now(), envelope, ...(login ? { login } : {}), ...rest })
    state[rest.fate]++
    const like = `${rest.stage} ${rest.fate} ${rest.code}`
    if (!seen.has(like) && state.transcript.length + transcript.length < TRANSCRIPT) {
      seen.add(like)
      state.transcript += `${state.transcript && '\n\n'}${transcript}`
    }
    const domain = 'mx' in one.at ? one.at.mx : one.at.domain
    // A provider tells itself what it was brought.
    if (providers.has(domain)) return
    mail.add({
      from: 'pourriel.test',
      to: domain,
      envelope: { from: envelope.from, to: [envelope.to] },
      size: rest.stage === 'END' ? Buffer.byteLength(one.source ?? '') : 0,
      fate: rest.fate === 'accepted' ? 'inbox' : rest.fate === 'deferred' ? 'deferred' : 'refused',
      code: rest.code,
      reply: rest.reply,
      tls,
      reasons: [attackReason(body.kind)],
      transcript,
    })
  }

  async function run(running: Running, body: AttackBody): Promise<void> {
    const { state, stop } = running
    const spammer = body.from ?? 'pourriel'
    const places = new Map<string, ReturnType<typeof locate>>()
    const place = (at: Plan['at']) => {
      const key = JSON.stringify(at)
      const known = places.get(key) ?? locate(at, body.family ?? 4)
      places.set(key, known)
      return known
    }
    async function one(number: number): Promise<void> {
      const wanted = plan(body, number, newMessage(body.kind))
      const where = await place(wanted.at).catch((error: Error) => error.message)
      const outcome: Outcome =
        typeof where === 'string'
          ? {
              fate: 'unanswered',
              code: 0,
              reply: where,
              stage: 'CONNECT',
              server: where,
              transcript: `-- ${where}`,
              tls: false,
            }
          : await attempt(wanted, { port: wanted.port, ...where, from: from(spammer) }, HELO[spammer])
      note(running, body, wanted, outcome)
    }
    const under = new Set<Promise<void>>()
    const began = Date.now()
    for (let number = 0; number < state.planned && !stop.signal.aborted; number++) {
      const due = began + (number * 1000) / (body.pace ?? PACE)
      await delay(Math.max(0, due - Date.now()), undefined, { signal: stop.signal }).catch(() => {})
      if (stop.signal.aborted) break
      const work = one(number).finally(() => under.delete(work))
      under.add(work)
      if (under.size >= AT_ONCE) await Promise.race(under)
    }
    await Promise.all(under)
  }

  return {
    start(body) {
      const busy = [...all.values()].filter(({ state }) => state.state === 'running').length
      if (busy >= ATTACK_LIMITS.running) throw new Refused(503, 'the spammers have their hands full')
      let attempts = [...all.values()].reduce((sum, { state }) => sum + state.planned, planned(body))
      for (const [id, { state }] of all) {
        if (attempts <= ATTACK_LIMITS.remembered) break
        if (state.state === 'running') continue
        all.delete(id)
        attempts -= state.planned
      }
      const state: AttackState = {
        id: randomUUID(),
        kind: body.kind,
        state: 'running',
        startedAt: Date.now(),
        planned: planned(body),
        ...{ accepted: 0, refused: 0, deferred: 0, unanswered: 0 },
        attempts: [],
        transcript: '',
      }
      const running: Running = { state, stop: new AbortController(), seen: new Set() }
      all.set(state.id, running)
      const timer = setTimeout(() => running.stop.abort(), ATTACK_LIMITS.seconds * 1000)
      run(running, body)
        .catch((error: Error) => {
          console.error(`attack ${body.kind}:`, error)
          running.stop.abort()
        })
        .finally(() => {
          clearTimeout(timer)
          state.state = state.attempts.length < state.planned ? 'stopped' : 'done'
          state.endedAt = Date.now()
        })
      return state
    },
    state: id => find(id).state,
    stop(id) {
      const { state, stop } = find(id)
      stop.abort()
      // What is under way still is noted; nothing new begins.
      if (state.state === 'running') Object.assign(state, { state: 'stopped', endedAt: Date.now() })
      return state
    },
    kindOf: source => marks.get(markIn(source) ?? '') ?? null,
  }
}
