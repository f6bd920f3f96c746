/** The certificate that the MX shows. */
import { type Entry, found } from './row.ts'

const DAY_MS = 86_400_000
/** Fewer mean that the renewal, which comes long before, does not work. */
const DAYS_LEFT = 14
/** Of an RSA key; an elliptic curve's is worth ten times as much a bit. */
const BITS: Record<string, number> = { rsa: 2048, ec: 256, ed25519: 256, ed448: 256 }

/** SHA-2 and later; Ed25519 brings its own. */
export const strongSignature = (name: string): boolean => /sha-?(?:256|384|512)|ed25519|ed448|pss/i.test(name)

export const certificate: readonly Entry[] = [
  {
    id: 'certificate-chain',
    text: {
      en: 'The chain leads to an authority that is trusted',
      fr: 'La chaîne mène à une autorité reconnue',
    },
    asks: ['I', 'M'],
    check: async ({ looks }) => {
      const { trusted, why, subject } = await looks.handshake()
      // The name is the next row's.
      const onlyTheName = /ALTNAME/i.test(why)
      return found(trusted || onlyTheName, why || subject || 'trusted')
    },
  },
  {
    id: 'certificate-name',
    text: { en: 'It is for the host’s name', fr: 'Il est au nom de l’hôte' },
    asks: ['I', 'M'],
    check: async ({ looks, probes }) => {
      const { altNames } = await looks.handshake()
      return found(altNames.includes(`DNS:${probes.lab.host}`), altNames.length ? altNames : '-')
    },
  },
  {
    id: 'certificate-key',
    text: {
      en: 'Its key is long enough, and so are those above it',
      fr: 'Sa clef est assez longue, et celles au-dessus aussi',
    },
    asks: ['I'],
    check: async ({ looks }) => {
      const { certificates } = await looks.handshake()
      const good = certificates.every(({ key, bits }) => bits >= (BITS[key] ?? Number.POSITIVE_INFINITY))
      return found(
        good && certificates.length > 0,
        certificates.map(({ key, bits }) => `${key} ${bits}`),
      )
    },
  },
  {
    id: 'certificate-signature',
    text: { en: 'It is signed with SHA-256 or better', fr: 'Il est signé avec SHA-256 ou mieux' },
    asks: ['I'],
    check: async ({ looks }) => {
      const { certificates } = await looks.handshake()
      return found(
        certificates.length > 0 && certificates.every(({ signature }) => strongSignature(signature)),
        certificates.map(({ signature }) => signature),
      )
    },
  },
  {
    id: 'certificate-days',
    text: {
      en: 'It is valid for two weeks more at least',
      fr: 'Il est valable encore deux semaines au moins',
    },
    asks: ['I', 'M'],
    check: async ({ looks }) => {
      const { validTo } = await looks.handshake()
      const days = Math.floor((Date.parse(validTo) - Date.now()) / DAY_MS)
      return found(days >= DAYS_LEFT, `${days} d`)
    },
  },
]
