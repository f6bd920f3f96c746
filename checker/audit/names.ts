/** Names: delegation, addresses, reverse names, MX. */
import { domainToASCII } from 'node:url'
import type { Reverse } from './looks.ts'
import { mx } from './mx.ts'
import { type Entry, type Eye, type Found, found, type Subject } from './row.ts'
import { bare } from './txt.ts'

const ONE_NAME_SERVER = {
  en: 'the registry serves all zones of the lab from one name server, the parent’s among them',
  fr: 'le registre sert toutes les zones du labo depuis un seul serveur de noms, celle du parent comprise',
}

/** Whether a name has exactly the server's two addresses. */
async function points({ probes }: Eye, name: string): Promise<Found> {
  const [a, aaaa] = await Promise.all([probes.dns.resolve(name, 'A'), probes.dns.resolve(name, 'AAAA')])
  const { ipv4, ipv6 } = probes.lab.address.server
  return found(a.join() === ipv4 && aaaa.join() === ipv6, [name, ...a, ...aaaa])
}

const told = (all: readonly Reverse[]) =>
  all.map(({ address, names }) => `${address} ${names.join(' ') || '-'}`)

/** A row about the reverse names of both addresses. */
const reverse = (id: string, text: Entry['text'], holds: (one: Reverse, eye: Eye) => boolean): Entry => ({
  id,
  text,
  asks: ['M', 'C'],
  check: async eye => {
    const all = await eye.looks.reverses()
    return found(
      all.every(one => holds(one, eye)),
      told(all),
    )
  },
})

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
    reverse(
      'ptr-exists',
      {
        en: 'Both addresses have one reverse name each',
        fr: 'Les deux adresses ont un nom inverse chacune',
      },
      ({ names }) => names.length === 1,
    ),
    reverse(
      'ptr-is-the-name',
      { en: 'The reverse names are the host’s name', fr: 'Les noms inverses sont le nom de l’hôte' },
      ({ names }, { probes }) => names.includes(probes.lab.host),
    ),
    reverse(
      'ptr-confirmed',
      {
        en: 'The reverse names lead back to the addresses',
        fr: 'Les noms inverses ramènent aux adresses',
      },
      ({ address, back }) => back.includes(address),
    ),
    ...mx,
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
