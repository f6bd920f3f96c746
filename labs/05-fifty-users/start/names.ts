import type { StartNames } from '../../../checker/step.ts'

/** What step 4 ends with: a host, a mail exchanger, and the way back from the addresses. */
export const names: StartNames = ({ domain, host, address: { server, desk } }) => ({
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
})
