import type { MailEvent, Probes, ReportAnswer } from '../../../checker/probes/types.ts'
import type { Check, Text } from '../../../checker/step.ts'
import { type Fail, fail } from '../../05-fifty-users/checks/say.ts'
import { writerOf } from '../start/people.ts'
import { isFail, memberWrites, notArrived, told } from './letters.ts'

/** Members pass DMARC, misaligned mail is refused, a report of it arrived, and the learner read in it who forges. */
export const dmarc: Check = async probes => {
  const { lab } = probes
  const [policy, forged, big, slow] = await Promise.all([
    probes.grosmail.policy(),
    probes.grosmail.forge(1),
    memberWrites(probes, writerOf(lab, 'dmarc'), 'grosmail'),
    memberWrites(probes, writerOf(lab, 'dmarc'), 'agrume', { waitMs: 15_000 }),
  ])
  if (isFail(big)) return big
  if (isFail(slow)) return slow
  const { dmarc: record } = policy
  if (record.found.length === 0) return noRecord(lab.domain)
  if (record.faults.length > 0) return badRecord(record.found, record.faults[0]?.text)
  for (const { events, missing, provider } of [big, slow]) {
    const [event] = events
    if (!event) return notArrived(provider, missing)
    if (event.authentication && event.authentication.dmarc !== 'pass') return notPass(provider, event)
    if (event.fate === 'refused' || event.fate === 'deferred') return notTaken(provider, event)
  }
  const misaligned = forged.replies.find(({ code }) => code < 500)
  if (misaligned) return notRefused(record.found[0] ?? '', `${misaligned.code} ${misaligned.reply}`)
  return reported(probes, record.rua)
}

async function reported(probes: Probes, rua: readonly string[]) {
  if (rua.length === 0) return noReports(probes.lab.domain)
  const answer = await probes.grosmail.report('dmarc')
  if (!answer.report || !answer.sent.some(({ accepted }) => accepted)) return notReceived(answer)
  const failing = answer.report.sources.filter(({ spf, dkim }) => !spf && !dkim).map(({ address }) => address)
  return probes.answers.judge(
    // Who forged from the desk, as the lesson shows, found that in the report.
    { source: [...failing, ...Object.values(probes.lab.address.desk)] },
    {
      next: {
        en: 'The report is in the mailbox that `rua=` names, a compressed XML file: each `<record>` is a source; the one with `fail` at both `<dkim>` and `<spf>` under `<policy_evaluated>` is the forger. `dig -x` says whose it is.',
        fr: 'Le rapport est dans la boîte que nomme `rua=`, un fichier XML compressé : chaque `<record>` est une source ; celle qui a `fail` à la fois à `<dkim>` et à `<spf>` sous `<policy_evaluated>` est le faussaire. `dig -x` dit à qui elle est.',
      },
    },
  )
}

const expected: Text = {
  en: 'Your domain publishes how to treat mail that only pretends to come from it: refuse it, and report.',
  fr: 'Votre domaine publie comment traiter le courrier qui prétend seulement venir de lui : le refuser, et en rendre compte.',
}

const noRecord = (domain: string): Fail =>
  fail('no-dmarc', {
    expected,
    observed: {
      en: `There is no DMARC record at _dmarc.${domain}.`,
      fr: `Il n’y a pas d’enregistrement DMARC à _dmarc.${domain}.`,
    },
    next: {
      en: `\`dig +short TXT _dmarc.${domain}\` must show one: \`v=DMARC1; p=reject; rua=mailto:…\`.`,
      fr: `\`dig +short TXT _dmarc.${domain}\` doit en montrer un : \`v=DMARC1; p=reject; rua=mailto:…\`.`,
    },
  })

const badRecord = (found: readonly string[], fault: Text | undefined): Fail =>
  fail('bad-dmarc', {
    expected,
    observed: fault ?? { en: 'The record can’t be used.', fr: 'L’enregistrement est inutilisable.' },
    next: {
      en: 'Compare with `v=DMARC1; p=reject; rua=mailto:ADDRESS`: `v` first, tags with `;` between them, one record.',
      fr: 'Comparez avec `v=DMARC1; p=reject; rua=mailto:ADRESSE` : `v` d’abord, des `;` entre les balises, un seul enregistrement.',
    },
    transcript: found.join('\n'),
  })

const notPass = (provider: string, event: MailEvent): Fail =>
  fail('dmarc-fails', {
    expected: {
      en: `${provider}.test says dmarc=pass for what your members send.`,
      fr: `${provider}.test dit dmarc=pass pour ce qu’envoient vos membres.`,
    },
    observed: {
      en: `A member’s letter got dmarc=${event.authentication?.dmarc}, with spf=${event.authentication?.spf} and dkim=${event.authentication?.dkim}.`,
      fr: `La lettre d’un membre a obtenu dmarc=${event.authentication?.dmarc}, avec spf=${event.authentication?.spf} et dkim=${event.authentication?.dkim}.`,
    },
    next: {
      en: 'SPF or DKIM must pass for the domain of the From itself: the tasks SPF and DKIM come first. The line below shows for which domain each passed (`smtp.mailfrom`, `header.i`).',
      fr: 'SPF ou DKIM doit passer pour le domaine du From lui-même : les tâches SPF et DKIM viennent d’abord. La ligne ci-dessous montre pour quel domaine chacun passe (`smtp.mailfrom`, `header.i`).',
    },
    transcript: `Authentication-Results: ${event.authentication?.header ?? ''}`,
  })

const notTaken = (provider: string, event: MailEvent): Fail =>
  fail('not-accepted', {
    expected: {
      en: `${provider}.test takes what your members send.`,
      fr: `${provider}.test prend ce qu’envoient vos membres.`,
    },
    observed: {
      en: `A member’s letter heard: ${told(event)}`,
      fr: `La lettre d’un membre a entendu : ${told(event)}`,
    },
    next: {
      en: `The reply names what it lacks; \`grep "${provider}.test.*said:" /var/log/mail.log | tail -3\` has it too.`,
      fr: `La réponse nomme ce qui manque ; \`grep "${provider}.test.*said:" /var/log/mail.log | tail -3\` l’a aussi.`,
    },
    transcript: event.transcript,
  })

const notRefused = (record: string, reply: string): Fail =>
  fail('forgery-taken', {
    expected: {
      en: 'Mail with your domain in the From, brought by a stranger whose papers are in order for their own domain only, is refused.',
      fr: 'Le courrier qui porte votre domaine dans le From est refusé quand l’apporte un inconnu dont les papiers ne valent que pour son propre domaine.',
    },
    observed: {
      en: `We sent such a forgery, and grosmail.test said: ${reply}`,
      fr: `Nous avons envoyé un tel faux, et grosmail.test a dit : ${reply}`,
    },
    next: {
      en: '`p=none` only watches, `p=quarantine` puts into spam. Once your own mail passes, the policy is `p=reject`, without `t=y`.',
      fr: '`p=none` ne fait que regarder, `p=quarantine` met aux indésirables. Une fois que votre propre courrier passe, la politique est `p=reject`, sans `t=y`.',
    },
    transcript: record,
  })

const noReports = (domain: string): Fail =>
  fail('no-reports', {
    expected: {
      en: 'Providers know where to send their reports.',
      fr: 'Les hébergeurs savent où envoyer leurs rapports.',
    },
    observed: { en: 'The record has no `rua=`.', fr: 'L’enregistrement n’a pas de `rua=`.' },
    next: {
      en: `Add \`rua=mailto:dmarc-reports@${domain}\`, and let the address exist.`,
      fr: `Ajoutez \`rua=mailto:dmarc-reports@${domain}\`, et faites exister l’adresse.`,
    },
  })

function notReceived({ sent, why }: ReportAnswer): Fail {
  const [first] = sent
  const words = why ?? { en: '', fr: '' }
  return fail('report-refused', {
    expected: {
      en: 'The report of grosmail.test reaches the address of `rua=`.',
      fr: 'Le rapport de grosmail.test atteint l’adresse de `rua=`.',
    },
    observed: first
      ? {
          en: `For ${first.to} your server said: ${first.reply}`,
          fr: `Pour ${first.to}, votre serveur a dit : ${first.reply}`,
        }
      : { en: words.en || 'None was sent.', fr: words.fr || 'Aucun n’a été envoyé.' },
    next: {
      en: 'An alias in /etc/aliases is enough: `dmarc-reports: sasha`, then `newaliases`. `grep dmarc-reports /var/log/mail.log | tail -3` shows what became of it.',
      fr: 'Un alias dans /etc/aliases suffit : `dmarc-reports: sasha`, puis `newaliases`. `grep dmarc-reports /var/log/mail.log | tail -3` montre ce qu’il est devenu.',
    },
  })
}
