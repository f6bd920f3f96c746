import type { DnsProbe } from '../../../checker/probes/types.ts'
import type { Check } from '../../../checker/step.ts'
import { toAsk } from '../start/to-ask.ts'
import { reverseName } from './reverse-name.ts'

/** The right answers are asked for anew each time, by the lab's own resolver. */
export const askTheDns: Check = async ({ answers, dns, lab }) => {
  const ask = toAsk(lab)
  const { preference, host } = await exchanger(dns, ask.mx)
  const spf = (await dns.resolve(ask.spf, 'TXT')).map(unquoted).find(text => text.startsWith('v=spf1'))
  const third = await exchanger(dns, ask.reverse)
  const [address] = await dns.resolve(third.host, ask.family === 'IPv4' ? 'A' : 'AAAA')
  if (!host || !spf || !address)
    throw new Error(`the DNS lacks something of ${Object.values(ask).join(', ')}`)
  return answers.judge(
    {
      preference: Number(preference),
      exchanger: host,
      spf: given => unquoted(given) === spf,
      strangers:
        { '-': 'refuse', '~': 'suspect', '?': 'nothing' }[/([-~?])all$/.exec(spf)?.[1] ?? ''] ?? 'silent',
      address: given => canonical(given) === canonical(address),
      reverse: await dns.resolve(reverseName(address), 'PTR'),
    },
    {
      next: {
        en: 'Your three domains stand in `/srv/slips/dns.txt` on the desk, and they are not your neighbour’s. `dig DOMAIN MX`, `dig DOMAIN TXT`, `dig -x ADDRESS`: read the ANSWER SECTION.',
        fr: 'Vos trois domaines sont sur le bureau, dans `/srv/slips/dns.txt`, et ce ne sont pas ceux d’à côté. `dig DOMAINE MX`, `dig DOMAINE TXT`, `dig -x ADRESSE` : lisez l’ANSWER SECTION.',
      },
    },
  )
}

/** The MX that is tried first: the lowest preference. */
async function exchanger(dns: DnsProbe, domain: string): Promise<{ preference: string; host: string }> {
  const all = (await dns.resolve(domain, 'MX')).map(data => data.split(' '))
  const [preference = '', host = ''] = all.toSorted(([a], [b]) => Number(a) - Number(b))[0] ?? []
  return { preference, host }
}

/** A TXT record's strings are one text; dig shows them in quotes. */
const unquoted = (text: string): string =>
  text.trim().replace(/"\s+"/g, '').replaceAll('"', '').replace(/\s+/g, ' ').toLowerCase()

/** An IPv6 address may be written long. */
const canonical = (address: string): string => {
  try {
    return new URL(`http://${address.includes(':') ? `[${address.trim()}]` : address.trim()}`).hostname
  } catch {
    return address
  }
}
