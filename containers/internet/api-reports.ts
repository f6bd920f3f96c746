/**
 * The part of the control API (api.ts) that concerns checked TLS between servers, reports about it and about DMARC, and
 * the host that shows a false certificate.
 */

/** A text in both languages. */
export interface Words {
  en: string
  fr: string
}

/** What failed, in the words of RFC 8460, 4.3. */
export type TlsFailure =
  | 'starttls-not-supported'
  | 'certificate-host-mismatch'
  | 'certificate-expired'
  | 'certificate-not-trusted'
  | 'validation-failure'
  | 'tlsa-invalid'
  | 'dnssec-invalid'
  | 'dane-required'
  | 'sts-policy-fetch-error'
  | 'sts-policy-invalid'
  | 'sts-webpki-invalid'

/** How a provider's own delivery was protected; in `SendAnswer` and, for what providers send, in `MailEvent`. */
export interface Secured {
  /**
   * The policy that was applied: DANE (RFC 7672) before MTA-STS (RFC 8461). `opportunistic`: TLS with whatever
   * certificate, as without any policy. `none`: in clear, or no connection.
   */
  by: 'dane' | 'mta-sts' | 'opportunistic' | 'none'
  /** The mail exchanger, empty where it never came to that. */
  host: string
  /** `TLSv1.3`, empty in clear. */
  tls: string
  /**
   * Whether DANE or MTA-STS vouched for the server. Without it nothing is handed over, unless the MTA-STS policy says
   * `mode: testing`.
   */
  valid: boolean
  /** What failed, if something did; in testing mode too. */
  failure?: { type: TlsFailure; text: Words }
}

/** POST /providers/:provider/policy answers with DomainPolicy: what the provider sees that the domain publishes. */
export interface DomainBody {
  domain: string
}
/** Something that is there and wrong. */
export interface PolicyFault {
  /** Stable, kebab-case: `tlsa-mismatch`, `sts-media-type`, `sts-mx-not-listed`. */
  code: string
  text: Words
}
/** One thing that a domain can publish. `valid`: it is there and nothing about it is wrong. */
export interface Published {
  valid: boolean
  /** The records or the file, as found; empty if there is none. */
  found: string[]
  faults: PolicyFault[]
}
export interface DomainPolicy {
  domain: string
  /** MX hosts by preference, and whether the resolver vouches for the answer (AD). */
  mx: Published & { hosts: string[]; authentic: boolean }
  /** What each host shows after STARTTLS on port 25. */
  hosts: {
    host: string
    address: string
    /** `TLSv1.3`, empty if it does not speak TLS. */
    tls: string
    /** Names in its certificate. */
    names: string[]
    /** Whether the lab's authorities vouch for it under this name, and if not why. */
    trusted: boolean
    why: string
    /** The TLSA records of `_25._tcp.HOST`. */
    dane: Published & { authentic: boolean }
  }[]
  /** All hosts by DANE. */
  dane: { valid: boolean; faults: PolicyFault[] }
  mtaSts: Published & {
    id: string
    mode: 'enforce' | 'testing' | 'none' | ''
    /** Patterns of hosts. */
    mx: string[]
    /** Seconds. */
    maxAge: number
  }
  tlsRpt: Published & { rua: string[] }
  dmarc: Published & { rua: string[] }
}

export type ReportKind = 'tls' | 'dmarc'

/**
 * POST /providers/:provider/reports sends at once the report that would come by itself half a minute after the last
 * message. Where nothing happened since the last one, that one is sent again, with the same identifier.
 */
export interface ReportBody {
  kind: ReportKind
  domain: string
}
export interface ReportAnswer {
  kind: ReportKind
  domain: string
  /** What is reported; null if the provider has nothing to say of this domain, or nobody to say it to. */
  report: {
    id: string
    /** Of the attachment, such as `grosmail.test!you.test!1780000000!1780000060!ID.xml.gz`. */
    file: string
    /** JSON (RFC 8460) or XML (RFC 9990), not compressed. */
    text: string
    /** DMARC: by source, the one that sent most first. */
    sources: ReportSource[]
    /** TLS: by policy. */
    sessions: ReportSessions[]
  } | null
  /** To each address that asked for it. */
  sent: {
    /** `mailto:…` or `https:…` as the domain publishes it. */
    to: string
    accepted: boolean
    /** SMTP or HTTP, 0 if there was no dialogue. */
    code: number
    reply: string
  }[]
  /** Why there is no report, or why not all addresses got it. */
  why: Words | null
}
export interface ReportSource {
  address: string
  count: number
  /** Whether SPF and DKIM pass for the domain of the From. */
  spf: boolean
  dkim: boolean
  disposition: 'none' | 'pass' | 'quarantine' | 'reject'
  headerFrom: string
  envelopeFrom: string
}
export interface ReportSessions {
  policy: 'tlsa' | 'sts' | 'no-policy-found'
  success: number
  failure: number
  failures: { type: TlsFailure; count: number; host: string }[]
}

/**
 * POST /providers/:provider/forged: mail with a From of the domain that pourriel.test brings to this provider, through
 * its ordinary MX. The envelope and its SPF are the spammer's own, as in life. Greylisting and blocklists hold for it
 * too; grosmail hears it out to the end of DATA, where DMARC is looked at.
 */
export interface ForgedBody {
  domain: string
  /** At most FORGED_AT_MOST. */
  count: number
}
export const FORGED_AT_MOST = 20
export interface ForgedAnswer {
  /** The addresses that sent, IPv4. */
  sources: string[]
  replies: { code: number; reply: string }[]
}

/** A domain that publishes DANE and MTA-STS, and whose MX shows a certificate that neither of them vouches for. */
export const IMPOSTOR = 'imposteur.test'

/** GET /impostor/attempts?from=DOMAIN&after=MS: connections to its MX, newest first; both parameters are optional. */
export interface ImpostorAttempt {
  /** Milliseconds since the epoch, when the connection began. */
  at: number
  address: string
  /** Whose address it is: a participant's domain, or the address. */
  from: string
  helo: string
  /** `none`: never asked for. `broken`: the client ended the handshake. `done`: encrypted. */
  starttls: 'none' | 'broken' | 'done'
  /** Whether the client went on to MAIL, the sender it gave, and whether it handed a message over. */
  mail: boolean
  sender: string
  delivered: boolean
  transcript: string
  /** Whether the connection has ended. */
  over: boolean
}
