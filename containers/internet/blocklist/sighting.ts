/** What providers tell the blocklist of those who bring them mail. */
import type { AttackKind, Fate } from '../api.ts'
import { EICAR, GTUBE } from '../attacks/letters.ts'

/** One decision of a provider. */
export interface Sighting {
  address: string
  /** Who saw it: `grosmail.test`. */
  provider: string
  from: string
  to: string[]
  fate: Fate
  /** The rule that spoke, if one did. */
  rule: string | null
  content: 'gtube' | 'eicar' | null
  /** Carries a stranger's message that we know to be one. */
  relayed: boolean
  /** A bounce to somebody who never wrote to this sender's domain. */
  unasked: boolean
  transcript: string
}

/** As a provider tells it. */
export interface Told
  extends Pick<Sighting, 'address' | 'provider' | 'from' | 'to' | 'fate' | 'rule' | 'transcript'> {
  /** Null if it never came to the message. */
  source: Buffer | null
}

const LOOKED_AT = 1_000_000
/** Without its end, which another line end in the file would change. */
const EICAR64 = Buffer.from(EICAR).toString('base64').slice(0, 88)

function contentOf(source: string): Sighting['content'] {
  if (source.includes(GTUBE)) return 'gtube'
  // Mail programs break Base64 into lines of their own length.
  const joined = source.includes('base64') ? source.replace(/\r?\n/g, '') : source
  return joined.includes(EICAR64) || source.includes(EICAR) ? 'eicar' : null
}

/** What a server wrote of itself; `MAIL FROM:<>` alone is also what people type who learn SMTP. */
const isReport = (text: string) =>
  /^(?:Content-Type:\s*multipart\/report|Auto-Submitted:\s*auto-|From:.*mailer-daemon)/im.test(
    text.slice(0, 20_000),
  )

/** `wrote`: whether this person has written to the owner of this address of late. */
export function sighting(
  told: Told,
  known: { attack(source: string): AttackKind | null; wrote(person: string, address: string): boolean },
): Sighting {
  const { source, ...rest } = told
  const text = source?.toString('latin1', 0, LOOKED_AT) ?? ''
  const attack = text && known.attack(text)
  return {
    ...rest,
    content: text ? contentOf(text) : null,
    // A bounce that quotes it is another message, and has a Message-ID of its own before.
    relayed: attack === 'relay' && told.from !== '',
    unasked: told.from === '' && isReport(text) && told.to.every(one => !known.wrote(one, told.address)),
  }
}
