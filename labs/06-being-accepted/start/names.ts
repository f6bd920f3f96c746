import type { StartNames } from '../../../checker/step.ts'

/** What the hosting company left: a default reverse name for IPv6 that leads nowhere, and an address with a past. */
export const names: StartNames = ({ address: { server } }) => ({
  records: [],
  reverse: { [server.ipv6]: `v6-${server.ipv6.split(':').at(-1)}.example.test` },
  strict: true,
  // Whoever rented the address before did not look after it, and neither did we yet.
  listed: { [server.ipv4]: 'spam-trap' },
})
