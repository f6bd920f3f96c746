/**
 * The zones as text. Knot signs them and counts their serials; here they are only written, parents with the DS
 * of their children, so that a chain of trust leads from the root to every name of the lab.
 */
import { isIPv4 } from 'node:net'
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

/** The registrar's API, at the name server's address. */
export const REGISTRAR_API = 'api.nic.test'

export const REVERSE_ZONES = ['18.198.in-addr.arpa.', '19.198.in-addr.arpa.', '8.b.d.0.1.0.0.2.ip6.arpa.']
/** Negative answers are short-lived: who has just mended a zone should see it (RFC 2308). */
const NEGATIVE_TTL = 30
const TTL = 300

/** What the registry itself sets at the top of every zone: `owner TTL TYPE data`. */
export const APEX = [
  `@ ${TTL} SOA ${NAME_SERVER} hostmaster.nic.test. 1 3600 600 1209600 ${NEGATIVE_TTL}`,
  `@ ${TTL} NS ${NAME_SERVER}`,
]

/** The zone as a file that Knot loads; the serial is Knot's (difference-no-serial). */
export function renderZone(zone: Zone): string {
  return [`$ORIGIN ${zone.origin}`, `$TTL ${TTL}`, ...APEX, ...zone.lines, ''].join('\n')
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

/** The reverse zone that an owner name of `reverseName` lies in. */
export const reverseZoneOf = (name: string): string =>
  REVERSE_ZONES.find(origin => name.endsWith(`.${origin}`)) ?? ''

/** PTR lines of the internet's own addresses, by reverse zone: `owner TTL PTR host`. */
export function ownPointers(
  net: LabNet,
  inhabitants: Partial<Record<Place, string>>,
): { zone: string; lines: string[] }[] {
  const pointers = Object.entries({ ...INFRASTRUCTURE, ...inhabitants }).flatMap(([place, host]) =>
    Object.values(net.at(place as Place)).map(address => ({ name: reverseName(address), host })),
  )
  return REVERSE_ZONES.map(zone => ({
    zone,
    lines: pointers
      .filter(({ name }) => reverseZoneOf(name) === zone)
      .map(({ name, host }) => `${name} ${TTL} PTR ${host}`),
  }))
}

/**
 * Every zone that this name server answers for from a file, given the providers' zones, the learners' domains, and the
 * DS records known so far of all that are delegated with one. The learners' own zones and the reverse ones live in
 * the name server.
 */
export function allZones(
  net: LabNet,
  providers: readonly Zone[],
  domains: readonly string[],
  signers: Signers,
): Zone[] {
  const children = [...providers.map(({ origin }) => origin), ...domains.map(domain => `${domain}.`)]
  const debian = {
    origin: 'debian.org.',
    lines: [...hosts('deb.debian.org.', net, 'resolver'), ...hosts('security.debian.org.', net, 'resolver')],
  }
  const test = {
    origin: 'test.',
    lines: [
      ...Object.entries(INFRASTRUCTURE).flatMap(([place, host]) => hosts(host, net, place as Place)),
      ...hosts(`${REGISTRAR_API}.`, net, 'names'),
      ...delegate(children, signers),
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
  return [root, test, debian, ...providers]
}
