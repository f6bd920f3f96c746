import type { LabNet } from '../env.ts'
import type { Zone } from '../zones.ts'

/** The gateway's names; whoever sends through it has `include:relais.test` in their SPF record. */
export function relayZone(net: LabNet): Zone {
  const { ipv4, ipv6 } = net.at('relais')
  const spf = `"v=spf1 ip4:${ipv4} ip6:${ipv6} -all"`
  return {
    origin: 'relais.test.',
    lines: [
      // It delivers, and takes no mail but its users'.
      '@ MX 0 .',
      `@ TXT ${spf}`,
      `_spf TXT ${spf}`,
      // Of a bounce, SPF looks at the name in EHLO (RFC 7208, 2.4).
      `smtp TXT ${spf}`,
      `smtp A ${ipv4}`,
      `smtp AAAA ${ipv6}`,
    ],
  }
}
