/** Who is who in an event: which place of the map an address or a domain belongs to. */
import { isIP } from 'node:net'
import { canonical } from '../../../containers/internet/env.ts'
import type { Inhabitant, Lab } from '../../../containers/types.ts'
import type { MapPlace } from '../../protocol.ts'

export const ELSEWHERE: MapPlace = { id: 'elsewhere', kind: 'elsewhere' }

const provider = (name: string): MapPlace => ({ id: `${name}.test`, kind: 'provider' })
/** Inhabitants of the internet that take part in mail. */
const MAILERS: Partial<Record<Inhabitant['place'], MapPlace>> = {
  grosmail: provider('grosmail'),
  agrume: provider('agrume'),
  fenetre: provider('fenetre'),
  copine: provider('copine'),
  pourriel: { id: 'pourriel.test', kind: 'spammer' },
  // To the map a gateway is one more that carries others' mail.
  relais: provider('relais'),
  pourriel2: { id: 'pourriel.test', kind: 'spammer' },
}

export class Places {
  readonly #byAddress = new Map<string, MapPlace>()
  readonly #byDomain = new Map<string, MapPlace>()
  /** In the order of the map: the internet's own, then servers in the order of their addresses. */
  readonly known: MapPlace[] = []

  /** `up` are the names of the services that run: a provider that does not is no place yet. */
  constructor(internet: Inhabitant[], labs: Lab[], up: ReadonlySet<string>) {
    for (const { place, ipv4, ipv6 } of internet) {
      const mailer = MAILERS[place]
      if (!mailer) continue
      if (up.has(place) && !this.#byDomain.has(mailer.id)) this.known.push(mailer)
      this.#byDomain.set(mailer.id, mailer)
      this.#byAddress.set(ipv4, mailer).set(canonical(ipv6), mailer)
    }
    const slot = (lab: Lab) =>
      BigInt(lab.address.server.ipv4.split('.').reduce((n, part) => n * 256 + Number(part), 0))
    for (const lab of labs.toSorted((a, b) => Number(slot(a) - slot(b)))) {
      const server: MapPlace = { id: lab.domain, kind: 'server' }
      this.known.push(server)
      this.#byDomain.set(lab.domain, server)
      for (const { ipv4, ipv6 } of [lab.address.server, lab.address.desk])
        this.#byAddress.set(ipv4, server).set(canonical(ipv6), server)
    }
  }

  /** `elsewhere` for what nobody here is: a domain with a slip in it, an address of no machine. */
  of(name: string): MapPlace {
    const text = name.trim().toLowerCase().replace(/\.$/, '')
    if (isIP(text)) return this.#byAddress.get(canonical(text.replace(/^::ffff:(?=\d+\.)/, ''))) ?? ELSEWHERE
    // A host is of its domain, and all domains here have two labels.
    return this.#byDomain.get(text.split('.').slice(-2).join('.')) ?? ELSEWHERE
  }
}
