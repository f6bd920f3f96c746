import type { Probes, Reply } from '../../../checker/probes/types.ts'
import type { Check } from '../../../checker/step.ts'
import { type Accounts, accountsOf } from '../start/accounts.ts'
import { accountsInside, openedByOthers } from './accounts-inside.ts'
import { belongsTo, type Copy, forget, logOf, queueId } from './copies.ts'
import * as say from './fifty-words.ts'
import { landed } from './landed.ts'
import { failed, inTurns, trouble } from './say.ts'

/** For the first message, which tells whether the others are worth sending, and then for all. */
const FIRST_MS = 6000
const ALL_MS = 8000
/** Connections side by side, and messages in each. */
const WIDTH = 5

/** Each of the fifty receives in a mailbox that nobody else opens; the file's four traps were seen. */
export const fiftyAccounts: Check = async probes => {
  const accounts = accountsOf(probes.lab)
  const run: Run = { probes, accounts, canary: probes.canary(), ids: [] }
  try {
    return await decide(run)
  } catch (error) {
    if (trouble(error)?.kind === 'refused') return failed(error, 'nothing-listens')
    throw error
  } finally {
    if (run.ids.length) await forget(probes, run.canary, run.ids)
  }
}

interface Run {
  probes: Probes
  accounts: Accounts
  canary: string
  /** Postfix's names of the messages that it took, to take them out of the queue again. */
  ids: (string | null)[]
}

async function decide(run: Run) {
  const { probes, accounts, canary } = run
  const { people, forbidden } = accounts
  const [first] = people
  if (!first) throw new TypeError('a list without people')

  const unknown = `nobody-${canary.slice(-8)}`
  const [nobody, toFirst] = await sendAll(run, [unknown, first.login])
  if (!nobody || !toFirst) throw new TypeError('no answer')
  if (!toFirst.taken) return say.missing([first.login], toFirst.reply)
  const sender = senderOf(canary)
  const canaryOf = (login: string) => `${canary}-${login}`
  const one = await landed(probes, { canary, wanted: [canaryOf(first.login)], sender }, FIRST_MS)
  const at = one.copies.find(copy => copy.canary === canaryOf(first.login) && copy.place !== 'queue')
  if (!at) return say.notDelivered([first.login], one.bounced, await logOf(probes, toFirst.id))
  if (at.place !== 'maildir') return say.notMaildir(first.login, at)

  // The forbidden one comes last and is not waited for: mail for a system account may have nowhere to go.
  const others = [...people.slice(1).map(person => person.login), forbidden.login]
  const lanes = Array.from({ length: WIDTH }, (_, lane) => others.filter((_, i) => i % WIDTH === lane))
  const looking = accountsInside(probes, accounts)
  looking.catch(() => {})
  const sent = (await inTurns(lanes, WIDTH, lane => sendAll(run, lane))).flat()
  const toForbidden = sent.find(answer => answer.login === forbidden.login) ?? toFirst
  const refused = sent.filter(answer => !answer.taken && answer !== toForbidden)
  if (refused[0])
    return say.missing(
      refused.map(answer => answer.login),
      refused[0].reply,
    )

  const wanted = people.map(({ login }) => canaryOf(login))
  const { copies, bounced } = await landed(probes, { canary, wanted, sender }, ALL_MS)
  const of = (login: string) =>
    copies.filter(copy => copy.canary === canaryOf(login) && copy.place !== 'queue')
  const without = people.filter(({ login }) => of(login).length === 0)
  if (without.length) {
    const lost = sent.find(answer => answer.login === without[0]?.login)
    return say.notDelivered(
      without.map(({ login }) => login),
      bounced,
      await logOf(probes, lost?.id ?? null),
    )
  }
  // Others may have a copy by the person's own wish: a later task redirects.
  const home = (login: string) => of(login).filter(copy => belongsTo(copy, login))
  const strayed = people.find(({ login }) => home(login).length === 0)
  if (strayed) return say.wrongMailbox(strayed.login, of(strayed.login)[0] as Copy)
  const doubled = people.find(({ login }) => home(login).length > 1)
  if (doubled) return say.deliveredTwice(doubled.login, home(doubled.login))

  const inside = await looking
  if (inside.absent.length) return say.noUnixAccount(inside.absent)
  if (inside.second.length) return say.secondAccount(inside.second)
  const own = people.flatMap(({ login }) => home(login).map(copy => ({ login, copy })))
  const opened = await openedByOthers(probes, own)
  if (opened) return say.readable(opened)
  if (inside.forbiddenOpens) return say.forbiddenChanged(forbidden.login)
  const wrongly = of(forbidden.login).find(copy => belongsTo(copy, forbidden.login))
  if (wrongly) return say.forbiddenMailbox(forbidden.login, wrongly)
  if (nobody.taken || nobody.reply.code < 500) return say.unknownAccepted(nobody.reply)
  return say.allWell(accounts, at, nobody.reply, toForbidden.reply)
}

const senderOf = (canary: string) => `${canary}@grosmail.test`

interface Answer {
  login: string
  taken: boolean
  reply: Reply
  id: string | null
}

/** One message to each, with a canary of its own, over one connection. */
const sendAll = ({ probes, canary, ids }: Run, logins: readonly string[]): Promise<Answer[]> =>
  probes.smtp.session({ port: 25, tls: 'none' }, async session => {
    const answers: Answer[] = []
    for (const login of logins) {
      const from = senderOf(canary)
      const to = `${login}@${probes.lab.domain}`
      const head = `Message-ID: <${canary}-${login}@grosmail.test>\nFrom: <${from}>\nTo: <${to}>\nSubject: ${canary}-${login}`
      const reply = await session.send(
        { from, to: [to] },
        `${head}\nDate: ${new Date().toUTCString()}\n\nWelcome!\n`,
      )
      const taken = reply.at === 'END' && reply.code === 250
      const id = taken ? queueId(reply.text) : null
      if (taken) ids.push(id)
      answers.push({ login, taken, reply, id })
    }
    return answers
  })
