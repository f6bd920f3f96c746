import type { MailEvent } from '../../../checker/probes/types.ts'
import type { Check, Text } from '../../../checker/step.ts'
import { letter } from '../start/letter.ts'
import { replies } from '../start/replies.ts'
import { beside, fail } from './say.ts'

/** The providers' own logs hold the two refusals; which of six others to retry comes from the seed. */
export const readTheReplies: Check = async ({ answers, providers, lab }) => {
  const { from } = letter(lab)
  const events = (await Promise.all(Object.values(providers).map(({ attempts }) => attempts(0)))).flat()
  const mine = events.filter(({ envelope }) => envelope.from.toLowerCase() === from)
  const again = replies(lab)
    .flatMap(({ letter, again }) => (again ? letter : []))
    .join('')
  const form = answers.judge(
    { again: given => letters(given) === again, told: 'envelope' },
    {
      next: {
        en: 'The six replies stand in `/srv/slips/replies.txt` on the desk. Believe the first digit; the words around it sometimes say otherwise.',
        fr: 'Les six réponses sont sur le bureau, dans `/srv/slips/replies.txt`. Fiez-vous au premier chiffre ; les mots autour disent parfois autre chose.',
      },
    },
  )
  const missing = provoked(mine, from)
  return missing ? beside(missing, form) : form
}

/** `a, c and e`, `ACE` and `e c a` are the same answer. */
const letters = (given: string): string =>
  [
    ...new Set(
      given
        .toLowerCase()
        .replace(/\b(and|et|und)\b/g, '')
        .replace(/[^a-z]/g, ''),
    ),
  ]
    .sort()
    .join('')

const FOR_A_4: Text = {
  en: 'For a 4, write to somebody whose mailbox is full: `RCPT TO:<overflowing@grosmail.test>`.',
  fr: 'Pour un 4, écrivez à quelqu’un dont la boîte est pleine : `RCPT TO:<debordante@grosmail.test>`.',
}
const FOR_A_5: Text = {
  en: 'For a 5, ask a provider for somebody who isn’t theirs: `RCPT TO:<friend@elsewhere.test>`.',
  fr: 'Pour un 5, demandez à un hébergeur quelqu’un qui n’est pas de chez lui : `RCPT TO:<ami@ailleurs.test>`.',
}
const SPELLING: Text = {
  en: '(500, 501 and 503 only say that a command was misspelt or came too early; they don’t count.)',
  fr: '(500, 501 et 503 disent seulement qu’une commande est mal écrite ou vient trop tôt ; ils ne comptent pas.)',
}

function provoked(events: MailEvent[], from: string): ReturnType<typeof fail> | null {
  const of = (digit: number) => events.find(({ code }) => Math.floor(code / 100) === digit)
  const [soft, hard] = [of(4), of(5)]
  if (soft && hard) return null
  const seen = soft ?? hard
  const ways = [...(soft ? [] : [FOR_A_4]), ...(hard ? [] : [FOR_A_5]), SPELLING]
  return fail(
    hard ? 'no-4xx' : 'no-5xx',
    {
      en: `Providers have told \`MAIL FROM:<${from}>\` one “not now” (4xx) and one “no” (5xx).`,
      fr: `Des hébergeurs ont dit à \`MAIL FROM:<${from}>\` un « pas maintenant » (4xx) et un « non » (5xx).`,
    },
    seen
      ? {
          en: `So far only, from ${seen.to}: ${seen.reply}`,
          fr: `Jusqu’ici seulement, de ${seen.to} : ${seen.reply}`,
        }
      : {
          en: 'No provider has refused anything to this sender yet.',
          fr: 'Aucun hébergeur n’a encore rien refusé à cet expéditeur.',
        },
    {
      next: { en: ways.map(({ en }) => en).join(' '), fr: ways.map(({ fr }) => fr).join(' ') },
      ...(seen ? { transcript: seen.transcript } : {}),
    },
  )
}
