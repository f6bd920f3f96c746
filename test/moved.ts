/**
 * A solved server begins again in another event, where its machines and the internet have other addresses: what was
 * written down with the old ones is told anew. An event's addresses differ in the block alone (containers/addresses.ts).
 */
import { isIPv6 } from 'node:net'
import type { DomainNames } from '../containers/internet/api.ts'
import { canonical } from '../containers/internet/env.ts'
import type { Lab } from '../containers/types.ts'

type Placed = Pick<Lab, 'address'>

const BLOCK = 1024
const IPV4 = /(?<![\d.])198\.1[89]\.\d{1,3}\.\d{1,3}(?![\d.])/g
const IPV6 = /(?<![0-9a-f])2001:0?db8:[0-9a-f:]+/gi

const numberOf = (ipv4: string): number => ipv4.split('.').reduce((n, part) => n * 256 + Number(part), 0)
const block = ({ address }: Placed): number => Math.floor(numberOf(address.server.ipv4) / BLOCK)

/** The eight groups of an address; the event's number is the third. */
function groups(ipv6: string): number[] {
  const [head = [], tail = []] = ipv6.split('::').map(half => (half ? half.split(':') : []))
  const zeros = ipv6.includes('::') ? Array<string>(8 - head.length - tail.length).fill('0') : []
  return [...head, ...zeros, ...tail].map(group => Number.parseInt(group, 16))
}

/** The text with each address of the one lab's event as the other's has it. */
export function moved(text: string, from: Placed, to: Placed): string {
  const shift = (block(to) - block(from)) * BLOCK
  const shifted = text.replace(IPV4, ipv4 => {
    const n = numberOf(ipv4)
    if (Math.floor(n / BLOCK) !== block(from)) return ipv4
    return [24, 16, 8, 0].map(bits => ((n + shift) >>> bits) & 255).join('.')
  })
  const [, , there] = groups(from.address.server.ipv6)
  const [, , here = 0] = groups(to.address.server.ipv6)
  return shifted.replace(IPV6, ipv6 => {
    if (!isIPv6(ipv6) || groups(ipv6)[2] !== there) return ipv6
    return canonical(
      groups(ipv6)
        .with(2, here)
        .map(group => group.toString(16))
        .join(':'),
    )
  })
}

/** Likewise a domain's names: its records and its reverse names. */
export const movedNames = ({ records, reverse }: DomainNames, from: Placed, to: Placed): DomainNames => ({
  records: records.map(record => ({ ...record, data: moved(record.data, from, to) })),
  reverse: Object.fromEntries(
    Object.entries(reverse).map(([address, host]) => [moved(address, from, to), host]),
  ),
})
