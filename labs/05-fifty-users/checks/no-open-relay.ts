import type { Probes } from '../../../checker/probes/types.ts'
import type { Check } from '../../../checker/step.ts'
import type { Verdict } from '../../../checker/verdict.ts'
import { forget } from './copies.ts'
import { type Attempt, attemptsOf, type Group } from './relay-attempts.ts'
import { type Fail, fail, failed, inTurns, pass, some, trouble } from './say.ts'

const WIDTH = 4
const ARRIVAL_MS = 4000

interface Tried {
  attempt: Attempt
  /** The reply that refused it, or null: it was accepted to the end. */
  refusal: string | null
}

/** A stranger's mail for others is refused however the address is dressed up; mail for a member still comes in. */
export const noOpenRelay: Check = async probes => {
  const canary = probes.canary()
  const victim = `victim-${canary.slice(-8)}`
  const controls = await Promise.all(
    (['ipv4', 'ipv6'] as const).map(version => memberReceives(probes, version)),
  )
  const shut = controls.find(control => control !== null)
  if (shut) return shut

  const [grosmail] = await probes.dns.resolve('mx.grosmail.test', 'A')
  const groups = attemptsOf(probes.lab, victim, grosmail ?? '198.18.0.2')
  const tried = (await inTurns(groups, WIDTH, group => tryAll(probes, group, canary))).flat()
  const accepted = tried.filter(({ refusal }) => refusal === null).map(({ attempt }) => attempt)
  const address = `${victim}@grosmail.test`
  const left = await probes.grosmail.receive(address, canary, accepted.length ? ARRIVAL_MS : 0)
  if (accepted.length || left) {
    await forget(probes, canary)
    return relays(accepted, left !== null)
  }
  return allRefused(tried)
}

/** Null if a member's address is taken on port 25, as it must be while all else is refused. */
async function memberReceives(probes: Probes, version: 'ipv4' | 'ipv6'): Promise<Fail | null> {
  const to = `sasha@${probes.lab.domain}`
  const host = probes.lab.address.server[version]
  try {
    return await probes.smtp.session({ port: 25, tls: 'none', host }, async session => {
      const mail = await session.command('MAIL FROM:<friend@grosmail.test>')
      const reply = mail.code < 400 ? await session.command(`RCPT TO:<${to}>`) : mail
      if (reply.code < 400) await session.command('RSET')
      return reply.code < 400 ? null : refusesMembers(to, `${reply.code} ${reply.text}`, session.transcript)
    })
  } catch (error) {
    return failed(error, 'nothing-listens')
  }
}

/** The attempts of one connection, one after the other. */
async function tryAll(probes: Probes, group: Group, canary: string): Promise<Tried[]> {
  const tried: Tried[] = []
  try {
    await probes.smtp.session(group.session, async session => {
      for (const attempt of group.attempts) {
        for (const line of attempt.before ?? []) await session.command(line)
        const message = `From: <${attempt.from}>\nTo: <${attempt.to.at(-1)}>\nSubject: ${canary}\n\n${attempt.name}\n`
        const reply = await session.send({ from: attempt.from, to: attempt.to }, message)
        tried.push({ attempt, refusal: reply.code < 400 ? null : `${reply.code} ${reply.text}` })
      }
    })
  } catch (error) {
    // Hanging up on such a client, or not letting it in at all, is a refusal too.
    const seen = trouble(error)
    if (!seen) throw error
    const rest = group.attempts.slice(tried.length)
    tried.push(...rest.map(attempt => ({ attempt, refusal: `(${seen.kind})` })))
  }
  return tried
}

function relays(accepted: Attempt[], left: boolean): Verdict {
  const which = some(
    accepted.map(({ name }) => name),
    4,
  )
  return fail('open-relay', {
    expected: {
      en: 'Strangers can’t send mail through the server to others: 4xx or 5xx to every attempt.',
      fr: 'Personne d’étranger ne peut écrire à d’autres à travers le serveur : 4xx ou 5xx à chaque tentative.',
    },
    observed: left
      ? {
          en: `${accepted.length} attempts were accepted, and grosmail.test received the mail: ${which.en}`,
          fr: `${accepted.length} tentatives acceptées, et grosmail.test a reçu le courrier : ${which.fr}`,
        }
      : {
          en: `${accepted.length} attempts were accepted, even if nothing was seen to leave: ${which.en}`,
          fr: `${accepted.length} tentatives acceptées, même si rien n’a été vu sortir : ${which.fr}`,
        },
    next: {
      en: 'Compare `postconf mynetworks mynetworks_style relay_domains smtpd_relay_restrictions` with Debian’s: only 127.0.0.0/8 and [::1] are trusted, and the last restriction is `reject_unauth_destination` or `defer_unauth_destination`. `grep "relay=mx.grosmail.test.*status=sent" /var/log/mail.log | tail` shows what left.',
      fr: 'Comparez `postconf mynetworks mynetworks_style relay_domains smtpd_relay_restrictions` à ceux de Debian : seuls 127.0.0.0/8 et [::1] ont la confiance, et la dernière restriction est `reject_unauth_destination` ou `defer_unauth_destination`. `grep "relay=mx.grosmail.test.*status=sent" /var/log/mail.log | tail` montre ce qui est parti.',
    },
  })
}

const refusesMembers = (to: string, reply: string, transcript: string): Fail =>
  fail('refuses-everyone', {
    expected: {
      en: `Mail from outside for ${to} is still accepted: a server that takes nothing is no mail server.`,
      fr: `Le courrier du dehors pour ${to} reste accepté : un serveur qui ne prend rien n’est pas un serveur de courrier.`,
    },
    observed: { en: `It was refused too: ${reply}`, fr: `Il a été refusé aussi : ${reply}` },
    next: {
      en: 'Only recipients elsewhere are to be refused: `reject_unauth_destination` does that, a bare `reject` stops everybody. `postconf smtpd_relay_restrictions smtpd_recipient_restrictions` shows yours, `grep NOQUEUE /var/log/mail.log | tail -3` the refusal.',
      fr: 'Seules les adresses d’ailleurs sont à refuser : `reject_unauth_destination` le fait, un `reject` tout nu arrête tout le monde. `postconf smtpd_relay_restrictions smtpd_recipient_restrictions` montre les vôtres, `grep NOQUEUE /var/log/mail.log | tail -3` le refus.',
    },
    transcript,
  })

function allRefused(tried: Tried[]): Verdict {
  const list = tried
    .map(({ attempt, refusal }) => `${attempt.name}\n    ${refusal?.split('\n')[0]}`)
    .join('\n')
  return pass(
    {
      en: `${tried.length} attempts, ${tried.length} refusals, nothing arrived at grosmail.test; sasha still receives.`,
      fr: `${tried.length} tentatives, ${tried.length} refus, rien n’est arrivé chez grosmail.test ; sasha reçoit toujours.`,
    },
    list,
  )
}
