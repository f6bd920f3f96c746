import { isIPv6 } from 'node:net'
import type { MailEvent } from '../../../checker/probes/types.ts'
import type { Check, Text } from '../../../checker/step.ts'
import { type Fail, fail, pass } from '../../05-fifty-users/checks/say.ts'
import { writerOf } from '../start/people.ts'
import { forge } from './forged.ts'
import { isFail, memberWritesUntil, notArrived, sourceOf, told } from './letters.ts'

/** What members send passes SPF at grosmail.test; what a stranger sends in their name does not. */
export const spf: Check = async probes => {
  const { lab } = probes
  const writer = writerOf(lab, 'spf')
  const forging = forge(probes, writer.login, 'whole')
  forging.catch(() => {})
  const letters = await memberWritesUntil(probes, writer, 'grosmail', events => {
    const families = new Set(events.map(event => isIPv6(sourceOf(event))))
    return families.size === 2 || events.some(({ authentication }) => authentication?.spf !== 'pass')
  })
  if (isFail(letters)) return letters
  const judged = letters.events.filter(event => event.authentication)
  const [first] = letters.events
  if (!first) return notArrived('grosmail', letters.missing)
  if (judged.length === 0) return turnedAway(first)
  const wrong = judged.find(event => event.authentication?.spf !== 'pass')
  if (wrong) {
    const { mistakes } = await probes.registrar.state()
    return notPass(lab.domain, wrong, mistakes.find(({ code }) => /spf/.test(code))?.text)
  }
  const forged = await forging
  if (!['fail', 'softfail'].includes(forged.results.spf))
    return tooWide(lab.domain, forged.results.spf, forged.transcript)
  const from = [...new Set(judged.map(sourceOf))].join(', ')
  return pass({
    en: `grosmail.test says spf=pass for your members’ mail from ${from}, and spf=${forged.results.spf} for a stranger’s in your name.`,
    fr: `grosmail.test dit spf=pass pour le courrier de vos membres venu de ${from}, et spf=${forged.results.spf} pour celui d’un inconnu en votre nom.`,
  })
}

const expected = (domain: string): Text => ({
  en: `grosmail.test says spf=pass for mail whose envelope sender is at ${domain}, from each address of your server.`,
  fr: `grosmail.test dit spf=pass pour le courrier dont l’expéditeur d’enveloppe est chez ${domain}, depuis chaque adresse de votre serveur.`,
})

/** At MAIL already, so that nobody looked at SPF. */
const turnedAway = (event: MailEvent): Fail =>
  fail('turned-away', {
    expected: {
      en: 'grosmail.test lets your server in as far as SPF.',
      fr: 'grosmail.test laisse entrer votre serveur jusqu’à l’examen de SPF.',
    },
    observed: { en: `It said: ${told(event)}`, fr: `Il a dit : ${told(event)}` },
    next: {
      en: 'The reply says what it lacks; your own log has it too: `grep "grosmail.test.*said:" /var/log/mail.log | tail -3`. If it is the reverse name, that is another task of this step: do it first.',
      fr: 'La réponse dit ce qui manque ; votre journal l’a aussi : `grep "grosmail.test.*said:" /var/log/mail.log | tail -3`. Si c’est le nom inverse, c’est une autre tâche de cette étape : commencez par elle.',
    },
    transcript: event.transcript,
  })

function notPass(domain: string, event: MailEvent, mistake: Text | undefined): Fail {
  const { spf = 'none', header = '' } = event.authentication ?? {}
  const from = sourceOf(event)
  const code = spf === 'none' ? 'no-spf' : /error/.test(spf) ? 'spf-broken' : 'spf-forgets-us'
  const next: Record<string, Text> = {
    'no-spf': {
      en: `\`dig +short TXT ${domain}\` must show one record that begins with v=spf1. SPF is looked for at the domain after the @ of the envelope sender, and nowhere above or below it.`,
      fr: `\`dig +short TXT ${domain}\` doit montrer un enregistrement qui commence par v=spf1. SPF se cherche au domaine qui suit le @ de l’expéditeur d’enveloppe, ni au-dessus ni au-dessous.`,
    },
    'spf-broken': mistake ?? {
      en: `The record can’t be used as it is: \`dig +short TXT ${domain}\`.`,
      fr: `L’enregistrement est inutilisable tel quel : \`dig +short TXT ${domain}\`.`,
    },
    'spf-forgets-us': {
      en: `${from} is an address from which you send, and the record (\`dig +short TXT ${domain}\`) leaves it out. \`mx\` names all addresses of your MX, IPv4 and IPv6.`,
      fr: `${from} est une adresse d’où vous envoyez, et l’enregistrement (\`dig +short TXT ${domain}\`) l’oublie. \`mx\` désigne toutes les adresses de votre MX, en IPv4 et en IPv6.`,
    },
  }
  return fail(code, {
    expected: expected(domain),
    observed: {
      en: `A member’s letter came from ${from}, and it said spf=${spf}.`,
      fr: `La lettre d’un membre est venue de ${from}, et il a dit spf=${spf}.`,
    },
    next: next[code],
    transcript: `Authentication-Results: ${header}`,
  })
}

const tooWide = (domain: string, spf: string, transcript: string): Fail =>
  fail('spf-too-wide', {
    expected: {
      en: `A letter in the name of ${domain} that a stranger’s server brings gets spf=fail, or spf=softfail.`,
      fr: `Une lettre au nom de ${domain} qu’apporte le serveur d’un inconnu obtient spf=fail, ou spf=softfail.`,
    },
    observed: {
      en: `We sent one from copine.test to grosmail.test, and it got spf=${spf || 'pass'}.`,
      fr: `Nous en avons envoyé une de copine.test à grosmail.test, et elle a obtenu spf=${spf || 'pass'}.`,
    },
    next: {
      en: `\`dig +short TXT ${domain}\` shows the record: it must end with \`-all\` (or \`~all\`), and name no more addresses than yours.`,
      fr: `\`dig +short TXT ${domain}\` montre l’enregistrement : il doit finir par \`-all\` (ou \`~all\`) et ne nommer que vos adresses.`,
    },
    transcript,
  })
