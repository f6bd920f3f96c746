import type { Listing, MailEvent, Probes } from '../../../checker/probes/types.ts'
import type { Check, Text } from '../../../checker/step.ts'
import { type Fail, fail, pass } from '../../05-fifty-users/checks/say.ts'
import { trapsOf, writerOf } from '../start/people.ts'
import { isFail, memberWrites, notArrived, told } from './letters.ts'

/** Longer than the shop's pause between two letters. */
const QUIET_MS = 25_000

/** No address of the server is listed, nothing goes to the traps any more, and fenetre.test takes a letter. */
export const offTheBlocklist: Check = async probes => {
  const { ipv4, ipv6 } = probes.lab.address.server
  const [states, trapped] = await Promise.all([
    Promise.all([ipv4, ipv6].map(address => probes.blocklist.state(address))),
    lastToTraps(probes),
  ])
  if (trapped) return stillSpamming(trapped, states.map(({ listing }) => listing).find(Boolean) ?? null)
  const listed = states.find(state => state.listed)
  if (listed?.listing) return stillListed(listed.listing, listed.page)

  const letters = await memberWrites(probes, writerOf(probes.lab, 'off-the-blocklist'), 'fenetre')
  if (isFail(letters)) return letters
  const [event] = letters.events
  if (!event) return notArrived('fenetre', letters.missing)
  if (event.fate === 'refused' || event.fate === 'deferred') return notAccepted(event)
  return pass({
    en: 'Nothing goes to the traps any more, no address of yours is listed, and fenetre.test took a letter of your members.',
    fr: 'Plus rien ne part vers les pièges, aucune de vos adresses n’est sur la liste, et fenetre.test a pris une lettre de vos membres.',
  })
}

/** What the server tried to hand over to a trap lately, taken or not. */
async function lastToTraps(probes: Probes): Promise<MailEvent | undefined> {
  const traps = new Set(trapsOf(probes.lab))
  const events = await probes.providers.copine.attempts(Date.now() - QUIET_MS)
  return events.find(({ envelope }) => envelope.to.some(one => traps.has(one)))
}

const expected: Text = {
  en: 'The cause is mended, none of your addresses is on the blocklist any more, and fenetre.test takes your members’ mail.',
  fr: 'La cause est réparée, plus aucune de vos adresses n’est sur la liste noire, et fenetre.test prend le courrier de vos membres.',
}

const stillSpamming = (event: MailEvent, listing: Listing | null): Fail =>
  fail('still-spamming', {
    expected,
    observed: {
      en: `Less than ${QUIET_MS / 1000} s ago your server wrote to ${event.envelope.to.join(', ')}, a spam trap, as ${event.envelope.from}.${listing ? ` ${listing.address} is listed: ${listing.reason.en}` : ''}`,
      fr: `Il y a moins de ${QUIET_MS / 1000} s, votre serveur a écrit à ${event.envelope.to.join(', ')}, un piège à spam, comme ${event.envelope.from}.${listing ? ` ${listing.address} est sur la liste : ${listing.reason.fr}` : ''}`,
    },
    next: {
      en: '`grep -c trap- /var/log/mail.log` grows. `pickup` with uid=0 in the lines before means: a program of root’s on this machine. `ps axf` shows what runs, `ls /etc/cron.*` what starts it, `mailq` what it left behind. End the one, remove the others, wait half a minute, then ask to be let off.',
      fr: '`grep -c trap- /var/log/mail.log` augmente. `pickup` avec uid=0 dans les lignes d’avant veut dire : un programme de root, sur cette machine. `ps axf` montre ce qui tourne, `ls /etc/cron.*` ce qui le lance, `mailq` ce qu’il a laissé. Arrêtez l’un, supprimez le reste, attendez une demi-minute, puis demandez le retrait.',
    },
    transcript: event.transcript,
  })

const stillListed = ({ address, reason, evidence }: Listing, page: string): Fail =>
  fail('still-listed', {
    expected,
    observed: {
      en: `${address} is on the list: ${reason.en}`,
      fr: `${address} est sur la liste : ${reason.fr}`,
    },
    next: {
      en: `From the desk: \`curl ${page}\` shows why and what was seen; \`curl -X POST ${page}\` asks to be let off. The blocklist’s page in your browser does the same. Each address needs a request of its own, IPv4 and IPv6.`,
      fr: `Depuis le bureau : \`curl ${page}\` montre pourquoi et ce qui a été vu ; \`curl -X POST ${page}\` demande le retrait. La page de la liste noire, dans votre navigateur, fait de même. Il faut une demande par adresse, IPv4 et IPv6.`,
    },
    transcript: evidence.at(-1)?.dialogue ?? '',
  })

const notAccepted = (event: MailEvent): Fail =>
  fail('not-accepted', {
    expected,
    observed: {
      en: `The list is behind you, but to a member’s letter fenetre.test said: ${told(event)}`,
      fr: `La liste est derrière vous, mais à la lettre d’un membre fenetre.test a dit : ${told(event)}`,
    },
    next: {
      en: 'The reply names what it lacks; over IPv6 it wants SPF or DKIM and a reverse name. `grep "fenetre.test.*said:" /var/log/mail.log | tail -3` has its replies.',
      fr: 'La réponse nomme ce qui manque ; en IPv6, il veut SPF ou DKIM, et un nom inverse. `grep "fenetre.test.*said:" /var/log/mail.log | tail -3` a ses réponses.',
    },
    transcript: event.transcript,
  })
