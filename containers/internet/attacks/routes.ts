/** The control API of the spammers, in the shapes of api.ts. */
import { parse, type Route } from '../control.ts'
import type { LabNet } from '../env.ts'
import type { Zone } from '../zones.ts'
import type { Attacks } from './attacks.ts'
import { AttackSchema } from './bodies.ts'

export const attackRoutes = (attacks: Attacks): Route[] => [
  {
    method: 'POST',
    path: '/attacks',
    answer: async ({ body }) => attacks.start(parse(AttackSchema, body, 'body')),
  },
  {
    method: 'GET',
    path: '/attacks/:id',
    answer: async ({ parameters }) => attacks.state(parameters.id ?? ''),
  },
  {
    method: 'DELETE',
    path: '/attacks/:id',
    answer: async ({ parameters }) => attacks.stop(parameters.id ?? ''),
  },
]

/** Spammers have their papers in order: SPF proves a sender, not that they are decent. */
export function pourrielZone(net: LabNet): Zone {
  const { ipv4, ipv6 } = net.at('pourriel')
  return {
    origin: 'pourriel.test.',
    lines: [
      '@ MX 10 mx.pourriel.test.',
      `@ TXT "v=spf1 ip4:${ipv4} ip6:${ipv6} ip4:${net.at('pourriel2').ipv4} ip6:${net.at('pourriel2').ipv6} -all"`,
      `mx A ${ipv4}`,
      `mx AAAA ${ipv6}`,
      // The fake webmail (phishing.ts).
      `webmail A ${ipv4}`,
      `webmail AAAA ${ipv6}`,
    ],
  }
}
