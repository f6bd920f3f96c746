import type { MailEvent, ReceivedMessage } from '../../../checker/probes/types.ts'
import type { Check, Text } from '../../../checker/step.ts'
import { type Fail, fail, pass } from '../../05-fifty-users/checks/say.ts'
import { secretaryOf } from '../start/people.ts'
import { hand } from './letters.ts'

/** The gateway hands on within moments; its own queue and a busy machine are in the budget. */
const ARRIVAL_MS = 20_000

/** What the secretary sends comes to grosmail.test from another address, and passes there all the same. */
export const outgoingGateway: Check = async probes => {
  const { lab } = probes
  const secretary = secretaryOf(lab)
  const canary = probes.canary()
  const to = `reader-${canary.slice(-8)}@grosmail.test`
  const from = `${secretary.login}@${lab.domain}`
  const began = Date.now()
  const refused = await hand(probes, secretary, { canary, from, to: [to] })
  if (refused) return refused
  const met = await probes.until(async () => {
    const message = await probes.grosmail.receive(to, canary, 0)
    if (message?.verdict) return { message }
    const tries = await probes.grosmail.attempts(began, 'relais.test')
    const turned = tries.find(({ envelope, fate }) => envelope.to.includes(to) && fate === 'refused')
    return turned ? { turned } : null
  }, ARRIVAL_MS)
  if (met?.turned) return turnedAway(met.turned)
  if (!met) return notArrived(from)
  const { message } = met
  const own = Object.values(lab.address.server)
  if (own.includes(message.remoteAddress)) return ownAddress(from, message.remoteAddress)
  const words = message.verdict?.authentication
  if (words?.spf !== 'pass') return spfFails(message)
  if (words.dmarc !== 'pass') return dmarcFails(message)
  return pass({
    en: `The letter of ${from} came to grosmail.test from ${message.remoteAddress}, with spf=pass and dmarc=pass.`,
    fr: `La lettre de ${from} est arrivée chez grosmail.test depuis ${message.remoteAddress}, avec spf=pass et dmarc=pass.`,
  })
}

const expected: Text = {
  en: 'What the secretary of /root/secretary.txt sends leaves through smtp.relais.test, and passes SPF and DMARC.',
  fr: 'Ce qu’envoie la personne de /root/secretary.txt part par smtp.relais.test, et passe SPF et DMARC.',
}

const notArrived = (from: string): Fail =>
  fail('not-arrived', {
    expected,
    observed: {
      en: `A letter of ${from} has not reached grosmail.test within ${ARRIVAL_MS / 1000} s.`,
      fr: `Une lettre de ${from} n’a pas atteint grosmail.test en ${ARRIVAL_MS / 1000} s.`,
    },
    next: {
      en: '`mailq` says why it waits, `grep relais.test /var/log/mail.log | tail` what the gateway said: it wants the user and password of /srv/slips/relay.txt, under TLS. Is `libsasl2-modules` installed?',
      fr: '`mailq` dit pourquoi elle attend, `grep relais.test /var/log/mail.log | tail` ce qu’a dit la passerelle : il lui faut l’utilisateur et le mot de passe de /srv/slips/relay.txt, sous TLS. `libsasl2-modules` est-il installé ?',
    },
  })

const ownAddress = (from: string, address: string): Fail =>
  fail('own-address', {
    expected,
    observed: {
      en: `The letter of ${from} came to grosmail.test from ${address}, your server’s own address.`,
      fr: `La lettre de ${from} est arrivée chez grosmail.test depuis ${address}, l’adresse même de votre serveur.`,
    },
    next: {
      en: `\`postmap -q ${from} hash:/etc/postfix/gateway\` (your file may have another name) must give \`[smtp.relais.test]:587\`, and \`postconf sender_dependent_relayhost_maps\` must name it.`,
      fr: `\`postmap -q ${from} hash:/etc/postfix/gateway\` (votre fichier s’appelle peut-être autrement) doit donner \`[smtp.relais.test]:587\`, et \`postconf sender_dependent_relayhost_maps\` doit le nommer.`,
    },
  })

const nameTheGateway: Text = {
  en: 'The gateway sends in your name now, so your SPF record has to name it: `include:relais.test`, before `-all`, in the same record. `dig +short TXT "$(hostname -d)"` shows it.',
  fr: 'La passerelle envoie désormais en votre nom, votre enregistrement SPF doit donc la nommer : `include:relais.test`, avant `-all`, dans le même enregistrement. `dig +short TXT "$(hostname -d)"` le montre.',
}

const spfFails = (message: ReceivedMessage): Fail =>
  fail('spf-without-gateway', {
    expected,
    observed: {
      en: `The letter came from ${message.remoteAddress}, the gateway’s address, with spf=${message.verdict?.authentication?.spf ?? '?'}.`,
      fr: `La lettre est venue de ${message.remoteAddress}, l’adresse de la passerelle, avec spf=${message.verdict?.authentication?.spf ?? '?'}.`,
    },
    next: nameTheGateway,
    transcript: `Authentication-Results: ${message.verdict?.authentication?.header ?? ''}`,
  })

/** The gateway brought it, and grosmail.test would not have it. */
const turnedAway = ({ reply, authentication, transcript }: MailEvent): Fail =>
  fail(authentication?.spf === 'pass' ? 'turned-away' : 'spf-without-gateway', {
    expected,
    observed: {
      en: `The gateway brought the letter to grosmail.test, which refused it: ${reply}`,
      fr: `La passerelle a porté la lettre chez grosmail.test, qui l’a refusée : ${reply}`,
    },
    next: nameTheGateway,
    transcript,
  })

const dmarcFails = (message: ReceivedMessage): Fail =>
  fail('dmarc-fails', {
    expected,
    observed: {
      en: `The letter came through the gateway and SPF passes, but grosmail.test says dmarc=${message.verdict?.authentication?.dmarc ?? '?'}.`,
      fr: `La lettre est passée par la passerelle et SPF passe, mais grosmail.test dit dmarc=${message.verdict?.authentication?.dmarc ?? '?'}.`,
    },
    next: {
      en: '`dig +short TXT "_dmarc.$(hostname -d)"` must show a record: do the task DMARC first.',
      fr: '`dig +short TXT "_dmarc.$(hostname -d)"` doit montrer un enregistrement : faites d’abord la tâche DMARC.',
    },
    transcript: `Authentication-Results: ${message.verdict?.authentication?.header ?? ''}`,
  })
