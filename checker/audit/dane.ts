import { found, type Subject } from './row.ts'

/** A second record keeps the way open while a key changes: the next key’s, or the authority’s (RFC 7671, 8). */
export const rollsOver = (records: readonly string[]): boolean => {
  const own = records.filter(record => /^3 1 /.test(record))
  const authority = records.filter(record => /^2 /.test(record))
  return own.length >= 2 || (own.length >= 1 && authority.length >= 1)
}

export const dane: Subject = {
  id: 'dane',
  title: { en: 'DANE', fr: 'DANE' },
  entries: [
    {
      id: 'tlsa-exists',
      text: {
        en: 'Each MX has a TLSA record that DNSSEC vouches for',
        fr: 'Chaque MX a un enregistrement TLSA dont DNSSEC se porte garant',
      },
      asks: ['I', 'M', 'C'],
      check: async ({ looks }) => {
        const { hosts } = await looks.policy()
        const good = hosts.every(({ dane }) => dane.found.length > 0 && dane.authentic)
        return found(
          hosts.length > 0 && good,
          hosts.flatMap(({ dane }) => dane.found),
        )
      },
    },
    {
      id: 'tlsa-valid',
      text: {
        en: 'The records are usable for mail',
        fr: 'Les enregistrements sont utilisables pour le mail',
      },
      asks: ['I', 'M', 'C'],
      check: async ({ looks }) => {
        const { hosts } = await looks.policy()
        const faults = hosts
          .flatMap(({ dane }) => dane.faults.map(({ code }) => code))
          .filter(code => code !== 'tlsa-mismatch')
        const records = hosts.flatMap(({ dane }) => dane.found)
        return found(records.length > 0 && faults.length === 0, faults.length ? faults : records)
      },
    },
    {
      id: 'tlsa-matches',
      text: {
        en: 'The certificate on port 25 is the one that they name',
        fr: 'Le certificat du port 25 est celui qu’ils nomment',
      },
      asks: ['I', 'M', 'C'],
      check: async ({ looks }) => {
        const { dane } = await looks.policy()
        return found(dane.valid, dane.valid ? 'valid' : dane.faults.map(({ code }) => code))
      },
    },
    {
      id: 'tlsa-rollover',
      text: {
        en: 'A second record is there for the day when the key changes',
        fr: 'Un second enregistrement est prêt pour le jour où la clef change',
      },
      asks: ['I'],
      check: async ({ looks }) => {
        const { hosts } = await looks.policy()
        return found(
          hosts.length > 0 && hosts.every(({ dane }) => rollsOver(dane.found)),
          hosts.flatMap(({ dane }) => dane.found),
        )
      },
    },
  ],
}
