/** What the probes of names, TLS and ports give. */
import type { ResolveAnswer } from '../../containers/internet/api.ts'
import type { Flight, Hello } from './tls-hello.ts'

/** What one name server says, without recursion. */
export interface DirectAnswer {
  authoritative: boolean
  /** RFC 1035's RCODE: 0 is NOERROR. */
  status: number
  /** How many records answer. */
  answers: number
}

export interface DnsProbe {
  /** Answers of the lab's validating resolver, in presentation format without the owner; empty if there are none. */
  resolve(name: string, type: string): Promise<string[]>
  /** The same with the answer's status, whatever it is, and whether the resolver validated it (AD). */
  ask(name: string, type: string): Promise<ResolveAnswer>
  /** What the name server at this address says itself, over TCP. */
  direct(address: string, name: string, type: 'A' | 'AAAA' | 'MX' | 'NS' | 'SOA'): Promise<DirectAnswer>
}

/** A port with TLS: after STARTTLS where `starttls` says how to ask, else from the first byte. */
export interface TlsDoor {
  port: number
  starttls?: 'smtp' | 'imap'
}

/** A certificate that a server sent. */
export interface Certificate {
  /** `rsa`, `ec`, `ed25519`. */
  key: string
  bits: number
  /** How its issuer signed it, in OpenSSL's words: `ecdsa-with-SHA256`. */
  signature: string
}

export interface TlsProbe {
  /** Handshake on a port, after STARTTLS where the protocol has it. The chain is reported, not enforced. */
  handshake(options: TlsDoor): Promise<{
    protocol: string
    cipher: string
    subject: string
    altNames: string[]
    validFrom: string
    validTo: string
    /** The certificate's serial number, hexadecimal: another one means another certificate. */
    serial: string
    /** Whether the chain is valid for `mail.NAME.test` with the lab's authority. */
    trusted: boolean
    why: string
    /** Its own and those above it, without the root. */
    certificates: Certificate[]
  }>
  /** What it chooses from an offer of TLS 1.2 or older that nobody would make in earnest. */
  hello(door: TlsDoor, hello: Hello): Promise<Flight>
  /** How many bytes a returning client may send before the handshake ends (0-RTT); 0 if none. */
  earlyData(door: TlsDoor): Promise<number>
}

export interface PortsProbe {
  /** Whether somebody accepts TCP connections at this port of the learner's server. */
  open(port: number, family: 'ipv4' | 'ipv6'): Promise<boolean>
}
