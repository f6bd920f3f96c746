/** DNSSEC of the mail domain and of its MX, and CAA. */
import { dsOf } from './ds-digest.ts'
import { mxOf } from './mx.ts'
import { type Eye, found, type Subject } from './row.ts'

/** Of the delegation, from the registry: `KEYTAG ALGORITHM DIGEST-TYPE DIGEST`. */
async function delegation({ probes }: Eye): Promise<string[][]> {
  const { ds } = await probes.registrar.state()
  return ds.map(one => one.split(/\s+/))
}

export const dnssec: Subject = {
  id: 'dnssec',
  title: { en: 'DNSSEC and CAA', fr: 'DNSSEC et CAA' },
  entries: [
    {
      id: 'dnssec-domain',
      text: {
        en: 'A validating resolver vouches for the domain’s records',
        fr: 'Un résolveur validant se porte garant des enregistrements du domaine',
      },
      asks: ['I', 'M', 'C'],
      check: async ({ probes }) => {
        const all = await Promise.all(
          ['SOA', 'MX', 'TXT'].map(type => probes.dns.ask(probes.lab.domain, type)),
        )
        return found(
          all.every(({ authentic }) => authentic),
          all.map(({ status, authentic }) => `${status}${authentic ? ' ad' : ''}`),
        )
      },
    },
    {
      id: 'dnssec-mx',
      text: {
        en: 'It vouches for the MX hosts’ addresses too',
        fr: 'Il se porte garant aussi des adresses des hôtes MX',
      },
      asks: ['I', 'M', 'C'],
      check: async eye => {
        const hosts = await mxOf(eye)
        const all = await Promise.all(
          hosts.flatMap(host =>
            ['A', 'AAAA'].map(async type => ({ host, type, ...(await eye.probes.dns.ask(host, type)) })),
          ),
        )
        const seen = all.map(({ host, type, authentic }) => `${host} ${type}${authentic ? ' ad' : ''}`)
        return found(all.length > 0 && all.every(({ authentic }) => authentic), seen)
      },
    },
    {
      id: 'ds-matches',
      text: {
        en: 'The DS at the parent is that of a key of the zone',
        fr: 'Le DS chez le parent est celui d’une clef de la zone',
      },
      asks: ['M'],
      check: async ({ probes }) => {
        const { domain } = probes.lab
        const [published, keys] = await Promise.all([
          probes.dns.resolve(domain, 'DS'),
          probes.dns.resolve(domain, 'DNSKEY'),
        ])
        const plain = published.map(one => {
          const [tag, algorithm, type = '', ...digest] = one.split(/\s+/)
          return { type, text: `${tag} ${algorithm} ${type} ${digest.join('').toUpperCase()}` }
        })
        const fits = plain.filter(({ type, text }) => keys.some(key => dsOf(domain, key, type) === text))
        return found(
          plain.length > 0 && fits.length === plain.length,
          plain.map(({ text }) => text),
        )
      },
    },
    {
      id: 'ds-algorithm',
      text: {
        en: 'The zone is signed with algorithm 13 (ECDSA P-256)',
        fr: 'La zone est signée avec l’algorithme 13 (ECDSA P-256)',
      },
      asks: ['M'],
      check: async eye => {
        const all = await delegation(eye)
        return found(
          all.length > 0 && all.every(ds => ds[1] === '13'),
          all.map(ds => ds.join(' ')),
        )
      },
    },
    {
      id: 'ds-digest',
      text: { en: 'The DS has digest 2 (SHA-256)', fr: 'Le DS a l’empreinte 2 (SHA-256)' },
      asks: ['M'],
      check: async eye => {
        const all = await delegation(eye)
        return found(
          all.some(ds => ds[2] === '2'),
          all.map(ds => ds.join(' ')),
        )
      },
    },
    {
      id: 'caa',
      text: {
        en: 'CAA says who may issue certificates for the domain',
        fr: 'CAA dit qui peut émettre des certificats pour le domaine',
      },
      asks: ['I'],
      check: async ({ probes }) => {
        const records = await probes.dns.resolve(probes.lab.domain, 'CAA')
        return found(
          records.some(record => /^\d+ issue /.test(record)),
          records.length ? records : '-',
        )
      },
    },
  ],
}
