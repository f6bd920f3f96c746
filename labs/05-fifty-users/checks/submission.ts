import type { Probes } from '../../../checker/probes/types.ts'
import type { Check } from '../../../checker/step.ts'
import { accountsOf, type Person } from '../start/accounts.ts'
import { castOf } from '../start/cast.ts'
import { forget, logOf, queueId } from './copies.ts'
import { type Fail, failed, trouble } from './say.ts'
import * as say from './submission-words.ts'
import { wrongPassword } from './wrong-password.ts'

const ARRIVAL_MS = 8000

export type Door = { port: 465 | 587; tls: 'starttls' | 'implicit' }
export const DOORS: readonly Door[] = [
  { port: 587, tls: 'starttls' },
  { port: 465, tls: 'implicit' },
]

/** Who logs in under TLS may send to the world, by both doors; nobody else, and never a password in clear. */
export const submission: Check = async probes => {
  const { twice } = accountsOf(probes.lab)
  const { honest: people } = castOf(probes.lab)
  const person = people[Number.parseInt(probes.canary().slice(-6), 16) % people.length] ?? twice

  // A wrong password is answered late on purpose, so it is asked first and heard last.
  const wrong = wrongLogin(probes, people[0] ?? twice)
  wrong.catch(() => {})
  const looks = [
    ...DOORS.map(door => sendThrough(probes, door, person)),
    clearOn587(probes, person),
    authOn25(probes),
    ...DOORS.map(door => strangerThrough(probes, door)),
  ]
  for (const look of looks) look.catch(() => {})
  for (const look of looks) {
    const found = await look
    if (found) return found
  }
  return (await wrong) ?? say.allWell(person.login)
}

/** What each look gives: null if it is as it should be. */
type Look = Promise<Fail | null>

/** Trouble at the door itself, under a name that says which door. */
export async function through<T>(door: Door, look: Promise<T>): Promise<T | Fail> {
  try {
    return await look
  } catch (error) {
    if (trouble(error)?.kind === 'refused') return failed(error, `no-${door.port}`, say.doorIsShut(door))
    if (trouble(error)?.kind === 'tls') return failed(error, 'no-tls', say.doorWithoutTls(door))
    if (trouble(error)) return failed(error, 'no-answer', say.doorHangsUp)
    throw error
  }
}

async function sendThrough(probes: Probes, door: Door, { login, password }: Person): Look {
  const canary = probes.canary()
  const to = `someone-${canary.slice(-8)}@grosmail.test`
  const from = `${login}@${probes.lab.domain}`
  const message = `Message-ID: <${canary}@${probes.lab.domain}>\nFrom: <${from}>\nTo: <${to}>\nSubject: ${canary}\nDate: ${new Date().toUTCString()}\n\nSent through ${door.port}.\n`
  let taken = ''
  const refused = await through(
    door,
    probes.smtp.session(door, async session => {
      if (!session.mechanisms.length) return say.noAuth(door, session.transcript)
      const answer = await session.login(login, password)
      if (answer.code !== 235) return say.loginRefused(door, login, answer, session.transcript)
      const sent = await session.send({ from, to: [to] }, message)
      if (sent.at !== 'END' || sent.code !== 250) return say.refused(door, to, sent, session.transcript)
      taken = sent.text
      return null
    }),
  )
  if (refused) return refused
  const received = await probes.grosmail.receive(to, canary, ARRIVAL_MS)
  if (received) return null
  const id = queueId(taken)
  const log = await logOf(probes, id)
  await forget(probes, canary, [id])
  return say.notArrived(door, to, log)
}

const clearOn587 = (probes: Probes, { login, password }: Person): Look =>
  probes.smtp
    .session({ port: 587, tls: 'none' }, async session => {
      if (session.mechanisms.length) return say.clearAuth(session.mechanisms, session.transcript)
      const answer = await session.login(login, password)
      return answer.code === 235 ? say.clearAuth(['PLAIN'], session.transcript) : null
    })
    // The door itself was judged by who tried it with TLS; a server that hangs up has refused.
    .catch(orNothing)

const authOn25 = (probes: Probes): Look =>
  probes.smtp
    .session({ port: 25, tls: 'none' }, async session =>
      session.mechanisms.length ? say.authOn25(session.mechanisms, session.transcript) : null,
    )
    .catch(error => failed(error, 'nothing-listens'))

const strangerThrough = (probes: Probes, door: Door): Look =>
  probes.smtp
    .session(door, async session => {
      // A member's address may be refused for another reason: that its owner has not logged in.
      for (const from of [`sasha@${probes.lab.domain}`, 'lucie.moreau@grosmail.test']) {
        const canary = probes.canary()
        const to = `stranger-${canary.slice(-8)}@grosmail.test`
        const text = `From: <${from}>\nSubject: ${canary}\n\nNot logged in.\n`
        const sent = await session.send({ from, to: [to] }, text)
        if (sent.code < 400) return say.strangerSends(door, to, session.transcript)
        await session.command('RSET')
      }
      return null
    })
    .catch(orNothing)

const wrongLogin = (probes: Probes, { login }: Person): Look =>
  probes.smtp
    .session({ port: 465, tls: 'implicit' }, async session => {
      const answer = await session.login(login, wrongPassword(probes.lab))
      if (answer.code === 235) return say.wrongAccepted(login, session.transcript)
      return answer.code === 535 ? null : say.wrongReply(answer, session.transcript)
    })
    .catch(orNothing)

/** What the learner's server did instead of answering says no more than a refusal here. */
function orNothing(error: unknown): null {
  if (!trouble(error)) throw error
  return null
}
