import type { StartNames } from '../../../checker/step.ts'

/** What the hosting company left: IPv6 has its default reverse name, which leads nowhere. Strict from here on. */
export const names: StartNames = ({ address: { server } }) => ({
  records: [],
  reverse: { [server.ipv6]: `v6-${server.ipv6.split(':').at(-1)}.example.test` },
  strict: true,
})
