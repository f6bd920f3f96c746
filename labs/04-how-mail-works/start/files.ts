import type { StartFiles } from '../../../checker/step.ts'
import { toAsk } from './to-ask.ts'

/** Two slips of paper on the desk: where the server is, and what to ask the DNS. */
export const files: StartFiles = lab => {
  const { mx, spf, reverse, family } = toAsk(lab)
  const slip = (path: string, lines: string[]) => ({
    machine: 'desk' as const,
    path: `/srv/slips/${path}`,
    mode: 0o644,
    content: `${lines.join('\n')}\n`,
  })
  const { ipv4, ipv6 } = lab.address.server
  return [
    slip('server.txt', [`name=${lab.host}`, `ipv4=${ipv4}`, `ipv6=${ipv6}`]),
    slip('dns.txt', [`mx=${mx}`, `spf=${spf}`, `reverse=${reverse}`, `family=${family}`]),
  ]
}
