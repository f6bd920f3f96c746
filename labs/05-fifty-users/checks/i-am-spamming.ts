import type { Phished, Probes } from '../../../checker/probes/types.ts'
import type { Check } from '../../../checker/step.ts'
import { castOf } from '../start/cast.ts'
import { bystander, friendOf, rehearsalPrefix } from '../start/rehearsal.ts'
import { copiesOf } from './copies.ts'
import * as say from './rehearsal-words.ts'
import { type Fail, failed, trouble } from './say.ts'

/** The friend's mailbox is full for 15 s, and the check's whole budget is 30. */
const LEAVES_MS = 18_000
/** Spam that is still in the queue would be on its way by then. */
const SPAM_MS = 2000

/** The stolen account is shut, its spam is gone, the service runs, and what another member wrote has left. */
export const iAmSpamming: Check = async probes => {
  const phished = await probes.pourriel.phished()
  if (!phished?.word.startsWith(rehearsalPrefix(probes.lab))) return say.notStarted()
  const { accepted } = phished.attack
  if (!accepted && phished.attack.state === 'running') return say.begins()
  if (!accepted) return say.noSpam(phished)

  const doors = (await stopped(probes)) ?? (await thiefStays(probes, phished)) ?? (await othersSend(probes))
  if (doors) return doors
  const queued = await spamQueued(probes, phished)
  if (queued) return say.spamLeft(queued, phished)
  const now = Date.now()
  if (!(await friendHears(probes, phished))) {
    const held = (await copiesOf(probes, phished.word)).some(copy => copy.path.includes('/hold/'))
    return held ? say.held(bystander(probes.lab).login) : say.lost(bystander(probes.lab).login)
  }
  if (await spamSince(probes, now)) return say.spamLeft(1, phished)
  return say.allWell(phished, bystander(probes.lab).login)
}

type Look = Promise<Fail | null>

/** Null if strangers can still write to members. */
const stopped = (probes: Probes): Look =>
  probes.smtp
    .session({ port: 25, tls: 'none' }, async session => {
      await session.command('MAIL FROM:<friend@grosmail.test>')
      const reply = await session.command(`RCPT TO:<sasha@${probes.lab.domain}>`)
      return reply.code < 400 ? null : say.shut(25, `${reply.code} ${reply.text}`)
    })
    .catch(error => failed(error, 'stopped', say.start))

/** Null if the password that was stolen neither sends nor reads. */
async function thiefStays(probes: Probes, { user }: Phished): Look {
  const thief = castOf(probes.lab).stolen.find(({ login }) => login === user)
  if (!thief) return say.notStarted()
  const reading = probes.imap.login({ port: 993, tls: 'implicit', user, password: thief.password })
  reading.catch(() => {})
  const doors = [
    { port: 587, tls: 'starttls' },
    { port: 465, tls: 'implicit' },
  ] as const
  const sending = doors.map(door =>
    probes.smtp.session(door, async session => {
      const answer = await session.login(user, thief.password)
      return answer.code === 235 ? say.stillOpen(user, door.port, session.transcript) : null
    }),
  )
  for (const look of sending) look.catch(() => {})
  for (const look of sending) {
    // Who is kept waiting, as those who guess are, was not let in either.
    const open = await look.catch(error =>
      trouble(error)?.kind === 'refused' ? failed(error, 'stopped', say.start) : orNull(error),
    )
    if (open) return open
  }
  const read = await reading.catch(orNull)
  return read?.ok ? say.stillOpen(user, 993, read.transcript) : null
}

/** Null if another member is let in and may write to the world. */
function othersSend(probes: Probes): Look {
  const { honest } = castOf(probes.lab)
  const person =
    honest[Number.parseInt(probes.canary().slice(-6), 16) % honest.length] ?? bystander(probes.lab)
  return probes.smtp
    .session({ port: 587, tls: 'starttls' }, async session => {
      const answer = await session.login(person.login, person.password)
      if (answer.code !== 235) return say.othersShut(person.login, answer.text, session.transcript)
      await session.command(`MAIL FROM:<${person.login}@${probes.lab.domain}>`)
      const reply = await session.command('RCPT TO:<lucie.moreau@grosmail.test>')
      return reply.code < 400 ? null : say.othersShut(person.login, reply.text, session.transcript)
    })
    .catch(error => failed(error, 'stopped', say.start))
}

/**
 * How many of the thief's messages wait. Only the server knows its queue; who hides them from this look is seen by the
 * provider that they are brought to below.
 */
async function spamQueued(probes: Probes, { user }: Phished): Promise<number> {
  const { stdout } = await probes.shell.run(
    `postqueue -j 2>/dev/null | grep -c '"sender": "${user}@${probes.lab.domain}"'`,
  )
  return Number(stdout.trim()) || 0
}

/** Sends what waits, as often as it takes, until the other member's friend has their message. */
async function friendHears(probes: Probes, { word }: Phished): Promise<boolean> {
  const to = friendOf(word)
  if (await probes.grosmail.receive(to, word, 0)) {
    await probes.shell.run('postqueue -f')
    return true
  }
  const came = await probes.until(async () => {
    await probes.shell.run('postqueue -f')
    return probes.grosmail.receive(to, word, 2500)
  }, LEAVES_MS)
  return came !== null
}

/** Whether the thief's mail, of which the provider takes nothing, was brought again. */
const spamSince = async (probes: Probes, after: number): Promise<boolean> =>
  (await probes.until(async () => {
    const brought = await probes.providers.agrume.attempts(after)
    return brought.some(({ envelope }) => envelope.to.some(to => to.startsWith('slow-'))) ? true : null
  }, SPAM_MS)) !== null

function orNull(error: unknown): null {
  if (!trouble(error)) throw error
  return null
}
