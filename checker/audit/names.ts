/** Names: delegation, addresses, reverse names, MX. */
import { isIPv6 } from 'node:net'
import { domainToASCII } from 'node:url'
import { reverseName } from '../../containers/internet/zones.ts'
import { type Eye, type Found, found, type Subject } from './row.ts'

const ONE_NAME_SERVER = {
  en: 'the registry serves all zones of the lab from one name server, the parent’s among them',
  fr: 'le registre sert toutes les zones du labo depuis un seul serveur de noms, celle du parent comprise',
}

const bare = (name: string) => name.replace(/\.$/, '').toLowerCase()
const families = ['ipv4', 'ipv6'] as const

/** Hosts of the MX records, as published. */
export async function mxOf({ probes }: Eye): Promise<string[]> {
  const records = await probes.dns.resolve(probes.lab.domain, 'MX')
  return records.map(record => bare(record.split(' ')[1] ?? ''))
}

/** Whether a name has exactly the server's two addresses. */
async function points({ probes }: Eye, name: string): Promise<Found> {
  const [a, aaaa] = await Promise.all([probes.dns.resolve(name, 'A'), probes.dns.resolve(name, 'AAAA')])
  const { ipv4, ipv6 } = probes.lab.address.server
  return found(a.join() === ipv4 && aaaa.join() === ipv6, [name, ...a, ...aaaa])
}

interface Reverse {
  address: string
  names: string[]
  back: string[]
}

const reverses = ({ probes }: Eye): Promise<Reverse[]> =>
  Promise.all(
    families.map(async family => {
      const address = probes.lab.address.server[family]
      const names = (await probes.dns.resolve(bare(reverseName(address)), 'PTR')).map(bare)
      const type = isIPv6(address) ? 'AAAA' : 'A'
      const back = names[0] ? await probes.dns.resolve(names[0], type) : []
      return { address, names, back }
    }),
  )

const told = (all: readonly Reverse[]) =>
  all.map(({ address, names }) => `${address} ${names.join(' ') || '-'}`)

export const names: Subject = {
  id: 'names',
  title: { en: 'Names', fr: 'Noms' },
  entries: [
    {
      id: 'ns-as-delegated',
      text: {
        en: 'The zone names the name servers that its parent delegates to',
        fr: 'La zone nomme les serveurs de noms que son parent délègue',
      },
      asks: ['M', 'C'],
      cannot: ONE_NAME_SERVER,
    },
    {
      id: 'glue',
      text: {
        en: 'Glue records fit the name servers’ own addresses',
        fr: 'Les enregistrements de colle correspondent aux adresses des serveurs de noms',
      },
      asks: ['M', 'C'],
      cannot: ONE_NAME_SERVER,
    },
    {
      id: 'same-soa',
      text: {
        en: 'All name servers answer with the same SOA',
        fr: 'Tous les serveurs de noms répondent le même SOA',
      },
      asks: ['M', 'C'],
      cannot: ONE_NAME_SERVER,
    },
    {
      id: 'rpki',
      text: {
        en: 'The routes to name servers and mail servers are signed (RPKI)',
        fr: 'Les routes vers les serveurs de noms et de mail sont signées (RPKI)',
      },
      asks: ['I'],
      cannot: {
        en: 'the lab’s addresses are unroutable on purpose: no registry has signed routes to them',
        fr: 'les adresses du labo ne sont pas routables, exprès : aucun registre n’a signé de route vers elles',
      },
    },
    {
      id: 'ns-ipv6',
      text: {
        en: 'The name servers have IPv6 addresses and answer at them',
        fr: 'Les serveurs de noms ont des adresses IPv6 et y répondent',
      },
      asks: ['I'],
      check: async ({ probes }) => {
        const servers = (await probes.dns.resolve(probes.lab.domain, 'NS')).map(bare)
        const addresses = (await Promise.all(servers.map(name => probes.dns.resolve(name, 'AAAA')))).flat()
        const said = await Promise.all(
          addresses.map(address => probes.dns.direct(address, probes.lab.domain, 'SOA')),
        )
        const good = said.every(
          ({ authoritative, status, answers }) => authoritative && status === 0 && answers > 0,
        )
        return found(good && said.length >= servers.length && said.length > 0, [...servers, ...addresses])
      },
    },
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
        const host = addresses[0]?.[0]
        if (!host || addresses.some(({ length }) => length === 0)) return found(false, ['AAAA', ...hosts])
        return probes.smtp.session({ port: 25, tls: 'none', host }, async session => {
          await session.command(`MAIL FROM:<friend@grosmail.test>`)
          const { code, text } = await session.command(`RCPT TO:<postmaster@${probes.lab.domain}>`)
          await session.command('RSET')
          return found(code === 250, `${host}: ${code} ${text}`)
        })
      },
    },
    {
      id: 'host-addresses',
      text: {
        en: 'The host’s name has both addresses of the server',
        fr: 'Le nom de l’hôte a les deux adresses du serveur',
      },
      asks: ['M'],
      check: eye => points(eye, eye.probes.lab.host),
    },
    {
      id: 'mta-sts-addresses',
      text: {
        en: '`mta-sts` has both addresses of the server',
        fr: '`mta-sts` a les deux adresses du serveur',
      },
      asks: ['M'],
      check: eye => points(eye, `mta-sts.${eye.probes.lab.domain}`),
    },
    {
      id: 'autoconfig',
      text: {
        en: '`autoconfig` and `autodiscover` lead mail programs to the server',
        fr: '`autoconfig` et `autodiscover` mènent les logiciels de mail au serveur',
      },
      asks: ['M'],
      later: 7,
    },
    {
      id: 'ptr-exists',
      text: {
        en: 'Both addresses have one reverse name each',
        fr: 'Les deux adresses ont un nom inverse chacune',
      },
      asks: ['M', 'C'],
      check: async eye => {
        const all = await reverses(eye)
        return found(
          all.every(one => one.names.length === 1),
          told(all),
        )
      },
    },
    {
      id: 'ptr-is-the-name',
      text: { en: 'The reverse names are the host’s name', fr: 'Les noms inverses sont le nom de l’hôte' },
      asks: ['M', 'C'],
      check: async eye => {
        const all = await reverses(eye)
        return found(
          all.every(one => one.names.includes(eye.probes.lab.host)),
          told(all),
        )
      },
    },
    {
      id: 'ptr-confirmed',
      text: {
        en: 'The reverse names lead back to the addresses',
        fr: 'Les noms inverses ramènent aux adresses',
      },
      asks: ['M', 'C'],
      check: async eye => {
        const all = await reverses(eye)
        return found(
          all.every(({ address, back }) => back.includes(address)),
          told(all),
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
    {
      id: 'idna',
      text: {
        en: 'The domain is a valid name, in every alphabet (IDNA)',
        fr: 'Le domaine est un nom valide, dans tout alphabet (IDNA)',
      },
      asks: ['M'],
      check: async ({ probes }) => {
        const ascii = domainToASCII(probes.lab.domain)
        return found(ascii === probes.lab.domain, ascii || '-')
      },
    },
  ],
}
