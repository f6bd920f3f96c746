/** What a provider asks the DNS about who brings it mail: of the lab's resolver, with a budget. */
import { Resolver } from 'node:dns/promises'
import { isIPv4 } from 'node:net'
import { canonical } from '../env.ts'
import { reverseName } from '../zones.ts'

/** The questions that rules ask; tests answer them without a name server. */
export interface Dns {
  /** As `dns.promises.resolve`: rejects with `code` ENOTFOUND, ENODATA, ETIMEOUT… */
  resolve(name: string, type: string): Promise<string[] | string[][]>
}

export function labDns(): Dns {
  return {
    resolve(name, type) {
      // A resolver keeps answers for as long as their TTL, and here names are mended in seconds: a new one each time.
      const resolver = new Resolver({ timeout: 2000, tries: 2 })
      resolver.setServers(['127.0.0.1'])
      return resolver.resolve(name, type) as Promise<string[] | string[][]>
    },
  }
}

/** Nothing there is an answer; anything else is a trouble that may pass. */
export async function ask(dns: Dns, name: string, type: string): Promise<string[] | 'trouble'> {
  try {
    return (await dns.resolve(name, type)).map(String)
  } catch (error) {
    const { code } = error as { code?: string }
    return code === 'ENOTFOUND' || code === 'ENODATA' ? [] : 'trouble'
  }
}

/** TXT records, the strings of each joined; «trouble» where the DNS gave no answer. */
export async function texts(dns: Dns, name: string): Promise<string[] | 'trouble'> {
  try {
    return (await dns.resolve(name, 'TXT')).map(parts => [parts].flat().join(''))
  } catch (error) {
    const { code } = error as { code?: string }
    return code === 'ENOTFOUND' || code === 'ENODATA' ? [] : 'trouble'
  }
}

export interface ReverseName {
  state: 'confirmed' | 'missing' | 'unconfirmed' | 'trouble'
  /** The name, or empty. */
  name: string
}

/** Whether the address has a name that leads back to it (RFC 1912, 2.1: FCrDNS). */
export async function reverse(dns: Dns, address: string): Promise<ReverseName> {
  const names = await ask(dns, reverseName(address).replace(/\.$/, ''), 'PTR')
  if (names === 'trouble') return { state: 'trouble', name: '' }
  const [name] = names
  if (name === undefined) return { state: 'missing', name: '' }
  const back = await ask(dns, name, isIPv4(address) ? 'A' : 'AAAA')
  if (back === 'trouble') return { state: 'trouble', name }
  return { state: back.map(canonical).includes(canonical(address)) ? 'confirmed' : 'unconfirmed', name }
}

/** Whether a DNS blocklist has the address. Its own error codes (127.255.255.x) and troubles are no listing. */
export async function listed(dns: Dns, zone: string, address: string): Promise<boolean> {
  const name = reverseName(address).replace(/\.(in-addr|ip6)\.arpa\.$/, '')
  const answers = await ask(dns, `${name}.${zone}`, 'A')
  return answers !== 'trouble' && answers.some(one => /^127\.(?!255\.255\.)/.test(one))
}
