/** Whether a person answers a message, to whom, and what: rules of RFC 3834, and what common sense adds. */
import MailComposer from 'nodemailer/lib/mail-composer'
import PostalMime, { type Email } from 'postal-mime'
import { Address } from '../bodies.ts'
import type { Envelope } from '../providers/store.ts'
import { type Friend, friendAddress, friendAt } from './friends.ts'

export interface Answer {
  from: string
  to: string
  source: Buffer
}

/** Senders that are machines by their name (RFC 3834, 2, and what list managers use). */
const MACHINE =
  /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|owner-.*|.*-(?:owner|request|bounces|confirm|join|leave).*)$/i
const QUOTED_LINES = 8
const QUOTED_CHARACTERS = 600

/** What a message is asked before anybody answers it. Null when a person would. */
export function whyNot(envelope: Pick<Envelope, 'from'>, email: Email): string | null {
  const header = (name: string) =>
    email.headers
      .find(({ key }) => key === name)
      ?.value.trim()
      .toLowerCase()
  if (envelope.from === '') return 'it has no return path'
  const automatic = header('auto-submitted')
  if (automatic !== undefined && !/^no\b/.test(automatic)) return 'it was submitted automatically'
  const precedence = header('precedence')
  if (precedence !== undefined && /^(?:bulk|list|junk)$/.test(precedence))
    return `its precedence is ${precedence}`
  const list = email.headers.find(({ key }) => /^list-/.test(key))
  if (list !== undefined) return `it came through a list (${list.key})`
  if (header('x-auto-response-suppress') !== undefined) return 'it wants no automatic answers'
  const local = envelope.from.slice(0, envelope.from.lastIndexOf('@'))
  if (MACHINE.test(local)) return `${local} is a machine`
  return null
}

/** Of the two languages the one that it is written in; null when the words don't tell. */
export function languageOf(text: string): 'en' | 'fr' | null {
  const words = text.toLowerCase().match(/[\p{L}’']+/gu) ?? []
  const count = (known: readonly string[]) => words.filter(word => known.includes(word)).length
  const fr = count([
    'le',
    'la',
    'les',
    'un',
    'une',
    'des',
    'et',
    'est',
    'je',
    'tu',
    'vous',
    'nous',
    'pour',
    'bonjour',
    'merci',
    'salut',
    'coucou',
    'bien',
    'avec',
    'que',
    'qui',
    'ça',
    'essai',
    'ce',
  ])
  const en = count([
    'the',
    'a',
    'an',
    'and',
    'is',
    'are',
    'i',
    'you',
    'we',
    'for',
    'hello',
    'hi',
    'thanks',
    'with',
    'that',
    'this',
    'to',
    'of',
    'it',
    'my',
    'your',
    'from',
    'dear',
    'have',
  ])
  return fr === en ? null : fr > en ? 'fr' : 'en'
}

/** Who gets the answer: where the writer wants it, and only an address that can be one. */
function replyTo(envelope: Pick<Envelope, 'from'>, email: Email): string | null {
  const wish = email.replyTo?.[0]?.address ?? email.from?.address ?? envelope.from
  const parsed = Address.safeParse(wish)
  return parsed.success ? parsed.data.toLowerCase() : null
}

const quote = (text: string, intro: string): string => {
  const lines = text.slice(0, QUOTED_CHARACTERS).trim().split(/\r?\n/).slice(0, QUOTED_LINES)
  return lines.join('').trim() === '' ? '' : `\n\n${intro}\n${lines.map(line => `> ${line}`).join('\n')}\n`
}

export interface Correspondence {
  answer: Answer
  /** Who wrote; for counting. */
  correspondent: string
}

/** What `friend` writes back, or in words why nothing. `pick` chooses among n lines. */
export async function answerTo(
  friend: Friend,
  envelope: Pick<Envelope, 'from'>,
  source: Buffer,
  pick: (n: number) => number = n => Math.floor(Math.random() * n),
): Promise<Correspondence | string> {
  // Attachments are not read, and a message is short that one answers on the way.
  const email = await PostalMime.parse(source.subarray(0, 200_000), {
    maxNestingDepth: 20,
    maxHeadersSize: 256_000,
    maxRfc822NestingDepth: 1,
  })
  const no = whyNot(envelope, email)
  if (no !== null) return no
  const to = replyTo(envelope, email)
  if (to === null) return 'there is no address to answer to'
  const at = to.lastIndexOf('@')
  if (friendAt(to.slice(at + 1), to.slice(0, at)) !== undefined)
    return 'two friends would write to each other for ever'
  if (MACHINE.test(to.slice(0, at))) return `${to} is a machine`

  const subject = (email.subject ?? '').replace(/\s+/g, ' ').slice(0, 200)
  const text = email.text ?? ''
  const language = languageOf(`${subject} ${text.slice(0, 2000)}`)
  const say = (lang: 'en' | 'fr') => friend.says[lang][pick(friend.says[lang].length)] ?? ''
  // In doubt in both, their own first.
  const both = friend.language === 'fr' ? (['fr', 'en'] as const) : (['en', 'fr'] as const)
  const body = language === null ? both.map(say).join('\n\n') : say(language)
  const writer = (email.from?.name || to).replace(/[\r\n]/g, ' ').slice(0, 100)
  const intro = (language ?? friend.language) === 'fr' ? `${writer} a écrit :` : `${writer} wrote:`
  const from = friendAddress(friend)
  const references = [email.references, email.messageId].filter(Boolean).join(' ').slice(-900)
  const message = new MailComposer({
    from: { name: friend.name, address: from },
    to,
    subject: /^re\s*:/i.test(subject) ? subject : `Re: ${subject}`,
    text: `${body}\n\n${friend.name.split(' ')[0]}${quote(text, intro)}`,
    ...(email.messageId ? { inReplyTo: email.messageId } : {}),
    ...(references ? { references } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return { answer: { from, to, source: await message.compile().build() }, correspondent: to }
}
