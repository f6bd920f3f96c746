/** MTA-STS, TLS reports and BIMI. */
import { found, type Subject } from './row.ts'
import { tagsOf } from './txt.ts'

/** A BIMI record of one's own may leave the logo out, to say that there is none; else it lies at an https address. */
export function bimiIsValid(text: string): boolean {
  const tags = new Map(tagsOf(text))
  const logo = tags.get('l')
  return (
    tags.get('v') === 'BIMI1' && logo !== undefined && (logo === '' || /^https:\/\/\S+\.svgz?$/i.test(logo))
  )
}

export const mtaSts: Subject = {
  id: 'mta-sts',
  title: { en: 'MTA-STS, TLS reports, BIMI', fr: 'MTA-STS, rapports TLS, BIMI' },
  entries: [
    {
      id: 'sts-record',
      text: {
        en: '`_mta-sts` has a record with an id',
        fr: '`_mta-sts` a un enregistrement avec un identifiant',
      },
      asks: ['M', 'C'],
      check: async ({ looks, probes }) => {
        const records = await looks.texts(`_mta-sts.${probes.lab.domain}`)
        const { mtaSts } = await looks.policy()
        return found(records.length === 1 && mtaSts.id !== '', records.length ? records : '-')
      },
    },
    {
      id: 'sts-policy',
      text: {
        en: 'The policy comes over HTTPS, with a valid certificate and the right type',
        fr: 'La politique vient par HTTPS, avec un certificat valide et le bon type',
      },
      asks: ['M', 'C'],
      check: async ({ looks }) => {
        const { mtaSts } = await looks.policy()
        const faults = mtaSts.faults.map(({ code }) => code)
        return found(mtaSts.valid, faults.length ? faults : `mode=${mtaSts.mode} max_age=${mtaSts.maxAge}`)
      },
    },
    {
      id: 'sts-enforced',
      text: { en: 'Its mode is `enforce`', fr: 'Son mode est `enforce`' },
      asks: ['M', 'C'],
      check: async ({ looks }) => {
        const { mtaSts } = await looks.policy()
        return found(mtaSts.mode === 'enforce', mtaSts.mode || '-')
      },
    },
    {
      id: 'sts-mx',
      text: { en: 'It lists the MX hosts', fr: 'Elle liste les hôtes MX' },
      asks: ['M', 'C'],
      check: async ({ looks }) => {
        const { mx, mtaSts } = await looks.policy()
        const listed = mtaSts.mx.map(one => one.toLowerCase())
        const covers = (host: string) =>
          listed.includes(host) || listed.includes(`*.${host.split('.').slice(1).join('.')}`)
        return found(mx.hosts.length > 0 && mx.hosts.every(covers), listed.length ? listed : '-')
      },
    },
    {
      id: 'tls-rpt',
      text: { en: 'TLS reports are asked for', fr: 'Les rapports TLS sont demandés' },
      asks: ['C'],
      check: async ({ looks }) => {
        const { tlsRpt } = await looks.policy()
        return found(tlsRpt.valid, tlsRpt.found.length ? tlsRpt.found : '-')
      },
    },
    {
      id: 'bimi',
      text: { en: 'BIMI is right, if there is any', fr: 'BIMI est juste, s’il y en a' },
      asks: ['C'],
      check: async ({ looks, probes }) => {
        const records = await looks.texts(`default._bimi.${probes.lab.domain}`)
        return found(records.every(bimiIsValid), records.length ? records : '0')
      },
    },
  ],
}
