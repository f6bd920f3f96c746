/**
 * What the internet container's control socket speaks: HTTP/2 with JSON bodies over a Unix socket that only the
 * container's own processes reach. The course's server talks to it through `docker exec … socat` (internet-line.ts).
 * CONNECT host:port is a tunnel: 200 and then its bytes, or 502 with the system's words.
 * api-reports.ts holds the part about checked TLS and reports.
 * Errors: `{ "error": "what was expected and seen" }` with 400, 404, 409 or 500. What changes names answers when the
 * resolver gives the new records.
 */
import type { ListingCause } from './blocklist/api.ts'

export * from './attacks/api.ts'
export * from './blocklist/api.ts'

import type { Secured } from './api-reports.ts'

/** The control socket inside the internet container. */
export const CONTROL_SOCKET = '/run/internet/control.sock'

/** A resource record of a learner's domain; `name` relative to the domain, `@` for the domain itself. */
export interface ZoneRecord {
  name: string
  type: 'A' | 'AAAA' | 'MX' | 'TXT' | 'CNAME' | 'SRV' | 'CAA' | 'TLSA'
  /** Presentation format: `10 mail.you.test.` */
  data: string
  ttl?: number
}

/** What a domain's owner says of it. */
export interface DomainNames {
  records: ZoneRecord[]
  /** One of the owner's addresses, IPv4 or IPv6 → host name, without the final dot. */
  reverse: Record<string, string>
}

/**
 * POST /domains/:domain registers a domain with its first names. One that is registered already stays as its owner
 * made it, and `created` is false.
 */
export interface RegisterBody extends DomainNames {
  /** The addresses whose reverse names the owner may set. */
  addresses: string[]
  /** The owner's TSIG key, hmac-sha256, Base64. */
  key: string
  /** Whether providers treat the owner as the real ones would from the beginning; left out: no. */
  strict?: boolean
  /** The owner's password at the gateway relais.test, for the user `NAME@relais.test`. */
  relay?: string
  /** Addresses that are on the blocklist from the beginning, and why: what a predecessor left behind. */
  listed?: Record<string, ListingCause>
  /** Of a domain that comes back: when it was registered first. */
  since?: number
}

/** A mistake in one's names that DNS itself doesn't refuse. */
export interface Mistake {
  /** Stable, kebab-case: `mx-to-cname`. */
  code: string
  /** The record it is in: its owner name and type as in `ZoneRecord`. */
  name: string
  type: string
  /** The record's data, or the host of a reverse name. */
  data: string
  text: { en: string; fr: string }
}

/** GET /changes streams these as lines of JSON, from now on: whose names, reverse names or DS have changed. */
export interface NameChange {
  domain: string
}

/**
 * GET /domains/:domain; PUT takes `DomainChange` and answers with this. DELETE frees the name; its owner's mailboxes at the
 * providers go with it, but with `?person=stays`. PUT and DELETE on /domains/:domain/ds sign the delegation, or leave it unsigned. POST /domains/:domain/zone with `{ text }`, a zone
 * file, answers `{ records }` without changing anything.
 */
export interface DomainState extends DomainNames {
  domain: string
  addresses: string[]
  /** Changes with every change of records and reverse names, by whatever way it came. */
  version: string
  /** Whether the registry has the domain's DS records: then answers are validated. */
  signed: boolean
  /** The data of those DS records, `KEYTAG ALGORITHM DIGEST-TYPE DIGEST`; none while it is not signed. */
  ds: string[]
  /**
   * Whether providers treat the owner's mail as the real ones would. To others they are lenient: what the real one would
   * refuse for a lack of authentication or reverse name lands in spam. PUT and DELETE on /domains/:domain/strict.
   */
  strict: boolean
  /** When it was registered, in milliseconds since the epoch: what is older belonged to somebody else. */
  since: number
  mistakes: Mistake[]
  /** The whole zone as a file, without what the name server adds. */
  zone: string
}

/** PUT /domains/:domain: replaces all names. With a `version` that is not the present one: 409. */
export interface DomainChange extends DomainNames {
  version?: string
}

/**
 * POST /domains/:domain/changes: takes away and adds, and leaves alone what it does not name; answers with DomainState.
 * Records to take away that are not there, and to add that are, change nothing.
 */
export interface DomainEdit {
  remove: ZoneRecord[]
  add: ZoneRecord[]
  /** Reverse names to set, by address; null takes one away. */
  reverse: Record<string, string | null>
  version?: string
}

/**
 * GET /authorities: the PEM certificates that the lab trusts, each of them a root. POST with such an array adds those of
 * another lab, for a server that comes from there with its certificates; answers with all.
 */
export type Authorities = string[]

/** POST /resolve: a question to the lab's validating resolver. */
export interface ResolveBody {
  name: string
  type: string
}
export interface ResolveAnswer {
  /** NOERROR, NXDOMAIN, SERVFAIL… */
  status: string
  /** The data of the answer section's records of the asked type, presentation format. */
  answers: string[]
  /** Whether the resolver validated the answer (AD). */
  authentic: boolean
}

/** POST /providers/:provider/send: delivers as the provider does, over MX, port 25, STARTTLS where offered. */
export interface SendBody {
  from: string
  to: string
  /** Base64 of the RFC 5322 source. */
  source: string
}
export interface SendAnswer {
  accepted: boolean
  /** Last SMTP code, 0 if there was no dialogue. */
  code: number
  /** Last reply, or why there was no connection, or why nothing was handed over. */
  reply: string
  /** `C: ` and `S: ` lines. */
  transcript: string
  /** What protected the delivery, or forbade it. */
  secured: Secured
}

/**
 * GET /providers/:provider/messages?to=ADDRESS&containing=TEXT gives an array of these, newest first, at most
 * MESSAGES_AT_MOST and 20 MB of source. Both parameters are optional; TEXT is looked for in the raw source.
 */
export const MESSAGES_AT_MOST = 50
export interface StoredMessage {
  id: string
  from: string
  to: string[]
  /** Base64. */
  source: string
  remoteAddress: string
  helo: string
  tls: boolean
  /** Milliseconds since the epoch. */
  at: number
  /** What the provider thought of it; absent for a moment after its arrival. */
  verdict?: Verdict
}

/**
 * GET /providers/:provider/deliveries?sender=DOMAIN&after=MS: what it took whose envelope sender is at the domain, newest
 * first, at most DELIVERIES_AT_MOST, without the text. It outlasts the events of GET /mail/recent.
 */
export type Delivery = Omit<StoredMessage, 'source'>
export const DELIVERIES_AT_MOST = 500

/** What became of a message, or of an attempt to hand one over. */
export type Fate =
  /** In the inbox of the recipient. */
  | 'inbox'
  /** Taken, and put where nobody looks. */
  | 'spam'
  /** 4xx: the sender is to try again. */
  | 'deferred'
  /** 5xx, or no connection that leads anywhere. */
  | 'refused'

/** Result of each method as in RFC 8601: pass, fail, softfail, neutral, none, temperror, permerror. */
export interface Authentication {
  spf: string
  dkim: string
  dmarc: string
  arc: string
  /** The value of the Authentication-Results header that the provider wrote. */
  header: string
}

/** A rule of a provider's policy that spoke about a message. */
export interface Reason {
  /** Stable, kebab-case: `no-ptr`, `spf-fail`, `too-fast`. */
  rule: string
  text: { en: string; fr: string }
}

/**
 * GET /mail?since=ID streams these as lines of JSON, first what is remembered, then what happens. Addresses and the
 * dialogue are there, never a message's text: the map shows them to the whole room. GET /mail/recent gives an array of
 * those that are remembered, newest first; `from` and `to` (as in the event) and `after` (milliseconds since the epoch)
 * leave out the others.
 */
export interface MailEvent {
  id: number
  /** Milliseconds since the epoch. */
  at: number
  /** Who handed over and who took or refused: a provider's domain (`grosmail.test`), a participant's, or an address. */
  from: string
  to: string
  envelope: { from: string; to: string[] }
  subject?: string
  /** Bytes of the message's source, 0 if it never came to that. */
  size: number
  fate: Fate
  /** The last reply: `550 5.7.25 …`; code 0 if there was no dialogue. */
  code: number
  reply: string
  tls: string | false
  /** Of what a provider sends. */
  secured?: Secured
  authentication?: Authentication
  reasons: Reason[]
  /** `C: ` and `S: ` lines, without the message. */
  transcript: string
}

/**
 * GET /health. Ready when every service is up and the zones that were there at the last stop are served again:
 * 200 then, 503 with the same body and `error` until then.
 */
export interface Health {
  ready: boolean
  /**
   * `names`, `resolver`, `mirror`, `authority`, `mailboxes`, `mta-sts`, `impostor`, `relais`, `pourriel` and one for each
   * provider; `detail` says what is wrong with one that is not up.
   */
  services: Record<string, { up: boolean; detail?: string }>
}

/** The providers at which every participant has a mailbox. */
export const MAIL_PROVIDERS = ['grosmail', 'agrume', 'fenetre', 'copine'] as const
export type MailProvider = (typeof MAIL_PROVIDERS)[number]

/**
 * POST /people: a mailbox for the participant at each provider; those that are there stay, and get none of `mail`.
 * DELETE /people/:name.
 */
export interface PeopleBody {
  participant: string
  /** What lies in the inboxes of new mailboxes. Unlike other mail it never grows too old. */
  mail?: PlacedMessage[]
}
export const IMAP_FLAGS = ['\\Answered', '\\Draft', '\\Flagged', '\\Seen'] as const
export type ImapFlag = (typeof IMAP_FLAGS)[number]
export interface PlacedMessage {
  provider: MailProvider
  /** Base64 of the RFC 5322 source. */
  source: string
  /** When it arrived, in milliseconds since the epoch: IMAP counts messages in this order. */
  at: number
  flags: ImapFlag[]
}
export interface PeopleAnswer {
  /** Whether they were made now: whoever had passwords before has to be told. */
  made: boolean
  mailboxes: Mailbox[]
}
export interface Mailbox {
  provider: MailProvider
  /** `ada@grosmail.test`, which is the IMAP login too. */
  address: string
  password: string
  /** IMAP on 993, and on 143 with STARTTLS: `imap.grosmail.test`. */
  host: string
}

/** What a provider thought of a message that it took. */
export interface Verdict {
  fate: 'inbox' | 'spam'
  reasons: Reason[]
  authentication?: Authentication
  /** `C: ` and `S: ` lines, without the message. */
  transcript?: string
  /**
   * For each `C: ` line, how many milliseconds after the provider's last word it came: people need some, programs none.
   * Kept with StoredMessage only.
   */
  pace?: number[]
}

export type MailFolder = 'inbox' | 'junk'

/** GET /mailboxes/:address/messages: inbox and Junk, newest first, at most SUMMARIES_AT_MOST. */
export const SUMMARIES_AT_MOST = 200
export interface MailSummary {
  id: string
  folder: MailFolder
  /** `Ada <ada@you.test>`, from the header: whoever wrote the message chose it. */
  from: string
  subject: string
  /** When it arrived, in milliseconds since the epoch. */
  at: number
  size: number
  unread: boolean
  /** Of those in IMAP_FLAGS. */
  flags: ImapFlag[]
  /** Null for what was put there by IMAP. */
  verdict: Verdict | null
}

/** GET /mailboxes/:address/messages/:id; POST there takes a MailChange, DELETE removes the message. */
export interface MailDetail extends MailSummary {
  to: string
  /** As the message has them, decoded, at most 100. */
  headers: { name: string; value: string }[]
  /** Plain text, made from HTML where there is nothing else. */
  text: string
  attachments: { name: string; type: string; size: number }[]
  /** The beginning of the source, at most SOURCE_AT_MOST characters. */
  source: string
  envelope: { from: string; helo: string; remoteAddress: string; tls: boolean } | null
}
export const SOURCE_AT_MOST = 64_000
export interface MailChange {
  folder?: MailFolder
  seen?: true
}

/** GET /people/:name: all that the participant's page shows. */
export interface PersonAnswer {
  /** Empty for a name that nobody has. */
  mailboxes: { provider: MailProvider; address: string; messages: MailSummary[] }[]
  /** What providers refused or put off from the participant's domain, newest first. */
  refused: MailEvent[]
  /** Who answers when one writes to them. */
  friends: { name: string; address: string; language: 'en' | 'fr' }[]
}

/**
 * PUT /members/:address: `member-…` at a provider, whom a check subscribes to lists. Told to confirm, it answers the
 * messages of the next hour that ask whether it wants to be on a list, three at most.
 */
export interface MemberBody {
  confirms: boolean
}

/**
 * PUT /doors/:participant: a stranger's house for the participant to knock at, an address of the lab internet's own on
 * which each of these ports is open and all others are closed. Replaces the one before; DELETE /domains/:domain ends it.
 */
export interface DoorsBody {
  /** IPv4, of those that containers/addresses.ts keeps for it. */
  address: string
  /** The name in the certificate, which the house has signed itself. */
  certificate: string
  doors: Door[]
}
export interface Door {
  port: 25 | 143 | 465 | 587 | 993
  speaks: 'smtp' | 'imap'
  /** `first`: from the first byte. */
  tls: 'none' | 'starttls' | 'first'
}
