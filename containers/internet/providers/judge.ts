/** A provider's policy, applied: what each phase of a delivery finds. */
import { isIPv6 } from 'node:net'
import { type Authenticated, inWords } from './authenticate.ts'
import type { Counters } from './counters.ts'
import { ask, type Dns, listed, type ReverseName, reverse } from './lookups.ts'
import { full, LATER_S, type Provider, type Reply, refusal } from './provider.ts'

export interface Finding {
  rule: string
  reply: Reply
  /** True for rules that only those hear of who are treated as the real provider treats everybody. */
  strict: boolean
}

/** Who stands at the door. */
export interface Client {
  address: string
  helo: string
  /** `TLSv1.3`, or false. */
  tls: string | false
}

const filled = (reply: Reply, values: Record<string, string | number>): Reply => ({
  ...reply,
  text: reply.text.replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? '')),
})

const GTUBE = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'

/** At MAIL: pace, reverse name, EHLO, TLS. */
export async function atMail(
  { policy }: Provider,
  client: Client,
  { dns, counters }: { dns: Dns; counters: Counters },
): Promise<{ findings: Finding[]; name: ReverseName }> {
  const { strict, rate } = policy
  const findings: Finding[] = []
  const find = (rule: string, reply: Reply, seen = '', isStrict = true) =>
    findings.push({ rule, reply: filled(reply, { address: client.address, seen }), strict: isStrict })

  if (rate && counters.tooFast(client.address, rate.most)) find('too-fast', rate.reply, '', false)
  const name = await reverse(dns, client.address)
  if (strict.reverse && name.state === 'trouble') find('reverse', strict.reverse.temporary)
  else if (strict.reverse && name.state !== 'confirmed')
    find('reverse', strict.reverse.permanent, name.state === 'missing' ? 'no PTR' : `PTR ${name.name}`)
  if (strict.helo && !(await fullName(dns, client.helo))) find('helo', strict.helo, client.helo || 'nothing')
  if (strict.tls && !(client.tls && /^TLSv1\.[23]$/.test(client.tls)))
    find('no-tls', strict.tls, client.tls || 'no STARTTLS')
  return { findings, name }
}

async function fullName(dns: Dns, helo: string): Promise<boolean> {
  if (!/^(?:[a-z0-9-]+\.)+[a-z0-9-]+\.?$/i.test(helo)) return false
  for (const type of ['A', 'AAAA']) {
    const answers = await ask(dns, helo, type)
    // DNS in trouble is not the sender's fault.
    if (answers === 'trouble' || answers.length > 0) return true
  }
  return false
}

/** At RCPT: who it is for, blocklist, greylist. The first that speaks. */
export async function atRcpt(
  provider: Provider,
  client: Client,
  envelope: { from: string; to: string; before: number },
  { dns, counters }: { dns: Dns; counters: Counters },
): Promise<Finding | null> {
  const { recipients, blocklist, greylist } = provider.policy
  const no = refusal(provider, envelope.to)
  if (no) return { ...no, strict: false }
  if (provider.later.test(envelope.to) && counters.early(envelope.to, LATER_S))
    return { ...full(envelope.to), strict: false }
  if (envelope.before >= recipients.most)
    return { rule: 'too-many-recipients', reply: recipients.reply, strict: false }
  const values = { address: client.address, seconds: greylist?.seconds ?? 0 }
  if (blocklist && (await listed(dns, blocklist.zone, client.address)))
    return { rule: 'blocklisted', reply: filled(blocklist.reply, values), strict: false }
  // A bounce's null sender comes once (RFC 5321, 4.5.5): from strangers too it is taken.
  if (
    greylist &&
    envelope.from &&
    counters.greylisted(client.address, envelope.from, envelope.to, greylist.seconds)
  )
    return { rule: 'greylisted', reply: filled(greylist.reply, values), strict: false }
  return null
}

/** After the message: its form, what it says of itself, how much there is of it. All that speak, in order. */
export function afterData(
  { policy }: Provider,
  client: Client,
  message: { source: Buffer; recipients: number; authentication: Authenticated; name: ReverseName },
  counters: Counters,
): Finding[] {
  const { strict } = policy
  const { authentication: seen, source } = message
  const findings: Finding[] = []
  const find = (rule: string, reply: Reply, words = inWords(seen), isStrict = true) =>
    findings.push({ rule, reply: filled(reply, { address: client.address, seen: words }), strict: isStrict })
  const passes = { spf: seen.spf === 'pass', dkim: seen.dkim === 'pass', dmarc: seen.dmarc === 'pass' }
  const head = headOf(source)

  if (policy.format) {
    const count = (field: string) => head.match(new RegExp(`^${field}:`, 'gim'))?.length ?? 0
    const wrong = ['From', 'Date'].find(field => count(field) !== 1)
    if (wrong) find('format', policy.format, `${count(wrong)} ${wrong} fields`, false)
  }
  if (source.includes(GTUBE)) find('spam-test', policy.spamTest, '', false)
  if (seen.dmarc === 'fail' && seen.policy === 'reject')
    find('dmarc-reject', policy.dmarcReject, undefined, false)
  if (
    strict.ipv6 &&
    isIPv6(client.address) &&
    !(message.name.state === 'confirmed' && (passes.spf || passes.dkim))
  )
    find('ipv6', strict.ipv6)

  const { authentication } = strict
  if (authentication?.need === 'any' && !passes.spf && !passes.dkim)
    find('unauthenticated', authentication.reply)
  if (authentication?.need === 'all') {
    if (!passes.spf) find('no-spf', authentication.spf)
    if (!passes.dkim) find('no-dkim', authentication.dkim)
    if (!passes.dmarc) find('no-dmarc', authentication.dmarc)
  }
  const { bulk } = strict
  if (bulk && seen.author && counters.bulk(seen.author, message.recipients) > bulk.from) {
    const aligned = seen.policy === '' || passes.dmarc
    if (!passes.spf || !passes.dkim || !aligned) find('bulk-authentication', bulk.authentication)
    if (seen.policy === '') find('bulk-dmarc', bulk.dmarc)
    if (bulk.unsubscribe && isMailing(head) && !oneClick(head, seen.signed))
      find('bulk-unsubscribe', bulk.unsubscribe)
  }
  return findings
}

const headOf = (source: Buffer): string =>
  source.toString('latin1', 0, 100_000).split(/\r?\n\r?\n/, 1)[0] ?? ''

const isMailing = (head: string) => /^(?:List-(?!Help)[\w-]+:|Precedence:\s*(?:bulk|list))/im.test(head)

/** RFC 8058: an HTTPS address, the POST field, and a signature over both. */
const oneClick = (head: string, signed: ReadonlySet<string>) =>
  /^List-Unsubscribe:[\s\S]*?<https:/im.test(head) &&
  /^List-Unsubscribe-Post:\s*List-Unsubscribe=One-Click/im.test(head) &&
  signed.has('list-unsubscribe') &&
  signed.has('list-unsubscribe-post')
