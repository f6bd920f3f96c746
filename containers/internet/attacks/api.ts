/**
 * The spammers of pourriel.test, as the control API moves them. They attack machines of the event and nobody else.
 * POST /attacks takes an `AttackBody` and answers the `AttackState` at once; GET /attacks/:id tells what came of it so
 * far; DELETE /attacks/:id stops it and answers likewise.
 */

export const ATTACK_KINDS = [
  'spam',
  'forged',
  'dictionary',
  'relay',
  'passwords',
  'virus',
  'stolen-account',
] as const
export type AttackKind = (typeof ATTACK_KINDS)[number]

/** Hard limits: what asks for more is refused with 400; what would run longer is stopped. */
export const ATTACK_LIMITS = {
  /** Attempts of one attack. */
  count: 500,
  /** Attempts a second. */
  pace: 50,
  seconds: 300,
  /** Attacks at once, of all participants. */
  running: 40,
  /** Attempts that are remembered, of all attacks; the oldest attacks go. */
  remembered: 10_000,
} as const

interface Common {
  /** Attempts a second; 5 if it is not given. Attempts overlap when a server is slower than that, four at most. */
  pace?: number
  /** Attempts in all; 10 if it is not given. Lists of recipients and names are gone through again and again. */
  count?: number
  /**
   * From which of the two addresses: `pourriel` (if it is not given) is a server with a reverse name and SPF; `pourriel2`
   * somebody's broken-into computer, without a reverse name, `EHLO pc-salon`.
   */
  from?: 'pourriel' | 'pourriel2'
  /** Over IPv4 (if it is not given) or IPv6. */
  family?: 4 | 6
}

interface Letter {
  /** A word that goes into subject and text: by it the message is found again. */
  containing?: string
}

/** Advertising to recipients of any domain of the event, over their MX. */
export interface SpamAttack extends Common, Letter {
  kind: 'spam'
  to: string[]
  /** Envelope and From; an address of pourriel.test if it is not given. Empty: a bounce's null sender, `<>`. */
  sender?: string
  /** With the test string of spam filters in it (GTUBE). */
  gtube?: boolean
}

/** Mail that claims to come from `sender`'s domain, in envelope and From alike: to that domain itself or to providers. */
export interface ForgedAttack extends Common, Letter {
  kind: 'forged'
  to: string[]
  sender: string
}

/** RCPT with names that might exist at `domain`. */
export interface DictionaryAttack extends Common, Letter {
  kind: 'dictionary'
  domain: string
  /** Local parts; common first names and made-up ones if they are not given. */
  names?: string[]
  /** Envelope sender: whoever bounces instead of refusing sends to it. */
  sender?: string
  /** Sends a message where a name is taken, instead of only noting it. */
  deliver?: boolean
}

/**
 * Messages for others over the MX of `domain`, which should refuse them: `refused`, or `deferred` with Debian's own
 * `defer_unauth_destination` (454). What is accepted and arrives at a provider lists the server as an open relay.
 */
export interface RelayAttack extends Common, Letter {
  kind: 'relay'
  domain: string
  /** Addresses elsewhere; spam traps of the providers if they are not given. */
  to?: string[]
  /** An address of pourriel.test if it is not given. One of `domain` is the forger's way to try it. */
  sender?: string
}

/** Guesses at a login. */
export interface PasswordsAttack extends Common {
  kind: 'passwords'
  /** Whose host `mail.…` is attacked. */
  domain: string
  /** 587 with STARTTLS, 465, 993 or 143 with STARTTLS; `submission` if it is not given. */
  service?: 'submission' | 'submissions' | 'imaps' | 'imap'
  users: string[]
  /** The usual ones if they are not given: each user with each password. */
  passwords?: string[]
}

/** A message with the test virus of antivirus makers (EICAR) attached. */
export interface VirusAttack extends Common, Letter {
  kind: 'virus'
  to: string[]
  sender?: string
}

/** Spam through the learner's own submission service, with a password that was stolen. */
export interface StolenAccountAttack extends Common, Letter {
  kind: 'stolen-account'
  /** Whose host `mail.…` is used. */
  domain: string
  user: string
  password: string
  /** Envelope and From; `user@domain` if it is not given. */
  sender?: string
  service?: 'submission' | 'submissions'
  /**
   * Spam traps of the providers, and among them every second one `slow-…@agrume.test`, if they are not given. Providers
   * put off mail for `slow-…` for ever (450 4.2.2), so that it stays in the queue.
   */
  to?: string[]
  gtube?: boolean
}

export type AttackBody =
  | SpamAttack
  | ForgedAttack
  | DictionaryAttack
  | RelayAttack
  | PasswordsAttack
  | VirusAttack
  | StolenAccountAttack

export interface AttackAttempt {
  /** Milliseconds since the epoch. */
  at: number
  /** Where it went: `mail.you.test [198.18.0.16] port 25`, or why there was nowhere to go. */
  server: string
  envelope: { from: string; to: string }
  /** Who logged in, where it was tried, and with what. */
  login?: { user: string; password: string }
  /**
   * What the server did. `accepted`: the message was taken (`dictionary` without `deliver`: the name; `passwords`: the
   * login). `refused`: 5xx, for IMAP NO. `deferred`: 4xx. `unanswered`: no connection, or it broke.
   */
  fate: 'accepted' | 'refused' | 'deferred' | 'unanswered'
  /** The deciding reply's SMTP code; 0 for IMAP and where there was none. */
  code: number
  reply: string
  /** At which command it was decided: `CONNECT`, `EHLO`, `STARTTLS`, `AUTH`, `MAIL`, `RCPT`, `DATA`, `END`, `LOGIN`. */
  stage: string
}

export interface AttackState {
  id: string
  kind: AttackKind
  /** `stopped`: by DELETE or by the limit of seconds. */
  state: 'running' | 'done' | 'stopped'
  startedAt: number
  endedAt?: number
  /** How many attempts it is to have. */
  planned: number
  accepted: number
  refused: number
  deferred: number
  unanswered: number
  /** All of them, oldest first. */
  attempts: AttackAttempt[]
  /** The dialogues that differ from those before, `C: ` and `S: ` lines, passwords masked; at most 20,000 characters. */
  transcript: string
}

/** GET /phished/:domain: what became of the last password that somebody of the domain typed into the fake webmail, or null. */
export interface Phished {
  /** What its messages contain; chosen by who typed. */
  word: string
  user: string
  /** Milliseconds since the epoch. */
  at: number
  attack: AttackState
}
