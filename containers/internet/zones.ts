/**
 * The zones as text. Knot signs them and counts their serials; here they are only written, parents with the DS
 * of their children, so that a chain of trust leads from the root to every name of the lab.
 */
import { isIPv4 } from 'node:net'
import type { DomainBody } from './api.ts'
import { canonical, type LabNet } from './env.ts'
import type { Place } from './places.ts'

/** One zone; `origin` and owner names are absolute, with the final dot. */
export interface Zone {
  origin: string
  /** `owner TTL TYPE data` lines, SOA and apex NS not among them. */
  lines: string[]
}

/** DS data by the child's origin. */
export type Signers = ReadonlyMap<string, readonly string[]>

/** The one name server of the lab: authoritative for every zone that nobody else was given. */
export const NAME_SERVER = 'ns.nic.test.'
/** Names under .test that no learner can have, beside the providers' own. */
export const RESERVED = ['nic.test', 'debian.test', 'example.test', 'localhost.test']

/** The registry's own hosts, by where they live. */
const INFRASTRUCTURE: Partial<Record<Place, string>> = {
  resolver: 'resolver.nic.test.',
  names: NAME_SERVER,
  authority: 'acme.nic.test.',
}

const REVERSE_ZONES = ['18.198.in-addr.arpa.', '19.198.in-addr.arpa.', '8.b.d.0.1.0.0.2.ip6.arpa.']
/** Negative answers are short-lived: who has just mended a zone should see it (RFC 2308). */
const NEGATIVE_TTL = 30
const TTL = 300

/** The zone as a file that Knot loads; the serial is Knot's (difference-no-serial). */
export function renderZone(zone: Zone): string {
  return [
    `$ORIGIN ${zone.origin}`,
    `$TTL ${TTL}`,
    `@ SOA ${NAME_SERVER} hostmaster.nic.test. 1 3600 600 1209600 ${NEGATIVE_TTL}`,
    `@ NS ${NAME_SERVER}`,
    ...zone.lines,
    '',
  ].join('\n')
}

const hosts = (owner: string, net: LabNet, place: Place) => [
  `${owner} A ${net.at(place).ipv4}`,
  `${owner} AAAA ${net.at(place).ipv6}`,
]

const delegate = (children: readonly string[], signers: Signers) =>
  children.flatMap(child => [
    `${child} NS ${NAME_SERVER}`,
    ...(signers.get(child) ?? []).map(ds => `${child} DS ${ds}`),
  ])

/** The owner name of an address's PTR, absolute. */
export function reverseName(address: string): string {
  if (isIPv4(address)) return `${address.split('.').reverse().join('.')}.in-addr.arpa.`
  const [head = '', tail] = canonical(address).split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const left = groups(head)
  const right = groups(tail ?? '')
  const middle = Array.from({ length: 8 - left.length - right.length }, () => '0')
  const nibbles = [...left, ...middle, ...right].map(group => group.padStart(4, '0')).join('')
  return `${[...nibbles].reverse().join('.')}.ip6.arpa.`
}

/** A learner's domain as its owner asked for it. */
export function domainZone(domain: string, body: DomainBody): Zone {
  const lines = body.records.map(
    ({ name, ttl, type, data }) => `${name} ${ttl === undefined ? '' : `${ttl} `}${type} ${data}`,
  )
  return { origin: `${domain}.`, lines }
}

/**
 * Every zone that this name server answers for, given the learners' domains, the providers' zones and the
 * DS records known so far. The same address in two domains' reverse gets the name of the one given last.
 * `inhabitants`: the host names of the internet's own addresses, absolute; the others have no PTR.
 */
export function allZones(
  net: LabNet,
  providers: readonly Zone[],
  domains: ReadonlyMap<string, DomainBody>,
  signers: Signers,
  inhabitants: Partial<Record<Place, string>>,
): Zone[] {
  const children = [...providers, ...[...domains].map(([domain, body]) => domainZone(domain, body))]
  const pointers = new Map([
    ...[...domains.values()].flatMap(body =>
      Object.entries(body.reverse).map(([address, host]): [string, string] => [
        reverseName(address),
        `${host}.`,
      ]),
    ),
    ...Object.entries({ ...INFRASTRUCTURE, ...inhabitants }).flatMap(([place, host]): [string, string][] => {
      const { ipv4, ipv6 } = net.at(place as Place)
      return [
        [reverseName(ipv4), host],
        [reverseName(ipv6), host],
      ]
    }),
  ])
  const reverse = REVERSE_ZONES.map(origin => ({
    origin,
    lines: [...pointers]
      .filter(([name]) => name.endsWith(`.${origin}`))
      .map(([name, host]) => `${name} PTR ${host}`),
  }))
  const debian = {
    origin: 'debian.org.',
    lines: [...hosts('deb.debian.org.', net, 'resolver'), ...hosts('security.debian.org.', net, 'resolver')],
  }
  const test = {
    origin: 'test.',
    lines: [
      ...Object.entries(INFRASTRUCTURE).flatMap(([place, host]) => hosts(host, net, place as Place)),
      ...delegate(
        children.map(zone => zone.origin),
        signers,
      ),
    ],
  }
  const root = {
    origin: '.',
    // Glue: the name server's own name lies below what it is asked for first.
    lines: [
      ...hosts(NAME_SERVER, net, 'names'),
      ...delegate(['test.', 'debian.org.', ...REVERSE_ZONES], signers),
    ],
  }
  return [root, test, debian, ...reverse, ...children]
}
