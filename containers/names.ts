import type { DomainBody } from './internet/api.ts'
import type { Lab } from './types.ts'

/** The names that a lab has from its beginning: host, mail exchanger, and back from the addresses. */
export function startingNames({ domain, host, address: { server, desk } }: Lab): DomainBody {
  return {
    records: [
      { name: '@', type: 'MX', data: `10 ${host}.` },
      { name: 'mail', type: 'A', data: server.ipv4 },
      { name: 'mail', type: 'AAAA', data: server.ipv6 },
      { name: 'desk', type: 'A', data: desk.ipv4 },
      { name: 'desk', type: 'AAAA', data: desk.ipv6 },
    ],
    reverse: {
      [server.ipv4]: host,
      [server.ipv6]: host,
      [desk.ipv4]: `desk.${domain}`,
      [desk.ipv6]: `desk.${domain}`,
    },
  }
}
