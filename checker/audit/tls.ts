/** TLS on the MX, as internet.nl asks it of other people's servers. */
import type { Hello } from '../probes/tls-hello.ts'
import { certificate } from './certificate.ts'
import { MX_DOOR } from './looks.ts'
import { type Eye, type Found, found, type Subject } from './row.ts'
import * as suites from './suites.ts'

const TLS12 = 0x0303
/** SSL 3.0, TLS 1.0, TLS 1.1. */
const OLD = { SSLv3: 0x0300, 'TLSv1.0': 0x0301, 'TLSv1.1': 0x0302 }
/** A prime of fewer bits is too short; internet.nl phases 2048 out. */
const PRIME_BITS = 2048

const plain: Hello = {
  version: TLS12,
  suites: [...suites.good, ...suites.sufficient],
  groups: suites.groups,
  signatures: suites.signatures,
  compression: [0],
}

/** A server may hang up instead of sending an alert: that is a refusal too, so the probe's `closed` is one. */
const say = async ({ probes }: Eye, hello: Partial<Hello>) => {
  try {
    return await probes.tls.hello(MX_DOOR, { ...plain, ...hello })
  } catch (error) {
    if ((error as { kind?: string }).kind === 'closed') return { alert: -1 }
    throw error
  }
}

/** Holds where the server wants none of this offer. */
async function refused(eye: Eye, hello: Partial<Hello>): Promise<Found> {
  const flight = await say(eye, hello)
  if ('alert' in flight) return found(true, `alert ${flight.alert}`)
  return found(false, suites.suiteName(flight.suite))
}

export const tls: Subject = {
  id: 'tls',
  title: { en: 'TLS', fr: 'TLS' },
  entries: [
    {
      id: 'starttls',
      text: { en: 'STARTTLS works on each MX', fr: 'STARTTLS marche sur chaque MX' },
      asks: ['I'],
      check: async ({ looks }) => {
        const { hosts } = await looks.policy()
        return found(
          hosts.length > 0 && hosts.every(({ tls }) => tls !== ''),
          hosts.map(({ host, tls }) => `${host} ${tls}`),
        )
      },
    },
    {
      id: 'tls-versions',
      text: {
        en: 'TLS 1.3 and 1.2 are spoken, nothing older',
        fr: 'TLS 1.3 et 1.2 sont parlés, rien de plus ancien',
      },
      asks: ['I'],
      check: async eye => {
        const { protocol } = await eye.looks.handshake()
        const all = [...suites.good, ...suites.sufficient, ...suites.weak]
        const answers = await Promise.all(
          Object.entries(OLD).map(async ([name, version]) => ({
            name,
            flight: await say(eye, { version, suites: all }),
          })),
        )
        const old = answers.filter(({ flight }) => !('alert' in flight)).map(({ name }) => name)
        const twelve = await say(eye, {})
        return found(old.length === 0 && protocol === 'TLSv1.3' && !('alert' in twelve), [
          protocol,
          ...('alert' in twelve ? [] : ['TLSv1.2']),
          ...old,
        ])
      },
    },
    {
      id: 'tls-ciphers',
      text: {
        en: 'No weak cipher suite is accepted',
        fr: 'Aucune suite de chiffrement faible n’est acceptée',
      },
      asks: ['I'],
      check: eye => refused(eye, { suites: suites.weak }),
    },
    {
      id: 'tls-order',
      text: {
        en: 'The server’s order counts, good suites before those that need care',
        fr: 'L’ordre du serveur compte, les bonnes suites avant celles qui demandent du soin',
      },
      asks: ['I'],
      check: async eye => {
        const flight = await say(eye, { suites: [...suites.sufficient, ...suites.good] })
        if ('alert' in flight) return found(true, `alert ${flight.alert}`)
        return found(suites.good.includes(flight.suite), suites.suiteName(flight.suite))
      },
    },
    {
      id: 'tls-key-exchange',
      text: {
        en: 'No short prime, weak curve or old hash in the key exchange',
        fr: 'Ni nombre premier court, ni courbe faible, ni vieille empreinte dans l’échange de clefs',
      },
      asks: ['I'],
      check: async eye => {
        const ecdhe = suites.good.slice(0, 6)
        const dhe = [...suites.good, ...suites.sufficient].filter(id =>
          suites.suiteName(id).startsWith('DHE'),
        )
        const [curve, prime, hash] = await Promise.all([
          say(eye, { suites: ecdhe, groups: suites.weakGroups }),
          say(eye, { suites: dhe }),
          say(eye, { suites: ecdhe, signatures: suites.weakSignatures }),
        ])
        const bits = 'alert' in prime ? undefined : prime.primeBits
        const short = bits !== undefined && bits < PRIME_BITS
        const seen = [
          `curve ${'alert' in curve ? '-' : curve.group}`,
          `prime ${bits ?? '-'}`,
          `hash ${'alert' in hash ? '-' : 'SHA-1'}`,
        ]
        return found('alert' in curve && !short && 'alert' in hash, seen)
      },
    },
    {
      id: 'tls-compression',
      text: { en: 'Nothing is compressed', fr: 'Rien n’est compressé' },
      asks: ['I'],
      check: async eye => {
        const flight = await say(eye, { compression: [1, 0] })
        return 'alert' in flight
          ? found(true, `alert ${flight.alert}`)
          : found(flight.compression === 0, `${flight.compression}`)
      },
    },
    {
      id: 'tls-renegotiation',
      text: { en: 'Renegotiation is secure (RFC 5746)', fr: 'La renégociation est sûre (RFC 5746)' },
      asks: ['I'],
      check: async eye => {
        const flight = await say(eye, {})
        if ('alert' in flight) return found(false, `alert ${flight.alert}`)
        return found(flight.secureRenegotiation, flight.secureRenegotiation ? 'renegotiation_info' : '-')
      },
    },
    {
      id: 'tls-early-data',
      text: {
        en: 'No early data (0-RTT), which can be replayed',
        fr: 'Pas de données anticipées (0-RTT), que l’on peut rejouer',
      },
      asks: ['I'],
      check: async ({ probes }) => {
        const bytes = await probes.tls.earlyData(MX_DOOR)
        return found(bytes === 0, `${bytes}`)
      },
    },
    ...certificate,
  ],
}
