import { isIPv6 } from 'node:net'
import { reverseName } from '../../containers/internet/zones.ts'
import { type Eye, found, type Subject } from './row.ts'

const LIST = 'bl.blocklist.test'

/** Where an address stands in a list (RFC 5782, 2.1 and 2.4). */
export const listName = (address: string): string =>
  `${reverseName(address).replace(/\.(?:in-addr|ip6)\.arpa\.$/, '')}.${LIST}`

/**
 * What a list's answer means. 127.255.255.0/24 is how lists say that they do not answer such a question: a resolver
 * that asks too much, a typing error (Spamhaus). Only the rest of 127.0.0.0/8 lists.
 */
export function meaning(answers: readonly string[]): 'clean' | 'listed' | 'no-answer' {
  if (answers.length === 0) return 'clean'
  const lists = answers.some(answer => answer.startsWith('127.') && !answer.startsWith('127.255.255.'))
  return lists ? 'listed' : 'no-answer'
}

const ask = async ({ probes }: Eye, address: string) =>
  meaning(await probes.dns.resolve(listName(address), 'A'))

export const blocklists: Subject = {
  id: 'blocklists',
  title: { en: 'Blocklists', fr: 'Listes noires' },
  entries: [
    {
      id: 'not-listed',
      text: {
        en: 'Neither address is on the blocklist',
        fr: 'Aucune des deux adresses n’est sur la liste noire',
      },
      asks: ['M'],
      check: async eye => {
        const all = Object.values(eye.probes.lab.address.server).sort(
          (a, b) => Number(isIPv6(a)) - Number(isIPv6(b)),
        )
        const said = await Promise.all(all.map(address => ask(eye, address)))
        return found(
          said.every(one => one === 'clean'),
          all.map((address, i) => `${address} ${said[i]}`),
        )
      },
    },
    {
      id: 'domain-not-listed',
      text: {
        en: 'The domain is on no blocklist of domains',
        fr: 'Le domaine n’est sur aucune liste noire de domaines',
      },
      asks: ['M'],
      cannot: {
        en: 'the lab’s blocklist lists addresses alone',
        fr: 'la liste noire du labo ne liste que des adresses',
      },
    },
    {
      id: 'list-answers',
      text: {
        en: 'The list’s own error codes are told apart from listings, and it answers',
        fr: 'Les codes d’erreur de la liste sont distingués des inscriptions, et elle répond',
      },
      asks: ['M'],
      check: async eye => {
        // RFC 5782, 5: the one is always on a list that works, the other never.
        const [always, never] = await Promise.all([ask(eye, '127.0.0.2'), ask(eye, '127.0.0.1')])
        return found(always === 'listed' && never === 'clean', `127.0.0.2 ${always}, 127.0.0.1 ${never}`)
      },
    },
  ],
}
