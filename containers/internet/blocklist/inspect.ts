/** How the list looks at a server that asks to be let go: as any stranger could, at that moment. */
import { Dialogue, type Where } from '../dialogue/dialogue.ts'
import { command, message, reply, type SmtpReply } from '../dialogue/smtp.ts'
import { type Dns, reverse } from '../providers/lookups.ts'
import type { Inspection, Listing } from './api.ts'
import { RULES } from './rules.ts'

const WHOLE_MS = 15_000
const DIALOGUE = 4000
const HELO = 'blocklist.test'

export interface Inspector {
  dns: Dns
  /** Our own address, from which we look. */
  from: { ipv4: string; ipv6: string }
  port?: number
}

type Seen = Pick<Inspection, 'ok' | 'saw'>

/** All that the listing's rule wants looked at, in order. `token`: a name that stays the same for this listing. */
export async function inspect(listing: Listing, token: string, by: Inspector): Promise<Inspection[]> {
  const found: Inspection[] = []
  for (const what of RULES[listing.cause].inspect) {
    if (what === 'reverse-name') found.push({ what, ...(await reverseName(listing, by.dns)), dialogue: '' })
    else found.push(await overSmtp(listing, what, by, dialogue => looks[what](dialogue, listing, token)))
  }
  return found
}

async function overSmtp(
  { address }: Listing,
  what: Inspection['what'],
  { from, port = 25 }: Inspector,
  look: (dialogue: Dialogue) => Promise<Seen>,
): Promise<Inspection> {
  const where: Where = { host: address, address, port, from }
  let dialogue: Dialogue | null = null
  try {
    dialogue = await Dialogue.open(where, WHOLE_MS)
    const greeting = await reply(dialogue)
    if (greeting.code === 220) {
      await command(dialogue, `EHLO ${HELO}`)
      return { what, ...(await look(dialogue)), dialogue: shown(dialogue) }
    }
    return { what, ...silent(greeting.text), dialogue: shown(dialogue) }
  } catch (error) {
    return { what, ...silent((error as Error).message), dialogue: dialogue ? shown(dialogue) : '' }
  } finally {
    dialogue?.close()
  }
}

const shown = (dialogue: Dialogue) => dialogue.lines.join('\n').slice(0, DIALOGUE)

const silent = (why: string): Seen => ({
  ok: false,
  saw: {
    en: `The server could not be looked at on port 25: ${why}. It has to answer there.`,
    fr: `Le serveur n’a pas pu être examiné sur le port 25 : ${why}. Il doit y répondre.`,
  },
})

const looks: Record<
  'open-relay' | 'unknown-users',
  (dialogue: Dialogue, listing: Listing, token: string) => Promise<Seen>
> = {
  async 'open-relay'(dialogue, { domain }, token) {
    const to = `relay-test-${token}@grosmail.test`
    const senders = [`test@${HELO}`, '', ...(domain ? [`postmaster@${domain}`] : [])]
    for (const from of senders) {
      if (!(await relays(dialogue, from, to))) continue
      return {
        ok: false,
        saw: {
          en: `The server still is an open relay: it took mail from <${from}> for ${to}, and neither is its own.`,
          fr: `Le serveur est toujours un relais ouvert : il a pris un message de <${from}> pour ${to}, qui n’est pas chez lui.`,
        },
      }
    }
    return {
      ok: true,
      saw: {
        en: 'The server relays no strangers’ mail.',
        fr: 'Le serveur ne relaie pas le courrier d’inconnus.',
      },
    }
  },

  async 'unknown-users'(dialogue, { domain }, token) {
    const to = `nobody-${token}@${domain || HELO}`
    const answer = await recipient(dialogue, `test@${HELO}`, to)
    if (answer.code >= 500)
      return {
        ok: true,
        saw: {
          en: `The server refuses unknown users at once: ${answer.text}`,
          fr: `Le serveur refuse aussitôt les inconnus : ${answer.text}`,
        },
      }
    if (answer.code >= 400)
      return {
        ok: false,
        saw: {
          en: `The server said «later» (${answer.text}). Ask again in a moment: we shall come with the same question.`,
          fr: `Le serveur a dit « plus tard » (${answer.text}). Redemandez dans un moment : nous reviendrons avec la même question.`,
        },
      }
    return {
      ok: false,
      saw: {
        en: `The server still takes mail for people who do not exist: ${to}, ${answer.text}. It has to refuse them at RCPT.`,
        fr: `Le serveur prend toujours le courrier de gens qui n’existent pas : ${to}, ${answer.text}. Il doit les refuser dès RCPT.`,
      },
    }
  },
}

/** The reply to RCPT, or to MAIL if that is refused already. */
async function recipient(dialogue: Dialogue, from: string, to: string): Promise<SmtpReply> {
  await command(dialogue, 'RSET')
  const mail = await command(dialogue, `MAIL FROM:<${from}>`)
  return mail.code === 250 ? command(dialogue, `RCPT TO:<${to}>`) : mail
}

/** Some refuse only after DATA: what counts is whether the message is taken in the end. */
async function relays(dialogue: Dialogue, from: string, to: string): Promise<boolean> {
  const rcpt = await recipient(dialogue, from, to)
  if (rcpt.code >= 300) return false
  const data = await command(dialogue, 'DATA')
  if (data.code !== 354) return false
  const head = [
    `From: <test@${HELO}>`,
    `To: <${to}>`,
    'Subject: Relay test of blocklist.test',
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
  ]
  const { code } = await message(dialogue, `${head.join('\r\n')}\r\n\r\nThis is a test.\r\n`)
  return code < 300
}

async function reverseName({ address }: Listing, dns: Dns): Promise<Seen> {
  const { state, name } = await reverse(dns, address)
  const words: Record<typeof state, Seen['saw']> = {
    confirmed: {
      en: `${address} is called ${name}, which leads back to it.`,
      fr: `${address} s’appelle ${name}, qui ramène à elle.`,
    },
    missing: {
      en: `${address} has no reverse name (PTR).`,
      fr: `${address} n’a pas de nom inverse (PTR).`,
    },
    unconfirmed: {
      en: `${address} is called ${name}, but this name does not lead back to it.`,
      fr: `${address} s’appelle ${name}, mais ce nom ne ramène pas à elle.`,
    },
    trouble: {
      en: `The reverse name of ${address} cannot be looked up at the moment.`,
      fr: `Le nom inverse de ${address} ne peut pas être résolu pour le moment.`,
    },
  }
  return { ok: state === 'confirmed', saw: words[state] }
}
