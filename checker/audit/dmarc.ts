import { type Entry, type Eye, type Found, found, type Subject } from './row.ts'
import { tagsOf } from './txt.ts'

/** RFC 9989, 9.3. */
const TAGS = ['v', 'p', 'sp', 'np', 'adkim', 'aspf', 'fo', 'rua', 'ruf', 't', 'psd']
/** Of RFC 7489, and gone since. */
const REMOVED = ['pct', 'rf', 'ri']
const STRENGTH = ['none', 'quarantine', 'reject']

interface Record {
  text: string
  tags: [string, string][]
  get(tag: string): string | undefined
}

export function recordOf(text: string): Record {
  const tags = tagsOf(text)
  return { text, tags, get: tag => tags.find(([name]) => name === tag)?.[1] }
}

const isDmarc = (text: string) => /^v\s*=\s*DMARC1\b/.test(text)

const texts = async ({ looks, probes }: Eye) =>
  (await looks.texts(`_dmarc.${probes.lab.domain}`)).filter(isDmarc)

/** A row about the record; without one none of them holds. */
const row = (
  id: string,
  text: Entry['text'],
  asks: Entry['asks'],
  judge: (record: Record, eye: Eye) => Found | Promise<Found>,
): Entry => ({
  id,
  text,
  asks,
  check: async eye => {
    const [first] = await texts(eye)
    return first === undefined ? found(false, '-') : judge(recordOf(first), eye)
  },
})

/** Addresses of reports, as `mailto:` URIs should have them; null for one that is broken. */
export const addressesOf = (uris: string | undefined): (string | null)[] =>
  (uris ?? '')
    .split(',')
    .map(uri => uri.trim())
    .filter(Boolean)
    .map(uri => /^mailto:([^\s@?!]+@[^\s@?!]+)(?:![0-9]+[kmgt]?)?$/i.exec(uri)?.[1] ?? null)

/** Whether another domain agrees to take reports on this one (RFC 9990). */
async function authorised({ looks, probes }: Eye, address: string): Promise<boolean> {
  const { domain } = probes.lab
  const other = address.split('@')[1]?.toLowerCase() ?? ''
  if (other === domain || other.endsWith(`.${domain}`)) return true
  const said = await looks.texts(`${domain}._report._dmarc.${other}`)
  return said.some(isDmarc)
}

export const dmarc: Subject = {
  id: 'dmarc',
  title: { en: 'DMARC', fr: 'DMARC' },
  entries: [
    row(
      'dmarc-exists',
      { en: 'The domain has a DMARC record', fr: 'Le domaine a un enregistrement DMARC' },
      ['I', 'C'],
      ({ text }) => found(true, text),
    ),
    row(
      'dmarc-enforced',
      {
        en: 'It asks that forgeries be refused or set aside',
        fr: 'Il demande que les faux soient refusés ou mis à part',
      },
      ['I', 'C'],
      record => {
        const policy = record.get('p') ?? ''
        return found(['quarantine', 'reject'].includes(policy) && record.get('t') !== 'y', `p=${policy}`)
      },
    ),
    {
      id: 'dmarc-single',
      text: { en: 'There is one alone', fr: 'Il n’y en a qu’un' },
      asks: ['C'],
      check: async eye => {
        const all = await texts(eye)
        return found(all.length === 1, `${all.length}`)
      },
    },
    row(
      'dmarc-known-tags',
      { en: 'It has no unknown tags', fr: 'Il n’a pas d’étiquettes inconnues' },
      ['C'],
      ({ tags }) => {
        const strange = tags.map(([tag]) => tag).filter(tag => ![...TAGS, ...REMOVED].includes(tag))
        return found(strange.length === 0, tags.map(([tag]) => tag).join(' '))
      },
    ),
    row(
      'dmarc-removed-tags',
      {
        en: 'It has no tags that are gone: `pct`, `rf`, `ri`',
        fr: 'Il n’a pas d’étiquettes disparues : `pct`, `rf`, `ri`',
      },
      ['C'],
      ({ tags }) => {
        const old = tags.map(([tag]) => tag).filter(tag => REMOVED.includes(tag))
        return found(old.length === 0, tags.map(([tag]) => tag).join(' '))
      },
    ),
    row(
      'dmarc-subdomains',
      {
        en: 'Subdomains are protected as well as the domain',
        fr: 'Les sous-domaines sont protégés aussi bien que le domaine',
      },
      ['C'],
      record => {
        const own = STRENGTH.indexOf(record.get('p') ?? '')
        const theirs = ['sp', 'np'].flatMap(tag => record.get(tag) ?? [])
        return found(own >= 0 && theirs.every(policy => STRENGTH.indexOf(policy) >= own), [
          `p=${record.get('p')}`,
          ...theirs.map(one => `sp/np=${one}`),
        ])
      },
    ),
    row(
      'dmarc-report-addresses',
      { en: '`rua` and `ruf` name valid addresses', fr: '`rua` et `ruf` nomment des adresses valides' },
      ['C'],
      record => {
        const [rua, ruf] = [addressesOf(record.get('rua')), addressesOf(record.get('ruf'))]
        return found(rua.length > 0 && ![...rua, ...ruf].includes(null), [
          `${record.get('rua')}`,
          ...(ruf.length ? [`${record.get('ruf')}`] : []),
        ])
      },
    ),
    row(
      'dmarc-reports-authorised',
      {
        en: 'Addresses elsewhere agree to take the reports',
        fr: 'Les adresses d’ailleurs acceptent de prendre les rapports',
      },
      ['C'],
      async (record, eye) => {
        const all = ['rua', 'ruf'].flatMap(tag => addressesOf(record.get(tag))).filter(one => one !== null)
        const good = await Promise.all(all.map(address => authorised(eye, address)))
        return found(
          all.length > 0 && good.every(Boolean),
          all.map((address, i) => `${address}${good[i] ? '' : ' ?'}`),
        )
      },
    ),
  ],
}
