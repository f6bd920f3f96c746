import type { ResolveAnswer, ResolveBody } from '../../containers/internet/api.ts'
import { quoted } from '../clean.ts'
import type { Context } from './connect.ts'
import { askDirectly } from './dns-direct.ts'
import { ProbeError } from './error.ts'
import { internet } from './internet.ts'
import type { DnsProbe } from './types.ts'

const RESOLVE_MS = 10_000

export function dnsProbe(context: Context): DnsProbe {
  const ask = (name: string, type: string) => {
    const body: ResolveBody = { name, type }
    return internet<ResolveAnswer>(context, RESOLVE_MS, 'POST', '/resolve', body)
  }
  return {
    ask,
    direct: (address, name, type) => askDirectly(context, address, name, type),
    async resolve(name, type) {
      const answer = await ask(name, type)
      if (answer.status === 'NOERROR' || answer.status === 'NXDOMAIN') return answer.answers
      const [asked, status] = [quoted(`${name} ${type}`), quoted(answer.status)]
      throw new ProbeError('protocol', {
        expected: { en: `${asked} can be resolved.`, fr: `${asked} peut être résolu.` },
        observed: {
          en: `The resolver answered ${status} for ${asked}.`,
          fr: `Le résolveur a répondu ${status} pour ${asked}.`,
        },
      })
    },
  }
}
