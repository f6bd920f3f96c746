import type { ReceivedMessage } from '../../../checker/probes/types.ts'
import type { Text } from '../../../checker/step.ts'
import type { Verdict } from '../../../checker/verdict.ts'
import type { Letter } from '../start/letter.ts'
import { fail } from './say.ts'

/** Nobody types a command faster; programs answer in a few milliseconds. */
const HAND_MS = 300

/** What keeps a letter that arrived from being the one asked for; null if it is. */
export function wrongWith(message: ReceivedMessage, { from, to }: Letter): Verdict | null {
  const transcript = message.verdict?.transcript ?? ''
  if (message.from.toLowerCase() !== from)
    return fail(
      'wrong-sender',
      {
        en: `The envelope comes from ${from}: \`MAIL FROM:<${from}>\``,
        fr: `L’enveloppe vient de ${from} : \`MAIL FROM:<${from}>\``,
      },
      {
        en: `A letter arrived from ${message.from || 'the empty sender'}.`,
        fr: `Une lettre est arrivée de ${message.from || 'l’expéditeur vide'}.`,
      },
      {
        next: {
          en: 'Both addresses of your envelope stand in `/srv/slips/letter.txt` on the desk.',
          fr: 'Les deux adresses de votre enveloppe sont sur le bureau, dans `/srv/slips/letter.txt`.',
        },
        transcript,
      },
    )
  return notAsOnTheEnvelope(message.source, { from, to }, transcript) ?? tooFast(message)
}

function notAsOnTheEnvelope(source: string, { from, to }: Letter, transcript: string): Verdict | null {
  const head = (source.split(/\r?\n\r?\n/, 1)[0] ?? '').replace(/\r?\n[ \t]+/g, ' ')
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? ''
  const header = { from: field('From'), to: field('To') }
  const expected: Text = {
    en: 'The header has a `From:` and a `To:`, and they name other people than the envelope.',
    fr: 'Les en-têtes ont un `From:` et un `To:`, et ils nomment d’autres gens que l’enveloppe.',
  }
  const missing = !header.from ? 'From' : !header.to ? 'To' : ''
  if (missing)
    return fail(
      'no-header',
      expected,
      {
        en: `The letter arrived, and has no \`${missing}:\` in its header. It was taken all the same: the envelope was enough.`,
        fr: `La lettre est arrivée, sans \`${missing}:\` dans ses en-têtes. Elle a été prise quand même : l’enveloppe a suffi.`,
      },
      {
        next: {
          en: 'After DATA come the header’s lines, then an empty line, then the text. A line without a name and colon ends the header.',
          fr: 'Après DATA viennent les lignes d’en-tête, puis une ligne vide, puis le texte. Une ligne sans nom ni deux-points met fin aux en-têtes.',
        },
        transcript,
      },
    )
  const same = header.from.toLowerCase().includes(from)
    ? 'From'
    : header.to.toLowerCase().includes(to)
      ? 'To'
      : ''
  if (!same) return null
  return fail(
    'same-as-the-envelope',
    expected,
    {
      en: `The letter arrived; its \`${same}:\` says what the envelope says: ${same === 'From' ? header.from : header.to}`,
      fr: `La lettre est arrivée ; son \`${same}:\` dit la même chose que l’enveloppe : ${same === 'From' ? header.from : header.to}`,
    },
    {
      next: {
        en: 'Write another one. Keep `MAIL FROM` and `RCPT TO`, and invent who stands in the letter, as in the lesson.',
        fr: 'Écrivez-en une autre. Gardez `MAIL FROM` et `RCPT TO`, et inventez les noms dans la lettre, comme dans la leçon.',
      },
      transcript,
    },
  )
}

/** From the last MAIL on: what openssl says of itself before, for STARTTLS, is not typed. */
function tooFast({ verdict }: ReceivedMessage): Verdict | null {
  const transcript = verdict?.transcript ?? ''
  const said = transcript.split('\n').filter(line => line.startsWith('C:'))
  const waits = verdict?.pace ?? []
  const begin = said.findLastIndex(line => /^C: MAIL\b/i.test(line))
  const quick = said
    .map((line, i) => ({ command: line.slice(3).split(/[\s:]/)[0] ?? '', ms: waits[i] ?? 0, i }))
    .filter(({ i, ms }) => i >= begin && ms < HAND_MS)
  if (!quick.length) return null
  const list = quick.map(({ command, ms }) => `${command} (${ms} ms)`).join(', ')
  return fail(
    'too-fast',
    {
      en: 'The commands are typed by hand, one after the other, each when the server has answered the one before.',
      fr: 'Les commandes sont tapées à la main, l’une après l’autre, chacune quand le serveur a répondu à la précédente.',
    },
    {
      en: `The letter arrived, and copine.test noted how long after its own last word each line came: ${list}. No fingers are that quick.`,
      fr: `La lettre est arrivée, et copine.test a noté combien de temps après son dernier mot venait chaque ligne : ${list}. Aucun doigt n’est si rapide.`,
    },
    {
      next: {
        en: 'A program did it, or a text pasted in one go. Open `nc -C mx.copine.test 25` on the desk and type line by line.',
        fr: 'C’est un programme qui l’a fait, ou un texte collé d’un coup. Ouvrez `nc -C mx.copine.test 25` sur le bureau et tapez ligne par ligne.',
      },
      transcript,
    },
  )
}
