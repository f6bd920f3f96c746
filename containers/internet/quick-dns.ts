/** Questions to the DNS without a process for each: what a page waits for. Where Node can't say, dig does. */
import { Resolver } from 'node:dns/promises'
import { resolve } from './resolver.ts'

type Type = 'A' | 'AAAA' | 'CNAME' | 'PTR' | 'TXT'

/** The data of the records, hosts without the final dot, the strings of a TXT record joined; none where there is none. */
export async function lookUp(name: string, type: Type, server = '127.0.0.1'): Promise<string[]> {
  // A resolver keeps answers for as long as their TTL, and here names are mended in seconds: a new one each time.
  const resolver = new Resolver({ timeout: 2000, tries: 2 })
  resolver.setServers([server])
  try {
    const found = (await resolver.resolve(name.replace(/\.$/, ''), type)) as string[] | string[][]
    return found.map(one => (typeof one === 'string' ? one : one.join('')))
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    const { answers } = await resolve(name, type, server)
    return answers.map(answer => answer.replace(/\.$/, '').replaceAll(/^"|"$|" "/g, ''))
  }
}
