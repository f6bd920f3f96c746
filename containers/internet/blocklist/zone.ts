/** The list as DNS tells it (RFC 5782). The zone is written anew with each change: few addresses are ever listed. */
import type { LabNet } from '../env.ts'
import { reverseName, type Zone } from '../zones.ts'
import type { Listing } from './api.ts'

/** Short-lived: who has just been delisted should see it. */
const TTL = 30

const entry = (address: string, text: string) => {
  const owner = `${reverseName(address).replace(/\.(in-addr|ip6)\.arpa\.$/, '')}.bl`
  return [`${owner} ${TTL} A 127.0.0.2`, `${owner} ${TTL} TXT "${text}"`]
}

export function blocklistZone(net: LabNet, listings: () => Listing[]): Zone {
  const { ipv4, ipv6 } = net.at('blocklist')
  return {
    origin: 'blocklist.test.',
    get lines() {
      return [
        `@ A ${ipv4}`,
        `@ AAAA ${ipv6}`,
        // It writes to nobody, and takes mail from nobody.
        '@ MX 0 .',
        '@ TXT "v=spf1 -all"',
        // RFC 5782, 5: always there, so that one can tell a list that works. 127.0.0.1 never is.
        ...entry('127.0.0.2', 'test entry'),
        ...entry('::ffff:7f00:2', 'test entry'),
        ...listings().flatMap(({ address, cause }) =>
          entry(address, `${cause}: see http://blocklist.test/${address}`),
        ),
      ]
    },
  }
}
