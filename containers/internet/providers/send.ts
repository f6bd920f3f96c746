/**
 * Sends as a provider's outgoing server does: the recipient's MX, port 25, STARTTLS where it is offered, and with what
 * the recipient's domain promises of its TLS, as far as the provider checks it.
 */
import type { SendAnswer, SendBody } from '../api.ts'
import type { ReportSessions, Secured } from '../api-reports.ts'
import { authorities } from '../authority.ts'
import type { LabNet } from '../env.ts'
import type { MailLog } from '../mail-log.ts'
import type { Place } from '../places.ts'
import { type Demand, demandOf, OPPORTUNISTIC, postureOf } from '../tls/demand.ts'
import type { StsCache } from '../tls/sts.ts'
import { type Attempt, attempt } from './dialogue.ts'
import type { Provider } from './provider.ts'
import { type Target, targets } from './targets.ts'

const WHOLE_MS = 20_000

/** A session with a mail exchanger, for the reports that its domain asks for (RFC 8460). */
export interface Session {
  provider: Provider
  domain: string
  policy: ReportSessions['policy']
  /** The policy's own lines. */
  text: string[]
  target: Target
  secured: Secured
}

export interface Outside {
  net: LabNet
  log: MailLog
  /** What the provider remembers of MTA-STS policies. */
  sts(provider: Provider): StsCache
  /** Told of each session in which TLS was looked at. */
  session(session: Session): void
}

export type Send = (provider: Provider, body: SendBody, options?: SendOptions) => Promise<SendAnswer>
export interface SendOptions {
  /** Reports about TLS go out however bad it is, and are not counted themselves (RFC 8460, 3). */
  unchecked?: boolean
}

/** Delivers one message and tells the log; never throws for what the other side does or fails to do. */
export const openSend =
  (outside: Outside): Send =>
  async (provider, body, options = {}) => {
    const domain = body.to.slice(body.to.lastIndexOf('@') + 1).toLowerCase()
    const answer = await deliver(outside, provider, domain, body, options)
    const { accepted, code, reply, transcript, secured } = answer
    const { failure } = secured
    outside.log.add({
      from: provider.domain,
      to: domain,
      envelope: { from: body.from, to: [body.to] },
      size: Buffer.byteLength(body.source, 'base64'),
      // What TLS forbade is tried again for days (RFC 7672, 2.2; RFC 8461, 5.1).
      fate: accepted
        ? 'inbox'
        : (code >= 400 && code < 500) || (code === 0 && failure)
          ? 'deferred'
          : 'refused',
      code,
      reply,
      tls: secured.tls || (transcript.includes('C: STARTTLS') && 'TLS'),
      secured,
      reasons: failure ? [{ rule: failure.type, text: failure.text }] : [],
      transcript,
    })
    return answer
  }

async function deliver(
  outside: Outside,
  provider: Provider,
  domain: string,
  body: SendBody,
  { unchecked = false }: SendOptions,
): Promise<SendAnswer> {
  const { net } = outside
  const deadline = Date.now() + WHOLE_MS
  const sender = { host: provider.host, ...net.at(provider.name) }
  const message = { from: body.from, to: body.to, source: Buffer.from(body.source, 'base64') }
  const [where, posture, ca] = await Promise.all([
    targets(domain, net),
    unchecked ? null : postureOf(provider, domain, outside.sts(provider)),
    // Without the authority there is nobody to vouch; what needs no voucher goes on.
    authorities().catch(() => []),
  ])
  if (typeof where === 'string') {
    const secured: Secured = { by: 'none', host: '', tls: '', valid: false }
    return { accepted: false, code: 0, reply: where, transcript: `-- ${where}`, secured }
  }

  const demands = new Map<string, Promise<Demand>>()
  const attempts: Attempt[] = []
  for (const target of where) {
    const asked = posture ? (demands.get(target.host) ?? demandOf(provider, target, posture)) : OPPORTUNISTIC
    demands.set(target.host, Promise.resolve(asked))
    const demand = await asked
    let last = await attempt(sender, target, message, { demand, ca, ignoreTLS: false, deadline })
    attempts.push(last)
    if (last.again === 'without-tls') {
      last = await attempt(sender, target, message, { demand, ca, ignoreTLS: true, deadline })
      attempts.push(last)
    }
    const { secured } = last
    if (!unchecked && (secured.failure || secured.tls)) {
      const { type: policy, text } = demand.policy
      outside.session({ provider, domain, policy, text, target, secured })
    }
    if (last.again === null || Date.now() >= deadline) break
  }
  const { accepted, code, reply, secured } = attempts.at(-1) as Attempt
  return {
    accepted,
    code,
    reply,
    secured,
    transcript: attempts.map(({ transcript }) => transcript).join('\n'),
  }
}

/** Who sends for others: where it lives, what it says in EHLO, what the log calls it. */
export interface Sending {
  name: Place
  domain: string
  host: string
}

/** Likewise, with whatever certificate there is; tells the log unless there is another that tells it. */
export async function sendUnchecked(
  sending: Sending,
  net: LabNet,
  body: SendBody,
  log: MailLog | null,
): Promise<SendAnswer> {
  const domain = body.to.slice(body.to.lastIndexOf('@') + 1).toLowerCase()
  const answer = await unchecked(sending, net, domain, body)
  const { accepted, code, reply, transcript, secured } = answer
  log?.add({
    from: sending.domain,
    to: domain,
    envelope: { from: body.from, to: [body.to] },
    size: Buffer.byteLength(body.source, 'base64'),
    fate: accepted ? 'inbox' : code >= 400 && code < 500 ? 'deferred' : 'refused',
    code,
    reply,
    tls: secured.tls || false,
    reasons: [],
    transcript,
  })
  return answer
}

async function unchecked(
  { name, host }: Sending,
  net: LabNet,
  domain: string,
  body: SendBody,
): Promise<SendAnswer> {
  const deadline = Date.now() + WHOLE_MS
  const sender = { host, ...net.at(name) }
  const message = { from: body.from, to: body.to, source: Buffer.from(body.source, 'base64') }
  const where = await targets(domain, net)
  const secured: Secured = { by: 'none', host: '', tls: '', valid: false }
  if (typeof where === 'string')
    return { accepted: false, code: 0, reply: where, transcript: `-- ${where}`, secured }
  const attempts: Attempt[] = []
  for (const target of where) {
    const options = { demand: OPPORTUNISTIC, ca: [], deadline }
    let last = await attempt(sender, target, message, { ...options, ignoreTLS: false })
    attempts.push(last)
    if (last.again === 'without-tls') {
      last = await attempt(sender, target, message, { ...options, ignoreTLS: true })
      attempts.push(last)
    }
    if (last.again === null || Date.now() >= deadline) break
  }
  const { again: _, ...answer } = attempts.at(-1) as Attempt
  return { ...answer, transcript: attempts.map(({ transcript }) => transcript).join('\n') }
}
