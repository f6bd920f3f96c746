/** What the name server says of a domain now, and what the lab says of everybody else. */
import type { DomainNames } from './api.ts'
import { read } from './knot.ts'
import type { Outside } from './mistakes/names.ts'
import { lookUp } from './quick-dns.ts'
import { recordsOf } from './zone-text.ts'
import { reverseName } from './zones.ts'

/** The domain's records, and the reverse names of its owner's addresses. `server`: the name server's address. */
export async function namesNow(
  domain: string,
  addresses: readonly string[],
  server: string,
): Promise<DomainNames> {
  const records = recordsOf(await read(`${domain}.`), domain)
  const hosts = await Promise.all(
    addresses.map(async (address): Promise<[string, string | undefined]> => {
      const [host] = await lookUp(reverseName(address), 'PTR', server)
      return [address, host]
    }),
  )
  const reverse = Object.fromEntries(hosts.filter((one): one is [string, string] => one[1] !== undefined))
  return { records, reverse }
}

export const outside: Outside = {
  hasAddress: async host => (await lookUp(host, 'A')).length > 0 || (await lookUp(host, 'AAAA')).length > 0,
  isAlias: async host => (await lookUp(host, 'CNAME')).length > 0,
  texts: host => lookUp(host, 'TXT'),
}
