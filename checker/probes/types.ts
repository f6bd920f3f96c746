/**
 * What a check can look with. Every protocol probe looks from the internet container, never from a machine on
 * which the learner is root; only `shell` and `files` read inside, and serve explanations first of all.
 */
import type {
  AttackBody,
  AttackState,
  BlocklistState,
  DelistAnswer,
  Delivery,
  DomainState,
  ListingCause,
  MailEvent,
  MailProvider,
  MailSummary,
  Phished,
  Verdict as ProviderVerdict,
  SendAnswer,
} from '../../containers/internet/api.ts'
import type {
  DomainPolicy,
  ForgedAnswer,
  ImpostorAttempt,
  ReportAnswer,
  ReportKind,
} from '../../containers/internet/api-reports.ts'
import type { LabFacts, MachineName, Text } from '../step.ts'
import type { Verdict } from '../verdict.ts'
import type { DnsProbe, PortsProbe, TlsProbe } from './types-net.ts'

/** What probes give, for checks that speak about it: steps import their types from the checker alone. */
export type {
  Delivery,
  Listing,
  MailEvent,
  MailProvider,
  MailSummary,
  SendAnswer,
  ZoneRecord,
} from '../../containers/internet/api.ts'
export type {
  DomainPolicy,
  ImpostorAttempt,
  PolicyFault,
  Published,
  ReportAnswer,
} from '../../containers/internet/api-reports.ts'
export type * from './types-net.ts'

/**
 * Why a probe could not do its work. `ours`: our side broke, an `error`. All others are a `fail` with this code: the
 * learner's server refused the connection, was silent, hung up, failed at TLS, broke the protocol, or refused the
 * login that the probe needed.
 */
export type ProbeErrorKind = 'refused' | 'timeout' | 'closed' | 'tls' | 'protocol' | 'login' | 'ours'

export interface Reply {
  /** Three-digit SMTP code. */
  code: number
  /** Enhanced status such as `5.7.1`, empty if there was none. */
  enhanced: string
  /** The reply's text, lines joined by a newline, codes taken off. */
  text: string
}

export interface SmtpSession {
  /** Keywords of the last EHLO reply in capitals: `STARTTLS`, `AUTH`, `SIZE`… */
  readonly extensions: ReadonlyMap<string, string>
  /** SASL mechanisms offered at this moment; empty if AUTH is not offered. */
  readonly mechanisms: readonly string[]
  readonly secure: boolean
  /** The whole dialogue so far, one line a line, `C: ` and `S: ` in front, secrets masked. */
  readonly transcript: string
  /** Sends one line as it is (without CRLF) and gives the reply, whatever its code. */
  command(line: string): Promise<Reply>
  /** AUTH PLAIN; gives the reply, whatever its code. */
  login(user: string, password: string): Promise<Reply>
  /** MAIL, RCPT, DATA with dot-stuffing; stops at the first refusal and says at which command. */
  send(
    envelope: { from: string; to: string[] },
    message: Uint8Array | string,
  ): Promise<Reply & { at: 'MAIL' | 'RCPT' | 'DATA' | 'END' }>
}

export interface SmtpProbe {
  /** Opens a session on the learner's server: banner, EHLO, TLS as asked; closes it when `talk` is done. */
  session<T>(
    options: { port: 25 | 465 | 587; tls: 'none' | 'starttls' | 'implicit'; helo?: string; host?: string },
    talk: (session: SmtpSession) => Promise<T>,
  ): Promise<T>
}

export interface ImapProbe {
  /** Logs in, gives the answer of the server; never throws for a refused login. */
  login(options: ImapOptions): Promise<{ ok: boolean; text: string; transcript: string }>
  /** Waits until a message with this text in its headers or body is in INBOX; gives its source, or null when time is up. */
  fetch(options: ImapOptions, containing: string, timeoutMs?: number): Promise<Uint8Array | null>
  /** Deletes the messages of INBOX that contain the text: checks clean up behind themselves. */
  remove(options: ImapOptions, containing: string): Promise<number>
}

export interface ImapOptions {
  /** 993 with `implicit`, 143 with `starttls` or `none`. */
  port: 993 | 143
  tls: 'implicit' | 'starttls' | 'none'
  user: string
  password: string
}

export interface ShellResult {
  code: number
  stdout: string
  stderr: string
}

export interface ShellProbe {
  /** Runs a command inside a machine, `sh -c`, as root or the named user. Output is capped at 1 MiB. */
  run(
    script: string,
    options?: { machine?: MachineName; user?: string; timeoutMs?: number },
  ): Promise<ShellResult>
}

/** A message that a provider of the lab internet received. */
export interface ReceivedMessage {
  from: string
  to: string[]
  /** RFC 5322 source as received, without the provider's own trace headers. */
  source: string
  /** Address of the server that brought it. */
  remoteAddress: string
  helo: string
  tls: boolean
  at: number
  /** What the provider thought of it; absent for a moment after its arrival. */
  verdict?: ProviderVerdict
}

export interface ProviderProbe {
  /**
   * Sends as the provider does in life: MX look-up, port 25, STARTTLS, with what its own rules ask of the certificate
   * (copine and fenetre DANE and MTA-STS, grosmail MTA-STS, agrume nothing); `secured` says what was applied and what
   * failed. Never throws for a refusal.
   */
  send(message: { from: string; to: string; source: string }): Promise<SendAnswer>
  /** Waits for a message to `to` that contains the text; null when time is up. */
  receive(to: string, containing: string, timeoutMs?: number): Promise<ReceivedMessage | null>
  /** All that the provider took for this recipient in the last days, from whomever, newest first; at most 50. */
  received(to: string): Promise<ReceivedMessage[]>
  /** What lies in inbox and Junk of the participant's own mailbox there, newest first; null where there is none. */
  mailbox(): Promise<MailSummary[] | null>
  /**
   * What the learner's server (or another: `from` is its domain) tried to hand over after this moment (milliseconds since
   * the epoch), refusals too, newest first: envelope, dialogue, replies, and why. The lab internet remembers the last
   * thousand events of all.
   */
  attempts(after: number, from?: string): Promise<MailEvent[]>
  /**
   * What it took whose envelope sender is at the learner's domain, after this moment (milliseconds since the epoch),
   * newest first: envelopes and verdicts, at most 500. They are kept for days, unlike attempts.
   */
  deliveries(after: number): Promise<Delivery[]>
  /**
   * What the learner's domain publishes about its TLS and reports, as this provider sees it at this moment: MX, TLSA and
   * the certificate of each host, MTA-STS, TLS-RPT, DMARC, each with its faults. Takes some seconds at most.
   */
  policy(): Promise<DomainPolicy>
  /**
   * Has the provider send its TLS or DMARC report on the learner's domain now, instead of half a minute after the last
   * message: give it something to report first (`send`, `forge`, mail from the learner's server). Never throws where there
   * is nothing to report.
   */
  report(kind: ReportKind): Promise<ReportAnswer>
  /**
   * Has pourriel.test bring so many messages (20 at most) with the learner's domain in the From. Best at grosmail: agrume
   * takes three a second, fenetre asks its blocklist and copine greylists first, and what was refused before DATA is in no
   * report.
   */
  forge(count: number): Promise<ForgedAnswer>
}

/** The domain whose MX shows a certificate that neither DANE nor MTA-STS vouches for. */
export interface ImpostorProbe {
  /** `imposteur.test`; every address there exists. */
  readonly domain: string
  /** The connections of the learner's server that began after this moment (milliseconds since the epoch), newest first. */
  attempts(after: number): Promise<ImpostorAttempt[]>
}

/** The registry's view of the learner's domain. */
export interface RegistrarProbe {
  state(): Promise<DomainState>
  /** From now on providers treat the learner's mail as the real ones would, or as beginner's again. */
  strict(on: boolean): Promise<void>
}

export type { Phished }

/** The spammers of pourriel.test, who attack the learner's server when a check wants to see how it stands that. */
export interface PourrielProbe {
  /**
   * Starts an attack, waits for its end and gives what came of it, each attempt with the server's reply; never throws for
   * what the server does. When time is up the attack is stopped, and the state is `stopped`. Wait for as short as you
   * can: `count` and `pace` say how long it takes at least.
   */
  attack(body: AttackBody, timeoutMs?: number): Promise<AttackState>
  /** Starts one that goes on while the check looks at other things. It ends by itself. */
  start(body: AttackBody): Promise<AttackState>
  state(id: string): Promise<AttackState>
  stop(id: string): Promise<AttackState>
  /** The last password of the learner's domain that was typed into the fake webmail, and what came of it. */
  phished(): Promise<Phished | null>
}

/** The blocklist of the lab, `bl.blocklist.test`, which fenetre.test asks. */
export interface BlocklistProbe {
  /** Whether an address is listed, why, and what happened to it; for any address of the event, IPv4 or IPv6. */
  state(address: string): Promise<BlocklistState>
  /** Lists it as a predecessor's doing. Seen at once by `dig` and by fenetre.test. */
  list(address: string, cause: ListingCause): Promise<BlocklistState>
  /** Takes it off without a question: for cleaning up. */
  unlist(address: string): Promise<BlocklistState>
  /** Asks for delisting as its owner would by the form: the list looks at the server and says what it saw. */
  delist(address: string): Promise<DelistAnswer>
}

/**
 * What is right: a text (capitals, outer spaces and a final dot don't matter), a number, any of several, or a
 * function that decides. For a choice, the id of the choice.
 */
export type Expected = string | number | readonly (string | number)[] | ((given: string) => boolean)

export interface AnswersProbe {
  /** What the learner answered in the task's form, by question id; what was not answered is missing. */
  readonly given: Readonly<Record<string, string>>
  /**
   * Compares each of the task's questions with what is right: `pass`, or `fail` with the code `unanswered` or
   * `wrong-answer`, and for each question whether it is right. Take what is right from the seed or look it up.
   */
  judge(right: Record<string, Expected>, more?: { next?: Text; transcript?: string }): Verdict
}

export interface Probes {
  readonly lab: LabFacts
  /** A fresh random word for this run, `canary-` and 16 hexadecimal digits: unguessable, never reused. */
  canary(): string
  /** Calls `look` until it gives something that is neither null nor undefined, or time is up (then null). */
  until<T>(look: () => Promise<T | null | undefined>, timeoutMs?: number): Promise<T | null>
  readonly smtp: SmtpProbe
  readonly imap: ImapProbe
  readonly dns: DnsProbe
  readonly tls: TlsProbe
  readonly ports: PortsProbe
  readonly shell: ShellProbe
  readonly answers: AnswersProbe
  readonly providers: Readonly<Record<MailProvider, ProviderProbe>>
  /** `providers.grosmail`. */
  readonly grosmail: ProviderProbe
  readonly impostor: ImpostorProbe
  readonly registrar: RegistrarProbe
  readonly pourriel: PourrielProbe
  readonly blocklist: BlocklistProbe
}
