import type { DomainPolicy, MailProvider, Probes } from '../../../checker/probes/types.ts'
import type { Check } from '../../../checker/step.ts'
import { type Fail, pass } from '../../05-fifty-users/checks/say.ts'
import { writerOf } from '../start/people.ts'
import * as say from './checked-tls-words.ts'
import { hand, mailboxOf } from './letters.ts'

/** With DANE the first connection decides; over both addresses it takes two. */
const IMPOSTOR_MS = 12_000

/** Who sends to us can be sure whom they speak to, by DANE and by MTA-STS; and we look whom we send to. */
export const checkedTls: Check = async probes => {
  const sending = toImpostor(probes)
  sending.catch(() => {})
  const published = await promises(probes)
  if (published) return published
  const looks = [received(probes, 'copine', 'dane'), received(probes, 'grosmail', 'mta-sts')]
  for (const look of looks) look.catch(() => {})
  for (const look of looks) {
    const found = await look
    if (found) return found
  }
  const report = await probes.providers.copine.report('tls')
  if (!report.sent.some(({ accepted }) => accepted)) return say.reportRefused(report)
  const sessions = report.report?.sessions.find(({ policy, success }) => policy === 'tlsa' && success > 0)
  if (!sessions) return say.noSuccess(report.report?.text ?? '')
  return (
    (await sending) ??
    pass({
      en: `copine.test spoke to you by DANE, grosmail.test by MTA-STS, and copine.test reports ${sessions.success} good sessions. Your server kept its letter from imposteur.test.`,
      fr: `copine.test vous a parlé sous DANE, grosmail.test sous MTA-STS, et copine.test rend compte de ${sessions.success} sessions réussies. Votre serveur n’a pas remis sa lettre à imposteur.test.`,
    })
  )
}

/** The DNS and the policy file, as copine.test sees them. */
async function promises(probes: Probes): Promise<Fail | null> {
  const { domain } = probes.lab
  const seen: DomainPolicy = await probes.providers.copine.policy()
  if (!seen.mx.authentic) return say.notSigned(domain)
  const [host] = seen.hosts
  if (!host || host.dane.found.length === 0) return say.noTlsa(probes.lab.host)
  if (!seen.dane.valid) return say.wrongTlsa(host, seen.dane.faults[0] ?? host.dane.faults[0])
  const { mtaSts, tlsRpt } = seen
  if (mtaSts.id === '' && (await probes.dns.resolve(`_mta-sts.${domain}`, 'TXT')).length === 0)
    return say.noSts(domain)
  if (!mtaSts.valid) return say.wrongSts(mtaSts)
  if (mtaSts.mode !== 'enforce') return say.notEnforced(mtaSts.mode)
  if (!tlsRpt.valid) return say.noTlsRpt(domain, tlsRpt)
  return null
}

/** A provider's letter, by the way of checking that it prefers. */
async function received(
  probes: Probes,
  provider: MailProvider,
  by: 'dane' | 'mta-sts',
): Promise<Fail | null> {
  const member = writerOf(probes.lab, 'checked-tls')
  const canary = probes.canary()
  const [from, to] = [`reader-${canary.slice(-8)}@${provider}.test`, `${member.login}@${probes.lab.domain}`]
  const source = `Message-ID: <${canary}@${provider}.test>\r\nFrom: <${from}>\r\nTo: <${to}>\r\nSubject: ${canary}\r\nDate: ${new Date().toUTCString()}\r\n\r\n${canary}\r\n`
  const sent = await probes.providers[provider].send({ from, to, source })
  if (sent.accepted) {
    await probes.imap.fetch(mailboxOf(member), canary, 3000).catch(() => null)
    await probes.imap.remove(mailboxOf(member), canary).catch(() => 0)
  }
  return sent.accepted && sent.secured.by === by && sent.secured.valid
    ? null
    : say.notSecured(provider, by, sent)
}

/** A letter to a host whose certificate nobody vouches for: the server has to go there, and to keep the letter. */
async function toImpostor(probes: Probes): Promise<Fail | null> {
  const member = writerOf(probes.lab, 'checked-tls')
  const canary = probes.canary()
  const to = `reader-${canary.slice(-8)}@${probes.impostor.domain}`
  const began = Date.now()
  const refused = await hand(probes, member, {
    canary,
    from: `${member.login}@${probes.lab.domain}`,
    to: [to],
  })
  if (refused) return refused
  const seen = await probes.until(async () => {
    const attempts = await probes.impostor.attempts(began - 2000)
    const over = attempts.filter(attempt => attempt.over)
    return over.find(({ mail }) => mail) ?? (over.length > 1 ? over[0] : undefined)
  }, IMPOSTOR_MS)
  const last = seen ?? (await probes.impostor.attempts(began - 2000))[0]
  await forget(probes, to)
  if (!last) return say.neverAsked(to)
  return last.mail || last.delivered ? say.handedOver(to, last) : null
}

/** What the server rightly kept would be tried for five days. */
const forget = (probes: Probes, to: string) =>
  probes.shell
    .run(
      `postqueue -j | grep -F '${to}' | sed -nE 's/.*"queue_id": ?"([^"]+)".*/\\1/p' | xargs -r -n1 postsuper -d`,
    )
    .catch(() => {})
