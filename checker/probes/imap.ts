import { setTimeout as sleep } from 'node:timers/promises'
import type { ImapFlow } from 'imapflow'
import type { Context } from './connect.ts'
import { refusalOf, withImap } from './imap-client.ts'
import { Transcript } from './transcript.ts'
import type { ImapProbe } from './types.ts'

/** One search in INBOX may take this long; a flood of folders or a slow index is the server's own. */
const SEARCH_MS = 10_000
const POLL_MS = 300

export function imapProbe(context: Context): ImapProbe {
  return {
    async login(options) {
      const transcript = new Transcript()
      try {
        await withImap(context, options, transcript, SEARCH_MS, async () => {})
        return { ok: true, text: '', transcript: transcript.text }
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal === null) throw error
        return { ok: false, text: refusal, transcript: transcript.text }
      }
    },

    fetch(options, containing, timeoutMs = 10_000) {
      return withImap(context, options, new Transcript(), timeoutMs + SEARCH_MS, async client => {
        const end = Date.now() + timeoutMs
        await client.mailboxOpen('INBOX', { readOnly: true })
        for (;;) {
          const uid = (await found(client, containing)).at(-1)
          const message = uid ? await client.fetchOne(`${uid}`, { source: true }, { uid: true }) : false
          const source = message ? message.source : undefined
          if (source) return source
          if (Date.now() + POLL_MS > end) return null
          await sleep(POLL_MS, undefined, { signal: context.signal })
          // A server may tell of new messages only in answer to a command (RFC 3501 5.2).
          await client.noop()
        }
      })
    },

    remove(options, containing) {
      return withImap(context, options, new Transcript(), SEARCH_MS, async client => {
        await client.mailboxOpen('INBOX')
        const uids = await found(client, containing)
        if (uids.length) await client.messageDelete(uids.join(','), { uid: true })
        return uids.length
      })
    },
  }
}

/** UIDs of the messages of the open mailbox with this text in headers or body. */
async function found(client: ImapFlow, text: string): Promise<number[]> {
  return (await client.search({ text }, { uid: true })) || []
}
