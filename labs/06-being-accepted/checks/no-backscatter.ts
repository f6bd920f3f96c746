import type { MailEvent, Probes } from '../../../checker/probes/types.ts'
import type { Check } from '../../../checker/step.ts'
import { type Fail, fail, pass } from '../../05-fifty-users/checks/say.ts'
import { moverOf, writerOf } from '../start/people.ts'
import { mailboxOf } from './letters.ts'

const LANDING_MS = 8000
/** A bounce is made and sent within a second; agrume's slow transport adds one. */
const BOUNCE_MS = 3500

/** Who doesn't exist is refused at the door, whose sender was forged hears nothing, and bounces to us are taken. */
export const noBackscatter: Check = async probes => {
  const looks = [unknown(probes), returnAddress(probes), forgedSender(probes)]
  for (const look of looks) look.catch(() => {})
  for (const look of looks) {
    const found = await look
    if (found) return found
  }
  return pass({
    en: `An unknown name got 550 at RCPT. A message with a forged sender reached ${moverOf(probes.lab).login} and nobody got a bounce. Bounces to your members are taken.`,
    fr: `Un nom inconnu a reçu 550 dès RCPT. Un message à l’expéditeur usurpé est arrivé chez ${moverOf(probes.lab).login}, et personne n’a reçu d’avis de non-remise. Ceux qui viennent à vos membres sont pris.`,
  })
}

type Look = Promise<Fail | null>

const letter = (from: string, to: string, canary: string) =>
  `Message-ID: <${canary}@grosmail.test>\r\nFrom: <${from}>\r\nTo: <${to}>\r\nSubject: ${canary}\r\nDate: ${new Date().toUTCString()}\r\n\r\n${canary}\r\n`

const victimOf = (canary: string) => `victim-${canary.slice(-8)}@grosmail.test`

async function unknown(probes: Probes): Look {
  const canary = probes.canary()
  const [from, to] = [victimOf(canary), `nobody-${canary.slice(-8)}@${probes.lab.domain}`]
  const sent = await probes.grosmail.send({ from, to, source: letter(from, to, canary) })
  if (sent.code >= 500) return null
  return fail(sent.accepted ? 'accepts-unknown' : 'unknown-not-refused', {
    expected: {
      en: `Mail for ${to}, whom nobody knows, is refused with 550 while its sender is still on the line.`,
      fr: `Le courrier pour ${to}, que personne ne connaît, est refusé par un 550 pendant que l’expéditeur est encore en ligne.`,
    },
    observed: { en: `Your server said: ${sent.reply}`, fr: `Votre serveur a dit : ${sent.reply}` },
    next: {
      en: 'Once accepted, it has to come back later, to whoever is named as sender, and that is mostly a victim. `postconf -n local_recipient_maps luser_relay unknown_local_recipient_reject_code` shows what was changed: Debian’s defaults are right.',
      fr: 'Une fois accepté, il devra repartir plus tard vers l’expéditeur affiché, presque toujours une victime. `postconf -n local_recipient_maps luser_relay unknown_local_recipient_reject_code` montre ce qui a été changé : les réglages de Debian sont bons.',
    },
    transcript: sent.transcript,
  })
}

/** What our mail names as sender must take what comes back, and bounces have the null sender (RFC 5321, 4.5.5). */
async function returnAddress(probes: Probes): Look {
  const writer = writerOf(probes.lab, 'no-backscatter')
  const canary = probes.canary()
  const to = `${writer.login}@${probes.lab.domain}`
  const source = letter('mailer-daemon@grosmail.test', to, canary)
  const sent = await probes.grosmail.send({ from: '', to, source })
  if (sent.accepted) {
    await probes.imap.fetch(mailboxOf(writer), canary, LANDING_MS).catch(() => null)
    await probes.imap.remove(mailboxOf(writer), canary).catch(() => 0)
    return null
  }
  return fail('refuses-bounces', {
    expected: {
      en: `${to} sends mail, so it takes bounces: MAIL FROM:<> is accepted.`,
      fr: `${to} envoie du courrier, donc reçoit les avis de non-remise : MAIL FROM:<> est accepté.`,
    },
    observed: { en: `Your server said: ${sent.reply}`, fr: `Votre serveur a dit : ${sent.reply}` },
    next: {
      en: 'Whoever refuses the null sender never learns that mail didn’t arrive, and providers that call back refuse such senders. `postconf smtpd_sender_restrictions smtpd_recipient_restrictions` shows what refuses it.',
      fr: 'Qui refuse l’expéditeur vide n’apprend jamais qu’un message n’est pas arrivé, et des hébergeurs qui rappellent refusent de tels expéditeurs. `postconf smtpd_sender_restrictions smtpd_recipient_restrictions` montre ce qui refuse.',
    },
    transcript: sent.transcript,
  })
}

async function forgedSender(probes: Probes): Look {
  const mover = moverOf(probes.lab)
  const canary = probes.canary()
  const [from, to] = [victimOf(canary), `${mover.login}@${probes.lab.domain}`]
  const began = Date.now() - 60_000
  const sentAt = Date.now()
  const bounce = async () =>
    (await probes.grosmail.attempts(began)).find(
      ({ at, envelope: { from: sender, to: recipients } }) =>
        // Turned away at MAIL already it names no recipient.
        sender === '' && (recipients.includes(from) || (recipients.length === 0 && at >= sentAt)),
    )
  const sent = await probes.grosmail.send({ from, to, source: letter(from, to, canary) })
  if (!sent.accepted) return lost(to, sent.reply, sent.transcript)
  let landed = false
  const bounced = await probes.until<MailEvent | true>(async () => {
    const found = await bounce()
    if (found) return found
    landed ||= (await probes.imap.fetch(mailboxOf(mover), canary, 0)) !== null
    return landed ? true : null
  }, LANDING_MS)
  // The copy at home may be there before the other one has come back.
  const late = bounced === true ? await probes.until(bounce, BOUNCE_MS) : bounced
  await probes.imap.remove(mailboxOf(mover), canary).catch(() => 0)
  if (late) return backscatter(to, late)
  return landed ? null : lost(to, sent.reply, sent.transcript)
}

const backscatter = (to: string, event: MailEvent): Fail =>
  fail('backscatter', {
    expected: {
      en: 'A person whose address was forged hears nothing of it from your server.',
      fr: 'La personne dont l’adresse a été usurpée n’en apprend rien par votre serveur.',
    },
    observed: {
      en: `A message to ${to} with a forged sender was taken; then ${event.envelope.to.join(', ')}, who never wrote, was sent a bounce.`,
      fr: `Un message pour ${to} à l’expéditeur usurpé a été pris ; puis ${event.envelope.to.join(', ')}, qui n’a jamais écrit, s’est vu envoyer un avis de non-remise.`,
    },
    next: {
      en: '`grep status=bounced /var/log/mail.log | tail` shows whose mail goes on to where it can’t arrive: `orig_to=` is the member, `to=` the address that is gone. `grep . /home/*/.forward` shows what sends it there.',
      fr: '`grep status=bounced /var/log/mail.log | tail` montre de qui le courrier repart vers là où il ne peut arriver : `orig_to=`, c’est le membre ; `to=`, l’adresse disparue. `grep . /home/*/.forward` montre ce qui l’y envoie.',
    },
    transcript: event.transcript,
  })

const lost = (to: string, reply: string, transcript: string): Fail =>
  fail('member-without-mail', {
    expected: {
      en: `Mail for ${to} is in their mailbox on your server.`,
      fr: `Le courrier pour ${to} est dans sa boîte, sur votre serveur.`,
    },
    observed: {
      en: `grosmail.test brought a message, and it is not there. Your server had said: ${reply}`,
      fr: `grosmail.test a apporté un message, et il n’y est pas. Votre serveur avait dit : ${reply}`,
    },
    next: {
      en: `No bounce, but no mail either: \`grep '<${to}>' /var/log/mail.log | tail -3\` says where it went.`,
      fr: `Pas d’avis de non-remise, mais pas de courrier non plus : \`grep '<${to}>' /var/log/mail.log | tail -3\` dit où il est parti.`,
    },
    transcript,
  })
