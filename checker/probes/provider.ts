import { setTimeout as sleep } from 'node:timers/promises'
import type {
  Delivery,
  MailEvent,
  MailProvider,
  PersonAnswer,
  SendAnswer,
  SendBody,
  StoredMessage,
} from '../../containers/internet/api.ts'
import type {
  DomainBody,
  DomainPolicy,
  ForgedAnswer,
  ForgedBody,
  ReportAnswer,
  ReportBody,
} from '../../containers/internet/api-reports.ts'
import type { Context } from './connect.ts'
import { internet } from './internet.ts'
import type { ProviderProbe, ReceivedMessage } from './types.ts'

/** A provider's own dialogue with the learner's server has its limits; this one is for a provider that broke. */
const SEND_MS = 28_000
const ASK_MS = 10_000
/** Look-ups, a policy over HTTPS and a handshake with each host, each with limits of its own. */
const POLICY_MS = 25_000
/** Each look costs a process in the internet container, so they become rarer. */
const POLL_MS = [150, 300, 600, 1000]

/** `provider` is its name in the control API. */
export function providerProbe(context: Context, provider: MailProvider): ProviderProbe {
  const base = `/providers/${provider}`
  return {
    send({ from, to, source }) {
      const body: SendBody = { from, to, source: Buffer.from(source).toString('base64') }
      return internet<SendAnswer>(context, SEND_MS, 'POST', `${base}/send`, body)
    },

    async receive(to, containing, timeoutMs = 10_000) {
      const query = new URLSearchParams({ to, containing })
      const end = Date.now() + timeoutMs
      for (let round = 0; ; round++) {
        const path = `${base}/messages?${query}`
        const [message] = await internet<StoredMessage[]>(context, ASK_MS, 'GET', path)
        if (message) return received(message)
        const pause = POLL_MS[Math.min(round, POLL_MS.length - 1)] ?? 0
        if (Date.now() + pause > end) return null
        await sleep(pause, undefined, { signal: context.signal })
      }
    },

    async received(to) {
      const path = `${base}/messages?${new URLSearchParams({ to })}`
      return (await internet<StoredMessage[]>(context, ASK_MS, 'GET', path)).map(received)
    },

    async mailbox() {
      const path = `/people/${context.lab.participant}`
      const { mailboxes } = await internet<PersonAnswer>(context, ASK_MS, 'GET', path)
      return mailboxes.find(box => box.provider === provider)?.messages ?? null
    },

    attempts(after, from = context.lab.domain) {
      const query = new URLSearchParams({
        from,
        to: `${provider}.test`,
        after: `${after}`,
      })
      return internet<MailEvent[]>(context, ASK_MS, 'GET', `/mail/recent?${query}`)
    },

    deliveries(after) {
      const query = new URLSearchParams({ sender: context.lab.domain, after: `${after}` })
      return internet<Delivery[]>(context, ASK_MS, 'GET', `${base}/deliveries?${query}`)
    },

    policy() {
      const body: DomainBody = { domain: context.lab.domain }
      return internet<DomainPolicy>(context, POLICY_MS, 'POST', `${base}/policy`, body)
    },

    report(kind) {
      const body: ReportBody = { kind, domain: context.lab.domain }
      return internet<ReportAnswer>(context, SEND_MS, 'POST', `${base}/reports`, body)
    },

    forge(count) {
      const body: ForgedBody = { domain: context.lab.domain, count }
      return internet<ForgedAnswer>(context, SEND_MS, 'POST', `${base}/forged`, body)
    },
  }
}

function received({ id: _, source, ...message }: StoredMessage): ReceivedMessage {
  return { ...message, source: Buffer.from(source, 'base64').toString() }
}
