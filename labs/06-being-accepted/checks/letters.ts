/** Mail that members write to the providers, through the learner's own submission service, and what became of it. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { MailEvent, MailProvider, Probes } from '../../../checker/probes/types.ts'
import { type Fail, fail, failed } from '../../05-fifty-users/checks/say.ts'
import type { Person } from '../../05-fifty-users/start/accounts.ts'

export const ARRIVAL_MS = 15_000

export interface Letters {
  provider: MailProvider
  /** In each letter's subject and text. */
  canary: string
  from: string
  /** When it was sent, in milliseconds since the epoch. */
  began: number
  /** The recipients, one a letter. */
  to: string[]
  /** What the provider did with each letter that it has seen, its last word on it. */
  events: MailEvent[]
  /** Letters of which nobody has heard within the budget. */
  missing: string[]
}

/**
 * Sends so many letters in one session on port 465, each to a recipient of its own, and waits until the provider has
 * decided on each, or time is up. A `Fail` if the learner's own server doesn't take them.
 */
export async function memberWrites(
  probes: Probes,
  person: Person,
  provider: MailProvider,
  {
    count = 1,
    sessions = 1,
    waitMs = ARRIVAL_MS,
    until = () => false,
  }: {
    count?: number
    /** Over so many connections at once. */
    sessions?: number
    waitMs?: number
    /** An event after which nothing more has to be waited for. */
    until?: (event: MailEvent) => boolean
  } = {},
): Promise<Letters | Fail> {
  const canary = probes.canary()
  const from = `${person.login}@${probes.lab.domain}`
  const to = Array.from({ length: count }, (_, i) => `reader-${canary.slice(-8)}-${i}@${provider}.test`)
  const began = Date.now()
  const parts = Array.from({ length: sessions }, (_, i) => to.filter((_, at) => at % sessions === i))
  const handed = await Promise.all(parts.map(part => hand(probes, person, { canary, from, to: part })))
  const refused = handed.find(one => one !== null)
  if (refused) return refused

  const mine = new Set(to)
  let events: MailEvent[] = []
  const decided = () => new Set(events.flatMap(event => event.envelope.to))
  await probes.until(async () => {
    const all = await probes.providers[provider].attempts(began - 60_000)
    const atTheDoor = (event: MailEvent) =>
      event.envelope.to.length === 0 && event.envelope.from === from && event.at >= began
    events = all.filter(event => event.envelope.to.some(one => mine.has(one)) || atTheDoor(event))
    const turnedAway = events.filter(atTheDoor).length
    const enough = all.some(event => event.at >= began && until(event))
    return enough || decided().size + turnedAway >= count ? true : null
  }, waitMs)
  // What a provider refuses comes back to the member, who shall not find our letters.
  if (events.some(({ fate }) => fate === 'refused'))
    await probes.imap.remove(mailboxOf(person), canary).catch(() => 0)
  return { provider, canary, from, began, to, events, missing: to.filter(one => !decided().has(one)) }
}

const COUNT = 8
const ROUNDS = 4
const APART_MS = 2500

/**
 * Letters in several rounds, until `enough` is known from what became of them. Postfix chooses by chance between IPv4 and
 * IPv6, and sends several letters over one connection, which it keeps for two seconds: with so many, some connections
 * apart, each family that it uses is seen.
 */
export async function memberWritesUntil(
  probes: Probes,
  person: Person,
  provider: MailProvider,
  enough: (events: MailEvent[]) => boolean,
): Promise<Letters | Fail> {
  const rounds: Letters[] = []
  const all = () => rounds.flatMap(({ events }) => events)
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) await sleep(APART_MS)
    const letters = await memberWrites(probes, person, provider, { count: COUNT })
    if (isFail(letters)) return letters
    rounds.push(letters)
    if (all().length === 0 || enough(all())) break
  }
  const [first] = rounds
  if (!first) throw new TypeError('no round of letters')
  const to = rounds.flatMap(letters => letters.to)
  return { ...first, to, events: all(), missing: rounds.flatMap(({ missing }) => missing) }
}

export const isFail = (result: Letters | Fail): result is Fail => 'status' in result

export const mailboxOf = ({ login, password }: Person) =>
  ({ port: 993, tls: 'implicit', user: login, password }) as const

/** Hands letters to the learner's server, and waits for nothing. */
export async function hand(
  probes: Probes,
  { login, password }: Person,
  { canary, from, to }: { canary: string; from: string; to: string[] },
): Promise<Fail | null> {
  const talk = { port: 465, tls: 'implicit' } as const
  try {
    return await probes.smtp.session(talk, async session => {
      const answer = await session.login(login, password)
      if (answer.code !== 235) return notTaken(login, `${answer.code} ${answer.text}`, session.transcript)
      for (const [i, one] of to.entries()) {
        const message = [
          `Message-ID: <${canary}.${i}@${probes.lab.domain}>`,
          `From: <${from}>`,
          `To: <${one}>`,
          `Subject: ${canary}`,
          `Date: ${new Date().toUTCString()}`,
          '',
          `Good morning. ${canary}`,
          '',
        ].join('\n')
        const sent = await session.send({ from, to: [one] }, message)
        if (sent.at !== 'END' || sent.code !== 250)
          return notTaken(login, `${sent.code} ${sent.enhanced} ${sent.text}`, session.transcript)
      }
      return null
    })
  } catch (error) {
    return failed(error, 'no-465')
  }
}

const notTaken = (login: string, reply: string, transcript: string): Fail =>
  fail('not-taken', {
    expected: {
      en: `${login}, a member since step 5, logs in on port 465 with the password of /root/accounts.csv and sends.`,
      fr: `${login}, membre depuis l’étape 5, se connecte au port 465 avec le mot de passe de /root/accounts.csv et envoie.`,
    },
    observed: { en: `Your server answered: ${reply}`, fr: `Votre serveur a répondu : ${reply}` },
    next: {
      en: 'Something that worked at the end of step 5 was changed: `tail /var/log/mail.log` says what.',
      fr: 'Quelque chose qui marchait à la fin de l’étape 5 a changé : `tail /var/log/mail.log` dit quoi.',
    },
    transcript,
  })

/** Nothing came to the provider: the letter waits in the queue, or never left. */
export const notArrived = (provider: MailProvider, to: readonly string[]): Fail =>
  fail('not-arrived', {
    expected: {
      en: `What a member sends reaches ${provider}.test within seconds.`,
      fr: `Ce qu’envoie un membre atteint ${provider}.test en quelques secondes.`,
    },
    observed: {
      en: `Your server took the letter to ${to[0]}, and ${provider}.test has not heard of it.`,
      fr: `Votre serveur a pris la lettre pour ${to[0]}, et ${provider}.test n’en a rien su.`,
    },
    next: {
      en: '`mailq` says why it waits. See too whether what looks at mail on its way runs: `service opendkim status`, or what you have in its place.',
      fr: '`mailq` dit pourquoi elle attend. Voyez aussi si ce qui examine le courrier au passage tourne : `service opendkim status`, ou ce que vous avez à la place.',
    },
  })

/** What the provider said, for the sentence and for the transcript. */
export const told = (event: MailEvent): string => event.reply.replace(/\s+/g, ' ').slice(0, 240)

/** From which address of the learner's it came: the provider greets it by it. */
export const sourceOf = (event: MailEvent): string =>
  /greets \[([0-9a-f.:]+)\]/i.exec(event.transcript)?.[1] ?? '?'
