import type { Probes, ReceivedMessage } from '../../../checker/probes/types.ts'
import type { Check } from '../../../checker/step.ts'
import type { Verdict } from '../../../checker/verdict.ts'
import { type Letter, letter } from '../start/letter.ts'
import { fail } from './say.ts'
import { wrongWith } from './typed-letter.ts'

/** copine.test has the letter, knows from which machine it came, and how long each of its commands took to type. */
export const smtpByHand: Check = async probes => {
  const wanted = letter(probes.lab)
  const own = new Set(Object.values(probes.lab.address).flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]))
  let mine: ReceivedMessage[] = []
  // A letter is there some moments before its provider has judged it, and may still be refused.
  await probes.until(async () => {
    const all = await probes.providers.copine.received(wanted.to)
    mine = all.filter(({ remoteAddress, verdict }) => own.has(remoteAddress) && verdict)
    return mine.length === all.filter(({ remoteAddress }) => own.has(remoteAddress)).length || null
  }, 5000)
  const verdicts = mine.map(message => wrongWith(message, wanted))
  const [newest] = verdicts
  if (verdicts.includes(null))
    return {
      status: 'pass',
      observed: {
        en: `copine.test has the letter for ${wanted.to}, typed by hand, in an envelope that says something else than its header.`,
        fr: `copine.test a la lettre pour ${wanted.to}, tapée à la main, dans une enveloppe qui dit autre chose que ses en-têtes.`,
      },
    }
  return newest ?? (await nothingArrived(probes, wanted))
}

async function nothingArrived({ providers }: Probes, { from, to }: Letter): Promise<Verdict> {
  const expected = {
    en: `A letter for ${to} arrives at copine.test.`,
    fr: `Une lettre pour ${to} arrive chez copine.test.`,
  }
  const attempts = await providers.copine.attempts(0)
  const last = attempts.find(({ envelope }) => envelope.from === from || envelope.to.includes(to))
  if (!last)
    return fail(
      'no-letter',
      expected,
      {
        en: `copine.test has not yet seen an envelope from ${from} or to ${to}.`,
        fr: `copine.test n’a encore vu aucune enveloppe venant de ${from} ou allant à ${to}.`,
      },
      {
        next: {
          en: 'On the desk: `cat /srv/slips/letter.txt`, then `nc -C mx.copine.test 25`. A letter is sent when the server answers `250` to the dot alone on its line.',
          fr: 'Sur le bureau : `cat /srv/slips/letter.txt`, puis `nc -C mx.copine.test 25`. Une lettre est partie quand le serveur répond `250` au point seul sur sa ligne.',
        },
      },
    )
  const deferred = last.fate === 'deferred'
  return fail(
    deferred ? 'not-yet' : 'refused',
    expected,
    { en: `copine.test answered: ${last.reply}`, fr: `copine.test a répondu : ${last.reply}` },
    {
      next: deferred
        ? {
            en: 'A 4 means: not now. Wait as long as it says, in the same conversation, and type the same `RCPT TO` again; then go on with DATA.',
            fr: 'Un 4 veut dire : pas maintenant. Attendez le temps indiqué, dans la même conversation, et retapez le même `RCPT TO` ; puis continuez par DATA.',
          }
        : {
            en: `A 5 means: no. ${last.reasons[0]?.text.en ?? ''} Change what it complains of, then begin again.`,
            fr: `Un 5 veut dire : non. ${last.reasons[0]?.text.fr ?? ''} Changez ce qu’elle vous reproche, puis recommencez.`,
          },
      transcript: last.transcript,
    },
  )
}
