/** Where mail for the domain goes. */
import { offer } from './looks.ts'
import { type Entry, type Eye, found } from './row.ts'
import { bare } from './txt.ts'

/** Hosts of the MX records, as published. */
export async function mxOf({ probes }: Eye): Promise<string[]> {
  const records = await probes.dns.resolve(probes.lab.domain, 'MX')
  return records.map(record => bare(record.split(' ')[1] ?? ''))
}

/** What a host says to mail for the domain's postmaster. */
const replyAt = async ({ probes }: Eye, host: string) => ({
  host,
  ...(await offer(probes, `postmaster@${probes.lab.domain}`, { tls: 'none', host })),
})

export const mx: readonly Entry[] = [
  {
    id: 'mx-ipv6',
    text: {
      en: 'Each MX has an IPv6 address and takes mail there',
      fr: 'Chaque MX a une adresse IPv6 et y prend le courrier',
    },
    asks: ['I'],
    check: async eye => {
      const hosts = await mxOf(eye)
      const { probes } = eye
      const addresses = await Promise.all(hosts.map(host => probes.dns.resolve(host, 'AAAA')))
      if (hosts.length === 0 || addresses.some(({ length }) => length === 0))
        return found(
          false,
          hosts.map((host, i) => `${host} ${addresses[i]?.join(' ') || '-'}`),
        )
      const replies = await Promise.all(addresses.flat().map(host => replyAt(eye, host)))
      return found(
        replies.every(({ code }) => code === 250),
        replies.map(({ host, code, text }) => `${host}: ${code} ${text}`),
      )
    },
  },
  {
    id: 'mx-present',
    text: { en: 'The domain has an MX', fr: 'Le domaine a un MX' },
    asks: ['M', 'C'],
    check: async eye => {
      const hosts = await mxOf(eye)
      return found(hosts.some(Boolean), hosts)
    },
  },
  {
    id: 'mx-once',
    text: { en: 'No host is an MX twice', fr: 'Aucun hôte n’est deux fois MX' },
    asks: ['M', 'C'],
    check: async eye => {
      const hosts = await mxOf(eye)
      return found(new Set(hosts).size === hosts.length && hosts.length > 0, hosts)
    },
  },
  {
    id: 'mx-resolves',
    text: {
      en: 'Each MX has an address, and is no alias',
      fr: 'Chaque MX a une adresse, et n’est pas un alias',
    },
    asks: ['M', 'C'],
    check: async eye => {
      const looked = await Promise.all(
        (await mxOf(eye)).map(async host => {
          const aliases = await eye.probes.dns.resolve(host, 'CNAME')
          const addresses = await eye.probes.dns.resolve(host, 'A')
          return { host, good: aliases.length === 0 && addresses.length > 0, addresses }
        }),
      )
      const seen = looked.map(({ host, addresses }) => `${host} ${addresses.join(' ')}`)
      return found(looked.length > 0 && looked.every(({ good }) => good), seen)
    },
  },
  {
    id: 'mx-allowed',
    text: {
      en: 'Each MX is allowed by the MTA-STS policy',
      fr: 'Chaque MX est permis par la politique MTA-STS',
    },
    asks: ['M', 'C'],
    check: async ({ looks }) => {
      const { mx, mtaSts } = await looks.policy()
      const faults = mtaSts.faults.map(({ code }) => code)
      const listed = mtaSts.mx.length > 0 && !faults.includes('sts-mx-not-listed')
      return found(listed && mx.hosts.length > 0, [
        ...mx.hosts,
        ...mtaSts.mx.map(pattern => `mx: ${pattern}`),
        ...faults,
      ])
    },
  },
]
