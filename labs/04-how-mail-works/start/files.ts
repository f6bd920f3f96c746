import type { StartFiles } from '../../../checker/step.ts'
import { letter } from './letter.ts'
import { replies } from './replies.ts'
import { toAsk } from './to-ask.ts'

/** Slips of paper on the desk: where the server is, and what each task is about for this participant. */
export const files: StartFiles = lab => {
  const { mx, spf, reverse, family } = toAsk(lab)
  const { from, to } = letter(lab)
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
    slip('letter.txt', [`from=${from}`, `to=${to}`]),
    slip(
      'replies.txt',
      replies(lab).map(({ letter, reply }) => `${letter}  ${reply}`),
    ),
    slip('house.txt', [`house=${lab.house}`]),
  ]
}
