import { isIPv6 } from 'node:net'
import type { MailEvent, Probes } from '../../../checker/probes/types.ts'
import type { Check } from '../../../checker/step.ts'
import { reverseName } from '../../04-how-mail-works/checks/reverse-name.ts'
import { type Fail, fail, pass, trouble } from '../../05-fifty-users/checks/say.ts'
import { writerOf } from '../start/people.ts'
import { isFail, memberWritesUntil, notArrived, sourceOf, told } from './letters.ts'

interface Reverse {
  address: string
  name: string
  confirmed: boolean
}

/** grosmail.test accepts over both families, or the server sends over IPv4 alone. */
export const reverseNames: Check = async probes => {
  const { ipv4, ipv6 } = probes.lab.address.server
  const [four, six] = await Promise.all([look(probes, ipv4), look(probes, ipv6)])
  // What is left to know is whether it uses IPv6 where it must not.
  const letters = await memberWritesUntil(
    probes,
    writerOf(probes.lab, 'reverse-names'),
    'grosmail',
    events => six.confirmed || events.some(event => isIPv6(sourceOf(event))),
  )
  if (isFail(letters)) return letters
  const { events } = letters
  if (events.length === 0) return notArrived('grosmail', letters.missing)
  const refused = events.find(event => event.fate === 'refused' || event.fate === 'deferred')
  const overSix = events.some(event => isIPv6(sourceOf(event)))
  const from = (address: string) =>
    events.find(event => event.fate === 'refused' && sourceOf(event) === address)
  if (!four.confirmed) return noName(four, from(ipv4))
  if (!six.confirmed && overSix) return noName(six, from(ipv6))
  if (refused) return notAccepted(refused)
  return pass(
    overSix
      ? {
          en: `${four.name} is the name of both addresses and leads back to them; grosmail.test accepted ${events.length} letters over IPv4 and IPv6.`,
          fr: `${four.name} est le nom des deux adresses et y ramène ; grosmail.test a accepté ${events.length} lettres, en IPv4 et en IPv6.`,
        }
      : {
          en: `Your server sends over IPv4 only, from ${four.name}: grosmail.test accepted ${events.length} letters.`,
          fr: `Votre serveur n’envoie qu’en IPv4, depuis ${four.name} : grosmail.test a accepté ${events.length} lettres.`,
        },
  )
}

async function look(probes: Probes, address: string): Promise<Reverse> {
  const type = isIPv6(address) ? 'AAAA' : 'A'
  const [found = ''] = await probes.dns.resolve(reverseName(address), 'PTR').catch(noAnswer)
  const name = found.replace(/\.$/, '')
  const back = name ? await probes.dns.resolve(name, type).catch(noAnswer) : []
  return { address, name, confirmed: back.includes(address) }
}

/** A zone that can't be resolved is the learner's to mend; a lab internet that is silent is not. */
function noAnswer(error: unknown): string[] {
  if (!trouble(error)) throw error
  return []
}

function noName({ address, name }: Reverse, refused: MailEvent | undefined): Fail {
  const six = isIPv6(address)
  return fail(six ? 'ptr-ipv6' : 'ptr-ipv4', {
    expected: {
      en: `${address}, from which your server sends, has a name, and the name leads back to it.`,
      fr: `${address}, d’où votre serveur envoie, a un nom, et ce nom y ramène.`,
    },
    observed: {
      en: `${name ? `Its name is ${name}, which does not lead back to it.` : 'It has no name.'}${refused ? ` grosmail.test said: ${told(refused)}` : ''}`,
      fr: `${name ? `Son nom est ${name}, qui n’y ramène pas.` : 'Elle n’a pas de nom.'}${refused ? ` grosmail.test a dit : ${told(refused)}` : ''}`,
    },
    next: six
      ? {
          en: `\`dig -x ${address}\` shows what there is. Set its PTR from the desk, as in step 4, or let Postfix send over IPv4 only.`,
          fr: `\`dig -x ${address}\` montre ce qu’il y a. Posez son PTR depuis le bureau, comme à l’étape 4, ou faites envoyer Postfix en IPv4 seulement.`,
        }
      : {
          en: `\`dig -x ${address}\` shows what there is; its PTR is set from the desk, as in step 4.`,
          fr: `\`dig -x ${address}\` montre ce qu’il y a ; son PTR se pose depuis le bureau, comme à l’étape 4.`,
        },
    ...(refused ? { transcript: refused.transcript } : {}),
  })
}

const notAccepted = (event: MailEvent): Fail =>
  fail('not-accepted', {
    expected: {
      en: 'grosmail.test accepts what your members send, whatever the family of addresses.',
      fr: 'grosmail.test accepte ce qu’envoient vos membres, quelle que soit la famille d’adresses.',
    },
    observed: {
      en: `The reverse names are right, and still ${sourceOf(event)} heard: ${told(event)}`,
      fr: `Les noms inverses sont bons, et pourtant ${sourceOf(event)} a entendu : ${told(event)}`,
    },
    next: {
      en: '`grep "grosmail.test.*said:" /var/log/mail.log | tail -3` has the reply too. Over IPv6 it also wants SPF or DKIM: begin with the task “SPF”.',
      fr: '`grep "grosmail.test.*said:" /var/log/mail.log | tail -3` a aussi la réponse. En IPv6, il veut en plus SPF ou DKIM : commencez par la tâche « SPF ».',
    },
    transcript: event.transcript,
  })
