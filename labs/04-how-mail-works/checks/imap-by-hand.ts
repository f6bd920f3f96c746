import type { MailSummary } from '../../../checker/probes/types.ts'
import type { Check, ImapFlag } from '../../../checker/step.ts'
import { ASKED, type ToRead, toRead } from '../start/to-read.ts'
import { beside, fail } from './say.ts'

/** The mailbox's own server says how the flags stand now; the words come from the seed. */
export const imapByHand: Check = async probes => {
  const letters = toRead(probes.lab)
  const present = (box: MailSummary[] | null) => letters.every(one => find(box, one)) || null
  let box = await probes.providers.agrume.mailbox()
  // Mailboxes are filled some moments after the machines are there.
  await probes.until(async () => {
    box = await probes.providers.agrume.mailbox()
    return present(box)
  }, 5000)
  const form = probes.answers.judge(
    {
      word: letters[ASKED]?.word ?? '',
      flagged: letters.findIndex(({ flags }) => flags.includes('\\Flagged')) + 1,
    },
    {
      next: {
        en: '`openssl s_client -quiet -crlf -connect imap.agrume.test:993`, then LOGIN, `EXAMINE INBOX`, `FETCH 1:* (FLAGS)`, `FETCH 3 BODY.PEEK[TEXT]`. The third is the one that IMAP counts third, from the oldest on.',
        fr: '`openssl s_client -quiet -crlf -connect imap.agrume.test:993`, puis LOGIN, `EXAMINE INBOX`, `FETCH 1:* (FLAGS)`, `FETCH 3 BODY.PEEK[TEXT]`. Le troisième, c’est celui qu’IMAP compte troisième, à partir du plus ancien.',
      },
    },
  )
  const touched = gone(letters, box) ?? changed(letters, box)
  return touched ? beside(touched, form) : form
}

const find = (box: MailSummary[] | null, { subject }: ToRead): MailSummary | undefined =>
  box?.find(one => one.folder === 'inbox' && one.subject === subject)

function gone(letters: ToRead[], box: MailSummary[] | null): ReturnType<typeof fail> | null {
  if (!box)
    return fail(
      'no-mailbox',
      { en: 'You have a mailbox at agrume.test.', fr: 'Vous avez une boîte chez agrume.test.' },
      { en: 'It isn’t there yet.', fr: 'Elle n’est pas encore là.' },
      {
        next: {
          en: 'Mailboxes are made in the seconds after your machines have opened. Check again in a moment; `~/mailboxes.txt` on the desk appears with them.',
          fr: 'Les boîtes se font dans les secondes qui suivent l’ouverture de vos machines. Revérifiez dans un instant ; `~/mailboxes.txt` paraît sur le bureau avec elles.',
        },
      },
    )
  const missing = letters.filter(one => !find(box, one))
  if (!missing.length) return null
  const list = missing.map(({ subject }) => `“${subject}”`).join(', ')
  const liste = missing.map(({ subject }) => `« ${subject} »`).join(', ')
  return fail(
    'letters-gone',
    {
      en: 'All six letters are still in your inbox at agrume.test.',
      fr: 'Les six lettres sont toujours dans votre boîte chez agrume.test.',
    },
    { en: `No longer there: ${list}`, fr: `N’y sont plus : ${liste}` },
    {
      next: {
        en: '`EXAMINE INBOX`, then `FETCH 1:* (BODY.PEEK[HEADER.FIELDS (SUBJECT)])` shows which are there. Move them back if you moved them. What was deleted comes back only with a reset of your machines.',
        fr: '`EXAMINE INBOX`, puis `FETCH 1:* (BODY.PEEK[HEADER.FIELDS (SUBJECT)])` montre lesquelles y sont. Si vous les avez déplacées, remettez-les. Ce qui est effacé ne revient qu’en remettant vos machines à zéro.',
      },
    },
  )
}

function changed(letters: ToRead[], box: MailSummary[] | null): ReturnType<typeof fail> | null {
  const all = letters.flatMap((one, i) => {
    const now = find(box, one)?.flags ?? []
    const added = now.filter(flag => !one.flags.includes(flag))
    const lost = one.flags.filter(flag => !now.includes(flag))
    return added.length || lost.length ? [{ n: i + 1, added, lost }] : []
  })
  if (!all.length) return null
  const words = (flags: ImapFlag[], sign: string) => flags.map(flag => `${sign}${flag}`)
  const list = all
    .map(({ n, added, lost }) => `${n}: ${[...words(added, '+'), ...words(lost, '-')].join(' ')}`)
    .join(', ')
  const mend = all
    .flatMap(({ n, added, lost }) => [
      ...(added.length ? [`\`STORE ${n} -FLAGS (${added.join(' ')})\``] : []),
      ...(lost.length ? [`\`STORE ${n} +FLAGS (${lost.join(' ')})\``] : []),
    ])
    .join(', ')
  return fail(
    'flags-changed',
    {
      en: 'The flags of the six letters are as you found them: nobody sees that you have read.',
      fr: 'Les marques des six lettres sont comme vous les avez trouvées : personne ne voit que vous avez lu.',
    },
    {
      en: `Changed since the beginning (by number): ${list}`,
      fr: `Changé depuis le début (par numéro) : ${list}`,
    },
    {
      next: {
        en: `\`BODY[…]\` marks as read, and so does every mail program; \`BODY.PEEK[…]\` doesn’t. Put it right by hand: \`SELECT INBOX\`, then ${mend}`,
        fr: `\`BODY[…]\` marque comme lu, et tout logiciel de courrier aussi ; \`BODY.PEEK[…]\` non. Réparez à la main : \`SELECT INBOX\`, puis ${mend}`,
      },
    },
  )
}
