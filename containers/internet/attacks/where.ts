/** Whom spammers may attack: the servers of the domain that is meant, at addresses that are its owner's. */
import { isIPv4 } from 'node:net'
import type { LabNet } from '../env.ts'
import { targets } from '../providers/targets.ts'
import { resolve } from '../resolver.ts'
import type { Plan } from './attempt.ts'

export interface Owners {
  net: LabNet
  /** Whose an address is: `you.test`, `grosmail.test`; null for nobody's. */
  owner(address: string): string | null
}

export interface Found {
  host: string
  address: string
}

/** One server, or in words why there is none. A zone may lead anywhere: to a neighbour, whom nobody meant, too. */
export async function locate(at: Plan['at'], family: 4 | 6, { net, owner }: Owners): Promise<Found | string> {
  const domain = 'mx' in at ? at.mx : at.domain
  const found = 'mx' in at ? await targets(at.mx, net) : await addressesOf(at.host)
  if (typeof found === 'string') return found
  const fits = found.filter(({ address }) => isIPv4(address) === (family === 4))
  const [first] = fits
  if (first === undefined) return `${domain} has no server with an IPv${family} address`
  const own = fits.find(({ address }) => net.contains(address) && owner(address) === parent(domain))
  return own ?? `${first.host} leads to ${first.address}, which does not belong to ${domain}`
}

/** Domains of the lab have two labels; what is below belongs to the same owner. */
const parent = (domain: string) => domain.split('.').slice(-2).join('.')

async function addressesOf(host: string): Promise<Found[] | string> {
  const answers = await Promise.all(['A', 'AAAA'].map(type => resolve(host, type)))
  const found = answers.flatMap(({ answers }) => answers).map(address => ({ host, address }))
  return found.length > 0 ? found : `${host} has no address`
}
