/** What a provider is made of; grosmail.ts and its like fill this in as data. */
import type { LabNet } from '../env.ts'
import type { Zone } from '../zones.ts'

/** How a provider answers RCPT TO: a refusal with its code and text, or null to accept. */
export type Refusal = { code: number; text: string }

export interface Provider {
  /** Where it lives, and what it is called in the control API's paths. */
  name: 'grosmail' | 'agrume' | 'fenetre' | 'copine'
  /** `grosmail.test` */
  domain: string
  /** The host of its MX, whose name it says in banner and EHLO. */
  host: string
  /** Largest message it takes, in bytes. */
  maxSize: number
  /** Local parts that are nobody's; all others that fit `localPart` are somebody's. */
  unknown: ReadonlySet<string>
  localPart: RegExp
}

/** RFC 5321 and RFC 3463 codes for a recipient. */
export function refusal(provider: Provider, recipient: string): Refusal | null {
  const at = recipient.lastIndexOf('@')
  const local = recipient.slice(0, at).toLowerCase()
  const domain = recipient.slice(at + 1).toLowerCase()
  if (domain !== provider.domain) {
    return {
      code: 550,
      text: `5.7.1 <${recipient}>: Relaying denied: ${provider.domain} takes mail for its own users`,
    }
  }
  if (provider.unknown.has(local) || !provider.localPart.test(local)) {
    return { code: 550, text: `5.1.1 <${recipient}>: There is no such user here` }
  }
  return null
}

/** The provider's own zone: its MX and the host behind it. */
export function providerZone(provider: Provider, net: LabNet): Zone {
  const { ipv4, ipv6 } = net.at(provider.name)
  return {
    origin: `${provider.domain}.`,
    lines: [
      `@ MX 10 ${provider.host}.`,
      `@ TXT "v=spf1 mx -all"`,
      `${provider.host}. A ${ipv4}`,
      `${provider.host}. AAAA ${ipv6}`,
      // Where its people read their mail.
      `imap A ${ipv4}`,
      `imap AAAA ${ipv6}`,
    ],
  }
}
