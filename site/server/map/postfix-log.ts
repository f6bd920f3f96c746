/**
 * Reads what Postfix (and Dovecot's LMTP) say of mail in a server's own log. Its root can write anything there: lines
 * are matched whole and strictly, what is remembered is bounded, and what is said is shown as said by that server.
 */
import type { Fate } from '../../../containers/internet/api.ts'

/** What the log says of one recipient of one message. */
export interface Said {
  at: number
  /** `out`: handed to another host; `in`: came from another host; `stuck`: arrived, and could not be put in its box. */
  way: 'out' | 'in' | 'stuck'
  /** The other host's address; null where it was never reached, and the recipient's domain is all that is known. */
  peer: string | null
  sender: string
  recipient: string
  size: number
  fate: Fate
  code: number
  reply: string
}

interface Queued {
  from: string
  size: number
  /** Of the host that brought it; null for what was submitted or written on the machine itself. */
  client: string | null
  messageId: string
}

const LONGEST = 2000
/** Messages under way that are remembered. */
const QUEUED = 200
const WEEK_MS = 7 * 24 * 3600_000

const HEAD =
  /^(\d{4}-\d\d-\d\dT\S{8,24}|[A-Z][a-z]{2} [ \d]\d [\d:]{8}) \S{1,255} (\S{1,60}?)(?:\[\d{1,10}\])?: (.*)$/
const QUEUE_ID = /^([0-9A-F]{6,20}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,24}): (.*)$/
const CLIENT = /^client=[^[\]\s]{1,255}\[([0-9a-fA-F.:]{2,45})\](.*)$/
const FROM = /^from=<([^<>\s]{0,320})>, size=(\d{1,12}),/
const MESSAGE_ID = /^message-id=<?([^<>\s]{1,500})>?$/
const DELIVERY =
  /^to=<([^<>\s]{1,320})>, (?:orig_to=<[^<>]{0,320}>, )?relay=([^,\s]{1,400}), .*?\bdsn=(\d\.\d{1,3}\.\d{1,3}), status=(sent|deferred|bounced) \((.*)\)$/
const REJECT =
  /^(?:NOQUEUE|[0-9A-Za-z]{6,24}): reject: (?:RCPT|DATA|MAIL|END-OF-MESSAGE) from [^[\]\s]{1,255}\[([0-9a-fA-F.:]{2,45})\](?::\d+)?: (([45])\d\d .{1,800}?); from=<([^<>\s]{0,320})> to=<([^<>\s]{1,320})> proto=/
const DOVECOT_SAVED =
  /msgid=<([^<>\s]{1,500})>: (?:saved mail to|stored mail into mailbox) '?([^']{1,100})'?$/
const JUNK = /^(?:junk|spam|indésirables|pourriel)$/i

export class PostfixLog {
  readonly #queued = new Map<string, Queued>()
  /** Message ids that Dovecot put into a box for spam. */
  readonly #junk = new Set<string>()

  /** What a line says of mail, or null. `now` bounds the time that it may claim. */
  read(line: string, now = Date.now()): Said | null {
    if (line.length > LONGEST) return null
    const [, time = '', program = '', text = ''] = HEAD.exec(line) ?? []
    if (program === 'dovecot') this.#dovecot(text)
    if (!program.startsWith('postfix/')) return null
    const daemon = program.slice(program.lastIndexOf('/') + 1)
    const at = timeOf(time, now)
    const reject = daemon === 'smtpd' ? REJECT.exec(text) : null
    if (reject) {
      const [, peer = '', reply = '', first, sender = '', recipient = ''] = reject
      const fate = first === '4' ? 'deferred' : 'refused'
      return { at, way: 'in', peer, sender, recipient, size: 0, fate, code: Number(reply.slice(0, 3)), reply }
    }
    const [, id = '', rest = ''] = QUEUE_ID.exec(text) ?? []
    if (!id) return null
    if (daemon === 'smtp' || daemon === 'error') return this.#outgoing(at, id, rest)
    if (/^(?:lmtp|local|virtual|pipe)$/.test(daemon)) return this.#local(at, id, rest)
    this.#note(daemon, id, rest)
    return null
  }

  #dovecot(text: string): void {
    const [, id = '', box = ''] = DOVECOT_SAVED.exec(text) ?? []
    if (!JUNK.test(box)) return
    this.#junk.add(id)
    if (this.#junk.size > QUEUED) this.#junk.delete(this.#junk.values().next().value ?? '')
  }

  #note(daemon: string, id: string, text: string): void {
    const known = this.#queued.get(id) ?? { from: '', size: 0, client: null, messageId: '' }
    const client = daemon === 'smtpd' ? CLIENT.exec(text) : null
    const from = daemon === 'qmgr' ? FROM.exec(text) : null
    const message = daemon === 'cleanup' ? MESSAGE_ID.exec(text) : null
    // Who logged in to submit is a person of this server, not another host.
    if (client) known.client = client[2]?.includes('sasl_username=') ? null : (client[1] ?? null)
    if (from) Object.assign(known, { from: from[1], size: Number(from[2]) })
    if (message) known.messageId = message[1] ?? ''
    if (!client && !from && !message) return
    this.#queued.delete(id)
    this.#queued.set(id, known)
    if (this.#queued.size > QUEUED) this.#queued.delete(this.#queued.keys().next().value ?? '')
  }

  #outgoing(at: number, id: string, text: string): Said | null {
    const [, recipient = '', relay = '', dsn = '', status = '', why = ''] = DELIVERY.exec(text) ?? []
    if (!status) return null
    const { from = '', size = 0 } = this.#queued.get(id) ?? {}
    const peer = /\[([0-9a-fA-F.:]{2,45})\]:\d{1,5}$/.exec(relay)?.[1] ?? null
    return { at, way: 'out', peer, sender: from, recipient, size, ...ending(status, dsn, why) }
  }

  /** Into a box of this machine: of interest when it came from another host, or can't go in. */
  #local(at: number, id: string, text: string): Said | null {
    const [, recipient = '', , dsn = '', status = '', why = ''] = DELIVERY.exec(text) ?? []
    const { from = '', size = 0, client = null, messageId = '' } = this.#queued.get(id) ?? {}
    if (!status || (status === 'sent' && client === null)) return null
    const end = ending(status, dsn, why)
    const fate = status === 'sent' && this.#junk.has(messageId) ? ('spam' as const) : end.fate
    const way = status === 'sent' ? ('in' as const) : ('stuck' as const)
    return { at, way, peer: client, sender: from, recipient, size, ...end, fate }
  }
}

/** `host mx.bob.test[198.18.0.20] said: 550 5.1.1 … (in reply to RCPT TO command)`, or words of Postfix itself. */
function ending(status: string, dsn: string, why: string): { fate: Fate; code: number; reply: string } {
  const fate = status === 'sent' ? 'inbox' : status === 'deferred' ? 'deferred' : 'refused'
  const reply = / said: ([245]\d\d[ -].*?)(?: \(in reply to [^()]*\))?$/.exec(why)?.[1] ?? why
  const code = /^[245]\d\d(?=[ -])/.exec(reply)?.[0]
  return { fate, code: code ? Number(code) : 0, reply: code ? reply : `${dsn} ${reply}` }
}

function timeOf(text: string, now: number): number {
  const said = text.includes('T') ? Date.parse(text) : Number.NaN
  return said > now - WEEK_MS && said <= now ? said : now
}
