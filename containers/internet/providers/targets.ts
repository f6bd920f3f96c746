/** Where a domain's mail goes: RFC 5321, 5.1, asked of the lab's resolver. */
import type { LabNet } from '../env.ts'
import { resolve } from '../resolver.ts'

/** One address of one mail exchanger. */
export interface Target {
  host: string
  address: string
  /** Whether the resolver vouches (AD) for the MX and for the address: without both, DANE says nothing. */
  authentic: boolean
}

/** Whom to connect to, best first, each host's IPv4 before its IPv6; or in words why there is nobody. */
export async function targets(domain: string, net: LabNet): Promise<Target[] | string> {
  const mx = await resolve(domain, 'MX')
  if (mx.status === 'NXDOMAIN') return `there is no domain ${domain}`
  if (mx.status !== 'NOERROR') return `the MX of ${domain} cannot be looked up (${mx.status})`
  const exchanges = mx.answers
    .map(answer => answer.split(' '))
    .sort((a, b) => Number(a[0]) - Number(b[0]))
    .map(([, host = '']) => host)
  // RFC 7505
  if (exchanges.length === 1 && exchanges[0] === '.') return `${domain} says that it takes no mail (null MX)`

  const found: Target[] = []
  const outside: string[] = []
  // A domain without MX is its own exchanger.
  for (const host of exchanges.length > 0 ? exchanges : [domain]) {
    for (const type of ['A', 'AAAA']) {
      const { answers, authentic } = await resolve(host, type)
      for (const address of answers) {
        // A learner's zone may point anywhere, this container's loopback included.
        if (net.contains(address))
          found.push({ host: host.replace(/\.$/, ''), address, authentic: mx.authentic && authentic })
        else outside.push(address)
      }
    }
  }
  if (found.length > 0) return found
  const subject =
    exchanges.length > 0
      ? `the MX of ${domain}, ${exchanges.join(' ')},`
      : `${domain} has no MX, and its name`
  return outside.length > 0
    ? `${subject} leads to ${outside.join(', ')}: not an address of the Internet`
    : `${subject} has no address`
}
