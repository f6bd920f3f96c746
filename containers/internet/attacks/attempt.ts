/** One attempt of an attack: a dialogue up to the reply that decides. */
import { Dialogue, inWords, type Where } from '../dialogue/dialogue.ts'
import { command, message, plainAuth, reply, type SmtpReply } from '../dialogue/smtp.ts'
import type { AttackAttempt } from './api.ts'

const WHOLE_MS = 20_000

export interface Plan {
  /** Whose servers are meant: the MX of a domain, or its host `mail.…` for those who have an account. */
  at: { mx: string } | { host: string; domain: string }
  port: 25 | 587 | 465 | 993 | 143
  envelope: { from: string; to: string }
  login?: { user: string; password: string }
  /** Null: what comes after RCPT, or after the login, is not wanted. */
  source: string | null
}

export type Outcome = Pick<AttackAttempt, 'fate' | 'code' | 'reply' | 'stage' | 'server'> & {
  transcript: string
  tls: string | false
}

const fateOf = (code: number): AttackAttempt['fate'] =>
  code >= 500 ? 'refused' : code >= 400 ? 'deferred' : code >= 200 ? 'accepted' : 'unanswered'

/** Never rejects: whatever the server does is an outcome. */
export async function attempt(plan: Plan, where: Where, helo: string): Promise<Outcome> {
  const at = { stage: 'CONNECT' }
  let dialogue: Dialogue | null = null
  const outcome = (rest: Pick<Outcome, 'fate' | 'code' | 'reply'>): Outcome => ({
    ...rest,
    stage: at.stage,
    server: inWords(where),
    transcript: dialogue?.lines.join('\n') ?? `-- ${inWords(where)}: ${rest.reply}`,
    tls: dialogue?.secure ?? false,
  })
  try {
    const implicit = plan.port === 465 || plan.port === 993
    dialogue = await Dialogue.open(where, WHOLE_MS, implicit)
    const imap = plan.port === 993 || plan.port === 143
    if (imap) return outcome(await logIn(dialogue, plan, at))
    const { code, text } = await smtp(dialogue, plan, helo, at)
    return outcome({ fate: fateOf(code), code, reply: text })
  } catch (error) {
    return outcome({ fate: 'unanswered', code: 0, reply: (error as Error).message })
  } finally {
    dialogue?.close()
  }
}

/** Goes on until something is refused or all is said; gives the last reply that counts. */
async function smtp(dialogue: Dialogue, plan: Plan, helo: string, at: { stage: string }): Promise<SmtpReply> {
  const { envelope, login, source, port } = plan
  const say = (stage: string, line: string, shown?: string) => {
    at.stage = stage
    return command(dialogue, line, shown)
  }
  let last = await reply(dialogue)
  if (last.code !== 220) return last
  last = await say('EHLO', `EHLO ${helo}`)
  if (last.code !== 250) return last
  if (port === 587) {
    last = await say('STARTTLS', 'STARTTLS')
    if (last.code !== 220) return last
    await dialogue.startTls()
    last = await say('EHLO', `EHLO ${helo}`)
    if (last.code !== 250) return last
  }
  if (login) {
    last = await say('AUTH', plainAuth(login.user, login.password), 'AUTH PLAIN ****')
    if (last.code !== 235 || source === null) return quit(dialogue, last)
  }
  last = await say('MAIL', `MAIL FROM:<${envelope.from}>`)
  if (last.code !== 250) return quit(dialogue, last)
  last = await say('RCPT', `RCPT TO:<${envelope.to}>`)
  if (last.code >= 300 || source === null) return quit(dialogue, last)
  last = await say('DATA', 'DATA')
  if (last.code !== 354) return quit(dialogue, last)
  at.stage = 'END'
  return quit(dialogue, await message(dialogue, source))
}

/** Says goodbye without waiting for it: spammers have no time. */
function quit(dialogue: Dialogue, last: SmtpReply): SmtpReply {
  dialogue.write('QUIT')
  return last
}

async function logIn(
  dialogue: Dialogue,
  { port, login }: Plan,
  at: { stage: string },
): Promise<Pick<Outcome, 'fate' | 'code' | 'reply'>> {
  const greeting = await dialogue.line()
  if (!/^\* (?:OK|PREAUTH)/i.test(greeting)) return { fate: 'refused', code: 0, reply: greeting }
  const ask = async (tag: string, line: string, shown = line) => {
    dialogue.write(`${tag} ${line}`, `${tag} ${shown}`)
    for (let count = 0; count < 60; count++) {
      const said = await dialogue.line()
      if (said.startsWith(`${tag} `)) return said.slice(tag.length + 1)
    }
    throw new Error('the answer has no end')
  }
  if (port === 143) {
    at.stage = 'STARTTLS'
    const said = await ask('a1', 'STARTTLS')
    if (!/^OK/i.test(said)) return { fate: 'refused', code: 0, reply: said }
    await dialogue.startTls()
  }
  at.stage = 'LOGIN'
  const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
  const { user = '', password = '' } = login ?? {}
  const said = await ask('a2', `LOGIN ${quoted(user)} ${quoted(password)}`, `LOGIN ${quoted(user)} ****`)
  return { fate: /^OK/i.test(said) ? 'accepted' : 'refused', code: 0, reply: said.slice(0, 1000) }
}
