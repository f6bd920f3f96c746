/**
 * The blocklist `bl.blocklist.test`, for IPv4 and IPv6 as RFC 5782 wants it. It lists addresses of the event that
 * misbehave, keeps the evidence, and lets them go when the cause is mended. In the lab: http://blocklist.test/ADDRESS.
 */

/** Why an address is listed. */
export const LISTING_CAUSES = [
  /** Mail to addresses that only spammers know. */
  'spam-trap',
  /** Many recipients who don't exist. */
  'unknown-users',
  /** GTUBE or EICAR went out. */
  'bad-content',
  /** Bounces to people who never wrote. */
  'backscatter',
  /** Passed on a stranger's mail. */
  'open-relay',
  /** No reverse name that leads back. Never found by itself: only by POST. */
  'no-reverse-name',
] as const
export type ListingCause = (typeof LISTING_CAUSES)[number]

/** A text for the learner, in both languages. */
interface Words {
  en: string
  fr: string
}

/** One thing that was seen. */
export interface Evidence {
  /** Milliseconds since the epoch. */
  at: number
  /** To whom: a recipient, or a provider. */
  to: string
  what: Words
  /** `C: ` and `S: ` lines, the last 1,000 characters. */
  dialogue: string
}
/** How much evidence of one listing is kept: the first and the last ones. */
export const EVIDENCE_AT_MOST = 10

export interface Listing {
  address: string
  /** Whose it is: `you.test`; empty for what belongs to nobody. */
  domain: string
  cause: ListingCause
  reason: Words
  since: number
  /** When it was last seen to misbehave. */
  lastSeen: number
  /** True for what a predecessor left behind (POST). */
  inherited: boolean
  evidence: Evidence[]
}

/** What the list saw when it looked at the server itself. */
export interface Inspection {
  what: 'quiet' | 'open-relay' | 'unknown-users' | 'reverse-name'
  ok: boolean
  saw: Words
  /** `C: ` and `S: ` lines. */
  dialogue: string
}

/** An answer to a request for delisting. */
export interface DelistAnswer {
  granted: boolean
  why: Words
  /** How it looked at the server; empty where it did not come to that. */
  inspections: Inspection[]
  /** Before so many seconds it looks at no new request for this address. */
  waitSeconds: number
}

/** GET /blocklist/log: the newest first, at most 200. */
export interface BlocklistEvent {
  at: number
  address: string
  domain: string
  /** `asked`: a request for delisting was refused. `removed`: by DELETE, or with the lab. */
  what: 'listed' | 'asked' | 'delisted' | 'removed'
  text: Words
}

/** GET /blocklist/:address, listed or not; any address of the event. */
export interface BlocklistState {
  address: string
  listed: boolean
  /** Null if it is not listed. */
  listing: Listing | null
  /** What happened to this address, newest first, at most 20. */
  history: BlocklistEvent[]
  /** Where a participant sees this: `http://blocklist.test/198.18.0.16`. */
  page: string
}

/**
 * POST /blocklist/:address lists it, with evidence of what a predecessor did; answers the BlocklistState. One that is
 * listed already stays as it is. DELETE takes it off without a question: for checks that clean up, and for trainers.
 * POST /blocklist/:address/delist, without a body or with `{}`, answers a DelistAnswer. 404 if it is not listed.
 */
export interface ListBody {
  cause: ListingCause
}
