/**
 * People who subscribe to lists: `member-…` at every provider. They read nothing and answer nothing, until a check
 * tells one of them to confirm: then the next message that asks for a confirmation gets one, by a reply that keeps
 * its subject and quotes its text, which is what Mailman and Sympa both take for a yes.
 */
import MailComposer from 'nodemailer/lib/mail-composer'
import PostalMime, { type Email } from 'postal-mime'
import { Address } from '../bodies.ts'
import type { Answer } from './answer.ts'

export const isMember = (name: string): boolean => /^member-[a-z0-9-]{1,40}$/.test(name)

/** Told once, a member confirms so many times: to subscribe, and a second list perhaps. */
const CONFIRMATIONS = 3
const TOLD_MS = 3600_000
const MOST = 1000

export interface Members {
  /** Tells a member to confirm what it will be asked, or to leave it. */
  tell(address: string, confirms: boolean): void
  /** The confirmation of this message, if it asks for one and the member was told to; null otherwise. */
  confirm(address: string, source: Buffer): Promise<Answer | null>
}

/** A list manager's question: by its sender's name, or the word that it wants to hear again. */
function asksForConfirmation(email: Email): boolean {
  const sender = email.replyTo?.[0]?.address ?? email.from?.address ?? ''
  return /-confirm\+/i.test(sender) || /\b(?:confirm|AUTH)\s+\S{6,}/i.test(`${email.subject} ${email.text}`)
}

export function openMembers(): Members {
  const told = new Map<string, { left: number; until: number }>()
  return {
    tell(address, confirms) {
      told.delete(address)
      if (confirms) told.set(address, { left: CONFIRMATIONS, until: Date.now() + TOLD_MS })
      const [oldest] = told.keys()
      if (told.size > MOST && oldest !== undefined) told.delete(oldest)
    },
    async confirm(address, source) {
      const order = told.get(address)
      if (order === undefined || order.left === 0 || order.until < Date.now()) return null
      const email = await PostalMime.parse(source.subarray(0, 200_000), { maxNestingDepth: 20 })
      const to = Address.safeParse(email.replyTo?.[0]?.address ?? email.from?.address)
      if (!to.success || !asksForConfirmation(email)) return null
      order.left--
      const subject = (email.subject ?? '').replace(/\s+/g, ' ').slice(0, 200)
      const quoted = (email.text ?? '').slice(0, 4000).trim().split(/\r?\n/)
      const message = new MailComposer({
        from: address,
        to: to.data,
        subject: `Re: ${subject}`,
        text: `${quoted.map(line => `> ${line}`).join('\n')}\n`,
        ...(email.messageId ? { inReplyTo: email.messageId, references: email.messageId } : {}),
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      return { from: address, to: to.data, source: await message.compile().build() }
    },
  }
}
