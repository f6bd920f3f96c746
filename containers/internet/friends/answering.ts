/**
 * Sends friends' answers, as mail leaves a provider: a moment after the message came, again after a while when the
 * other side says «later». Whatever answers back automatically without saying so gets few of them: after a handful
 * to one correspondent there is silence until an hour without mail has passed, so a loop ends and stays ended.
 */
import type { SendAnswer, SendBody, Verdict } from '../api.ts'
import type { Provider } from '../providers/provider.ts'
import type { Envelope } from '../providers/store.ts'
import { type Answer, answerTo } from './answer.ts'
import { friendAt } from './friends.ts'
import { isMember, type Members } from './members.ts'

export interface Pace {
  /** Before the first try, and after each «later». */
  triesMs: readonly number[]
  /** Answers to one correspondent from one friend, until there was silence for so long. */
  perCorrespondent: number
  silenceMs: number
  /** Answers under way at once; beyond it people are busy. */
  most: number
}

const PACE: Pace = {
  // A greylist opens after minutes (RFC 6647, 5).
  triesMs: [2000, 30_000, 90_000, 300_000],
  perCorrespondent: 5,
  silenceMs: 3600_000,
  most: 100,
}
const REMEMBERED = 5000

export interface PeopleWhoAnswer {
  /** A message reached somebody; returns at once and never throws. */
  reached(provider: Provider, name: string, envelope: Envelope, source: Buffer, verdict: Verdict): void
}

export function openFriends(
  send: (provider: Provider, body: SendBody) => Promise<SendAnswer>,
  members: Members,
  pace: Pace = PACE,
): PeopleWhoAnswer {
  let underWay = 0
  const counts = new Map<string, { answers: number; last: number }>()

  /** Whether one more answer to this correspondent is no loop yet; counts it. */
  function mayAnswer(pair: string): boolean {
    const now = Date.now()
    const known = counts.get(pair)
    const count = known === undefined || now - known.last > pace.silenceMs ? { answers: 0, last: now } : known
    // Each message keeps the memory awake, answered or not: a loop that goes on never gets a fresh count.
    count.last = now
    counts.delete(pair)
    counts.set(pair, count)
    const [oldest] = counts.keys()
    if (counts.size > REMEMBERED && oldest !== undefined) counts.delete(oldest)
    if (count.answers >= pace.perCorrespondent) return false
    count.answers++
    return true
  }

  async function deliver(provider: Provider, { from, to, source }: Answer): Promise<void> {
    for (const wait of pace.triesMs) {
      await new Promise(resolve => setTimeout(resolve, wait))
      const result = await send(provider, { from, to, source: source.toString('base64') })
      // 5xx is final (RFC 5321, 4.2.1); no dialogue at all may be a server that is being restarted.
      if (result.accepted || result.code >= 500) return
    }
  }

  async function answer(provider: Provider, name: string, envelope: Envelope, source: Buffer): Promise<void> {
    const friend = friendAt(provider.domain, name)
    if (friend === undefined) {
      const confirmation = await members.confirm(`${name}@${provider.domain}`, source)
      if (confirmation !== null) await deliver(provider, confirmation)
      return
    }
    const written = await answerTo(friend, envelope, source)
    if (typeof written === 'string') return
    if (!mayAnswer(`${name}@${provider.domain} ${written.correspondent}`)) return
    await deliver(provider, written.answer)
  }

  return {
    reached(provider, name, envelope, source, verdict) {
      // Nobody answers what they don't see.
      if (verdict.fate !== 'inbox' || underWay >= pace.most) return
      if (friendAt(provider.domain, name) === undefined && !isMember(name)) return
      underWay++
      answer(provider, name, envelope, source)
        .catch((error: Error) => console.error(`${name}@${provider.domain} did not answer: ${error.message}`))
        .finally(() => {
          underWay--
        })
    },
  }
}
