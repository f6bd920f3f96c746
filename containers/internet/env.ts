/** Where this internet stands: its addresses and subnets, from the container's environment. */
import { BlockList, isIP } from 'node:net'
import { z } from 'zod'
import { PLACES, type Place } from './places.ts'

export interface LabNet {
  ipv4: string
  ipv6: string
  /** Where an inhabitant of this internet lives. */
  at(place: Place): { ipv4: string; ipv6: string }
  /** Whether an address belongs to the lab's subnets. */
  contains(address: string): boolean
}

/** An address in the one form that compares: IPv6 compressed and in lower case (RFC 5952). */
export const canonical = (address: string) =>
  isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address

const cidr = (text: string) => {
  const [address = '', prefix = ''] = text.split('/')
  return { address, prefix: /^\d+$/.test(prefix) ? Number(prefix) : Number.NaN }
}

const subnet = (version: 4 | 6) =>
  z.string().refine(
    text => {
      const { address, prefix } = cidr(text)
      return isIP(address) === version && prefix >= 0 && prefix <= (version === 4 ? 32 : 128)
    },
    {
      error: `expected an IPv${version} subnet such as ${version === 4 ? '198.18.7.0/24' : '2001:db8:7::/64'}`,
    },
  )

const Environment = z.object({
  LAB_IPV4: z.ipv4(),
  LAB_IPV6: z.ipv6(),
  LAB_SUBNET4: subnet(4),
  LAB_SUBNET6: subnet(6),
})

/** Reads LAB_IPV4, LAB_IPV6, LAB_SUBNET4 and LAB_SUBNET6; throws a ZodError that names what is missing or wrong. */
export function labNet(env: Record<string, string | undefined>): LabNet {
  const { LAB_IPV4, LAB_IPV6, LAB_SUBNET4, LAB_SUBNET6 } = Environment.parse(env)
  const subnets = new BlockList()
  const four = cidr(LAB_SUBNET4)
  const six = cidr(LAB_SUBNET6)
  subnets.addSubnet(four.address, four.prefix, 'ipv4')
  subnets.addSubnet(six.address, six.prefix, 'ipv6')
  return {
    ipv4: LAB_IPV4,
    ipv6: canonical(LAB_IPV6),
    // The internet's first addresses end in the resolver's number, and the others count on from there.
    at: place => ({
      ipv4: LAB_IPV4.replace(/\d+$/, own => `${Number(own) - PLACES.resolver + PLACES[place]}`),
      ipv6: canonical(
        LAB_IPV6.replace(/[0-9a-f]+$/i, own =>
          (Number.parseInt(own, 16) - PLACES.resolver + PLACES[place]).toString(16),
        ),
      ),
    }),
    contains: address => isIP(address) !== 0 && subnets.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6'),
  }
}
