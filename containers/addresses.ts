/**
 * Addresses of events and machines, from 198.18.0.0/15 (RFC 2544, benchmarks) and 2001:db8::/32 (RFC 3849,
 * documentation): never routed, never somebody's.
 *
 * An event has a /22 and a /64: the internet's own addresses, two machines a participant, and from 769 on houses of
 * strangers, one a participant (containers/internet/doors).
 */

/** How many events fit on one engine: 2^15 blocks of /22 would be 128. */
export const EVENTS = 128
/** How many participants fit in one event. */
export const SLOTS = 250

const FIRST_MACHINE = 16

const ipv4 = (index: number, host: number): string => {
  const n = index * 1024 + host
  return `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`
}
/** As RFC 5952 writes it, and so every tool: for the first event without its own zero. */
const prefix6 = (index: number): string => (index ? `2001:db8:${index.toString(16)}` : '2001:db8')
const ipv6 = (index: number, host: number): string => `${prefix6(index)}::${host.toString(16)}`

export const subnets = (index: number): { ipv4: string; ipv6: string } => ({
  ipv4: `${ipv4(index, 0)}/22`,
  ipv6: `${prefix6(index)}::/64`,
})

/**
 * The internet container: resolver and mirror at this address; names, providers and the others at the ones that
 * follow (containers/internet/places.ts). The engine keeps .1 for the gateway that the seal takes away.
 */
export const internetAddress = (index: number): { ipv4: string; ipv6: string } => inhabitantAddress(index, 2)

/** The internet container's address with this last number (containers/internet/places.ts). */
export const inhabitantAddress = (index: number, host: number): { ipv4: string; ipv6: string } => ({
  ipv4: ipv4(index, host),
  ipv6: ipv6(index, host),
})

/** Addresses of a participant's machines by slot, 0 to SLOTS - 1. */
export const machineAddresses = (index: number, slot: number) => {
  const host = FIRST_MACHINE + slot * 2
  return {
    server: { ipv4: ipv4(index, host), ipv6: ipv6(index, host) },
    desk: { ipv4: ipv4(index, host + 1), ipv6: ipv6(index, host + 1) },
  }
}

const FIRST_HOUSE = 769

/** The house at which a participant is to knock, by the IPv4 address of their server. IPv4 only: no name leads to it. */
export function houseAddress(server: string): string {
  const [, b = 0, c = 0, d = 0] = server.split('.').map(Number)
  const number = (b - 18) * 65_536 + c * 256 + d
  return ipv4(Math.floor(number / 1024), FIRST_HOUSE + ((number % 1024) - FIRST_MACHINE) / 2)
}
