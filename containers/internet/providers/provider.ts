/** What a provider is made of; grosmail.ts and its like fill this in as data. */
import type { LabNet } from '../env.ts'
import type { Zone } from '../zones.ts'

/** What is said to a sender: `550 5.7.25 text`. `{…}` in the text is replaced by what was seen. */
export interface Reply {
  code: number
  enhanced: string
  text: string
}

/** A reply to each of two cases: the sender may mend it soon, or it is final. */
export interface Replies {
  /** DNS gave no answer, or the provider is patient: try again. */
  temporary: Reply
  permanent: Reply
}

/**
 * What a provider asks of those who bring it mail. What is left out it doesn't ask. Rules of `strict` hold for senders
 * who are to be treated as the real provider does; from others (beginners, before step 6) such mail is taken and put
 * into spam, with the reason.
 */
export interface Policy {
  /** How many connections at once from one address, and what the next one hears. */
  connections?: { most: number; reply: Reply }
  /** How many messages a second from one address. */
  rate?: { most: number; reply: Reply }
  /** A sender it has not seen is asked to come again after so many seconds. */
  greylist?: { seconds: number; reply: Reply }
  /** A DNS blocklist's zone, and what an address on it hears. */
  blocklist?: { zone: string; reply: Reply }
  /** Recipients of one message. */
  recipients: { most: number; reply: Reply }
  strict: {
    /** A reverse name that leads back to the address (FCrDNS). */
    reverse?: Replies
    /** The name in EHLO: with a dot, and existing. */
    helo?: Reply
    /** STARTTLS, TLS 1.2 or newer. */
    tls?: Reply
    /** Over IPv6, a reverse name and SPF or DKIM, whatever else is asked. */
    ipv6?: Reply
    /** `any`: SPF or DKIM. `all`: SPF, DKIM and DMARC. */
    authentication?: { need: 'any' | 'all'; reply: Reply; spf: Reply; dkim: Reply; dmarc: Reply }
    /** From so many messages of one domain in a day on. */
    bulk?: { from: number; authentication: Reply; dmarc: Reply; unsubscribe?: Reply }
  }
  /** What the domain of the From asks for by DMARC, `reject`, is done; this is said. */
  dmarcReject: Reply
  /** RFC 5322: one From, one Date. */
  format?: Reply
  /** The standard test message of spam filters (GTUBE). */
  spamTest: Reply
}

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
  /** Local parts whose mail is put off for ever, as that of somebody whose mailbox is full. */
  slow: RegExp
  /** Local parts whose mailbox is full when they are first written to, and has room again soon. */
  later: RegExp
  policy: Policy
  /** What it asks of the servers to which it sends; DANE goes before MTA-STS (RFC 8461, 2). */
  checks: readonly ('dane' | 'mta-sts')[]
  /** Whether it promises TLS to those who bring it mail: TLSA, MTA-STS, and reports wanted. */
  promises?: true
  /** Further records of its zone: `owner TYPE data`. */
  records: string[]
}

/** What all of them have. */
export const COMMON = {
  maxSize: 10_000_000,
  localPart: /^[a-z0-9._+-]{1,64}$/,
  slow: /^(slow-.*|overflowing|debordante)$/,
  later: /^later-/i,
  unknown: new Set(['nobody-here', 'no-such-user', 'unknown']) as ReadonlySet<string>,
}

/**
 * An address that was never anybody's, or that nobody has used for years: whoever writes to it got it from a list.
 * Mail to it is taken, and the blocklist hears of it.
 */
export const isTrap = (recipient: string): boolean => /^trap-[^@]*@/i.test(recipient)

/** One whom only checks write to: how often somebody's server is tried doesn't make them a big sender. */
export const isReader = (recipient: string): boolean => /^reader-[^@]*@/i.test(recipient)

/** Null for one of the provider's own people; RFC 5321 and RFC 3463 codes for anybody else. */
export function refusal(provider: Provider, recipient: string): { rule: string; reply: Reply } | null {
  const at = recipient.lastIndexOf('@')
  const local = recipient.slice(0, at).toLowerCase()
  const domain = recipient.slice(at + 1).toLowerCase()
  if (domain !== provider.domain) {
    const text = `<${recipient}>: Relaying denied: ${provider.domain} takes mail for its own users`
    return { rule: 'no-relay', reply: { code: 550, enhanced: '5.7.1', text } }
  }
  if (provider.unknown.has(local) || !provider.localPart.test(local)) {
    const text = `<${recipient}>: There is no such user here`
    return { rule: 'unknown-user', reply: { code: 550, enhanced: '5.1.1', text } }
  }
  return provider.slow.test(local) ? full(recipient) : null
}

/** So many seconds after the first try there is room for mail to `later-…`. */
export const LATER_S = 15

export const full = (recipient: string): { rule: string; reply: Reply } => ({
  rule: 'mailbox-full',
  reply: {
    code: 450,
    enhanced: '4.2.2',
    text: `<${recipient}>: The mailbox is full. Try again later`,
  },
})

/** The provider's own zone: its MX and the host behind it. `more`: what depends on its keys. */
export function providerZone(provider: Provider, net: LabNet, more: readonly string[] = []): Zone {
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
      ...provider.records,
      ...more,
    ],
  }
}
