/** What `nobody-writes-as-another` says. */
import type { Reply } from '../../../checker/probes/types.ts'
import type { Text } from '../../../checker/step.ts'
import type { Heard, Try } from './nobody-writes-as-another.ts'
import { type Fail, fail, pass, some } from './say.ts'

export { loginRefused } from './submission-words.ts'

const line = (reply: Reply) =>
  `${reply.code} ${reply.enhanced} ${reply.text}`.replace(/\s+/g, ' ').slice(0, 200)

const door = ({ door: { port } }: Try) => (port === 587 ? 'submission' : 'submissions')

const ask = (from: string): Text => ({
  en: `Ask the maps as Postfix does: \`postmap -q ${from} MAP\` for each of \`postconf smtpd_sender_login_maps\`, in that order; the first answer counts.`,
  fr: `Interrogez les tables comme le fait Postfix : \`postmap -q ${from} TABLE\` pour chacune de \`postconf smtpd_sender_login_maps\`, dans cet ordre ; la première réponse compte.`,
})

export function refused(one: Heard): Fail {
  const { as, from, reply, kind } = one
  const own = kind === 'own'
  return fail(own ? 'own-refused' : 'second-refused', {
    expected: own
      ? {
          en: `${as.login}, logged in, writes as ${from}.`,
          fr: `${as.login}, après connexion, écrit comme ${from}.`,
        }
      : {
          en: `${as.login} writes as ${from} too: /root/redirections.csv says that the address is theirs.`,
          fr: `${as.login} écrit aussi comme ${from} : /root/redirections.csv dit que l’adresse est à cette personne.`,
        },
    observed: {
      en: `Port ${one.door.port} refused: ${line(reply)}`,
      fr: `Le port ${one.door.port} a refusé : ${line(reply)}`,
    },
    next: ask(from),
  })
}

const why: Record<Try['kind'], Text> = {
  own: { en: '', fr: '' },
  second: { en: '', fr: '' },
  shared: { en: '', fr: '' },
  another: { en: 'another member', fr: 'une autre personne' },
  'not-theirs': { en: 'an address of others', fr: 'une adresse d’autres personnes' },
  office: { en: 'an office that is nobody’s', fr: 'une fonction qui n’est à personne' },
  elsewhere: { en: 'somebody at another provider', fr: 'quelqu’un d’un autre hébergeur' },
}

export function forged(all: Heard[]): Fail {
  const [first] = all
  if (!first) throw new TypeError('nothing was forged')
  const ports = [...new Set(all.map(one => one.door.port))].join(', ')
  const said = (lang: 'en' | 'fr') =>
    some([...new Set(all.map(one => `${one.from} (${why[one.kind][lang]})`))], 4)[lang]
  const elsewhere = all.every(one => one.kind === 'elsewhere')
  return fail(elsewhere ? 'foreign-accepted' : 'forged-accepted', {
    expected: {
      en: 'A logged-in member can’t send from an address that isn’t theirs: 5xx.',
      fr: 'Une personne connectée ne peut pas écrire d’une adresse qui n’est pas la sienne : 5xx.',
    },
    observed: {
      en: `Logged in as ${first.as.login}, port ${ports} took mail from ${said('en')}.`,
      fr: `Connecté comme ${first.as.login}, le port ${ports} a pris du courrier de ${said('fr')}.`,
    },
    next: elsewhere
      ? {
          en: '`reject_known_sender_login_mismatch` asks only for addresses that the maps know. `reject_sender_login_mismatch` refuses the others too.',
          fr: '`reject_known_sender_login_mismatch` ne regarde que les adresses connues des tables. `reject_sender_login_mismatch` refuse aussi les autres.',
        }
      : {
          en: `\`postconf -P ${door(first)}/inet/smtpd_sender_restrictions\` must say \`reject_sender_login_mismatch\`, on this door as on the other, and the maps must give each address its own people only.`,
          fr: `\`postconf -P ${door(first)}/inet/smtpd_sender_restrictions\` doit dire \`reject_sender_login_mismatch\`, à cette porte comme à l’autre, et les tables ne donner à chaque adresse que ses personnes.`,
        },
  })
}

export function allWell(all: Heard[]) {
  const no = all.filter(({ reply }) => reply.code >= 400)
  const list = all.map(({ door, as, from, reply }) => `${door.port} ${as.login} as <${from}>: ${line(reply)}`)
  return pass(
    {
      en: `${all.length - no.length} messages from people’s own addresses were taken, ${no.length} forged ones refused, on both doors.`,
      fr: `${all.length - no.length} messages d’adresses à soi ont été pris, ${no.length} d’adresses usurpées refusés, aux deux portes.`,
    },
    list.join('\n'),
  )
}
