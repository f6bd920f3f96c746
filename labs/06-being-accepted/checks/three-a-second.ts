import type { Delivery, MailEvent, Probes } from '../../../checker/probes/types.ts'
import type { Check, Text } from '../../../checker/step.ts'
import { type Fail, fail, pass } from '../../05-fifty-users/checks/say.ts'
import { invitedOf, writerOf } from '../start/people.ts'
import { isFail, memberWrites, notArrived, told } from './letters.ts'

/** More than agrume.test takes at once, in connections and in messages a second. */
const BURST = 6
/** One a second, and the other checks' letters to agrume.test in between. */
const BURST_MS = 18_000
/** What was refused a moment before the first of the sixty was taken belongs to the same sending. */
const MARGIN_MS = 2000

const HASTE = ['too-fast', 'too-many-connections']
const hasty = (event: MailEvent) => event.reasons.some(({ rule }) => HASTE.includes(rule))

/** The sixty have their invitation, agrume.test never had to say «slow down», and a burst now is as orderly. */
export const threeASecond: Check = async probes => {
  const invited = invitedOf(probes.lab)
  const latest = await lastOf(probes, invited)
  if (latest.size > 0 && latest.size < invited.length) return missing(probes, invited, latest)
  const together = [...latest.values()].find(({ to }) => to.length > 1)
  if (together) return allInOne(together)
  const times = [...latest.values()].map(({ at }) => at)
  const [first, last] = [Math.min(...times) - MARGIN_MS, Math.max(...times)]
  const refusals = (await probes.providers.agrume.attempts(0)).filter(
    event => event.at >= first && event.at <= last && hasty(event),
  )
  if (refusals.length > 0) return tooFast(refusals, 'sixty')

  const letters = await memberWrites(probes, writerOf(probes.lab, 'three-a-second'), 'agrume', {
    count: BURST,
    sessions: 3,
    waitMs: BURST_MS,
    until: event => hasty(event),
  })
  if (isFail(letters)) return letters
  const burst = (await probes.providers.agrume.attempts(letters.began)).filter(hasty)
  if (burst.length > 0) return tooFast(burst, 'burst')
  const refused = letters.events.find(({ fate }) => fate === 'refused' || fate === 'deferred')
  if (refused) return notAccepted(refused)
  if (letters.missing.length > 0) return notArrived('agrume', letters.missing)
  if (latest.size === 0) return missing(probes, invited, latest)
  const seconds = Math.round((last - first - MARGIN_MS) / 1000)
  return pass({
    en: `All sixty arrived, within ${seconds} s, none refused for haste; of ${BURST} letters handed over at once, neither.`,
    fr: `Les soixante sont arrivées, en ${seconds} s, aucune refusée pour excès de vitesse ; sur ${BURST} lettres déposées d’un coup, aucune non plus.`,
  })
}

/** The last delivery to each of the invited since the domain is the learner's. */
async function lastOf(probes: Probes, invited: readonly string[]): Promise<Map<string, Delivery>> {
  const { since } = await probes.registrar.state()
  const wanted = new Set(invited)
  const latest = new Map<string, Delivery>()
  for (const delivery of await probes.providers.agrume.deliveries(since))
    for (const to of delivery.to.map(one => one.toLowerCase()))
      if (wanted.has(to) && !latest.has(to)) latest.set(to, delivery)
  return latest
}

const expected: Text = {
  en: 'Each of the sixty addresses of /root/invited.txt has got a message of its own, and agrume.test never had to refuse one for haste.',
  fr: 'Chacune des soixante adresses de /root/invited.txt a reçu un message à elle, et agrume.test n’a jamais eu à en refuser un pour excès de vitesse.',
}

async function missing(
  probes: Probes,
  invited: readonly string[],
  latest: ReadonlyMap<string, Delivery>,
): Promise<Fail> {
  const without = invited.filter(one => !latest.has(one))
  const tried = await probes.providers.agrume.attempts(0)
  const mine = tried.find(
    event => event.fate !== 'inbox' && (hasty(event) || event.envelope.to.some(one => without.includes(one))),
  )
  if (latest.size === 0 && !mine)
    return fail('not-sent', {
      expected,
      observed: { en: 'None has arrived yet.', fr: 'Aucun n’est encore arrivé.' },
      next: {
        en: 'Set up a slow transport for agrume.test, then send: `while read -r to; do mail -s Invitation "$to" <<<"…"; done < /root/invited.txt`.',
        fr: 'Préparez un transport lent pour agrume.test, puis envoyez : `while read -r to; do mail -s Invitation "$to" <<<"…"; done < /root/invited.txt`.',
      },
    })
  return fail(mine && hasty(mine) ? 'too-fast' : 'some-missing', {
    expected,
    observed: {
      en: `${latest.size} of 60 have arrived.${mine ? ` agrume.test said last: ${told(mine)}` : ''}`,
      fr: `${latest.size} sur 60 sont arrivés.${mine ? ` agrume.test a dit en dernier : ${told(mine)}` : ''}`,
    },
    next: {
      en: '`mailq` shows what waits, and until when it is not worth asking. If all is on its way, wait: sixty take a minute at one a second.',
      fr: '`mailq` montre ce qui attend, et pourquoi. Si tout est en route, patientez : soixante messages, à un par seconde, prennent une minute.',
    },
    ...(mine ? { transcript: mine.transcript } : {}),
  })
}

const tooFast = (refusals: readonly MailEvent[], which: 'sixty' | 'burst'): Fail =>
  fail('too-fast', {
    expected,
    observed: {
      en: `${which === 'sixty' ? 'While the sixty were sent' : `When a member wrote to ${BURST} people at once`}, agrume.test refused ${refusals.length} tries: ${refusals[0] ? told(refusals[0]) : ''}`,
      fr: `${which === 'sixty' ? 'Pendant l’envoi des soixante' : `Quand un membre a écrit à ${BURST} personnes d’un coup`}, agrume.test a refusé ${refusals.length} essais : ${refusals[0] ? told(refusals[0]) : ''}`,
    },
    next: {
      en: `A transport of its own for agrume.test (\`postconf transport_maps\`), with \`NAME_destination_concurrency_limit = 1\` and \`NAME_destination_rate_delay = 1s\`.${which === 'sixty' ? ' Then send the sixty again.' : ''}`,
      fr: `Il faut à agrume.test un transport à part (\`postconf transport_maps\`), avec \`NOM_destination_concurrency_limit = 1\` et \`NOM_destination_rate_delay = 1s\`.${which === 'sixty' ? ' Puis renvoyez les soixante.' : ''}`,
    },
    transcript: refusals[0]?.transcript ?? '',
  })

const allInOne = ({ to }: Delivery): Fail =>
  fail('all-in-one', {
    expected,
    observed: {
      en: `One message went to ${to.length} people together.`,
      fr: `Un seul message est parti à ${to.length} personnes ensemble.`,
    },
    next: {
      en: 'It spares the pace, and not the people: who answers to all has sixty addresses. Send sixty messages.',
      fr: 'Le rythme y gagne, pas les gens : qui répond à tous tient soixante adresses. Envoyez soixante messages.',
    },
  })

const notAccepted = (event: MailEvent): Fail =>
  fail('not-accepted', {
    expected,
    observed: {
      en: `To a letter of now it said: ${told(event)}`,
      fr: `À une lettre de l’instant, il a dit : ${told(event)}`,
    },
    next: {
      en: 'agrume.test wants SPF, DKIM and DMARC, all three, from everybody: those tasks come first.',
      fr: 'agrume.test veut SPF, DKIM et DMARC, les trois, de tout le monde : ces tâches passent avant.',
    },
    transcript: event.transcript,
  })
