/** DKIM, on a letter that grosmail.test received: a record alone proves nothing. */
import { createPublicKey } from 'node:crypto'
import type { Looks } from './looks.ts'
import { found, type Subject } from './row.ts'
import { tagsOf } from './txt.ts'

const BITS = 2048

export interface Signature {
  result: string
  /** `header.i`, its domain. */
  domain: string
  selector: string
}

/** Signatures as a receiver's Authentication-Results tells them (RFC 8601, 2.7.1). */
export const signaturesIn = (header: string): Signature[] =>
  header
    .split(';')
    .filter(part => /\bdkim=/.test(part))
    .map(part => ({
      result: /\bdkim=(\w+)/.exec(part)?.[1] ?? '',
      domain: /header\.(?:i=\S*@|d=)(\S+)/.exec(part)?.[1]?.toLowerCase() ?? '',
      selector: /header\.s=(\S+)/.exec(part)?.[1] ?? '',
    }))

/** Bits of the key in a record's `p=`, 0 for none; an Ed25519 key counts as infinitely long. */
export function bitsOf(record: string): number {
  const p = (new Map(tagsOf(record)).get('p') ?? '').replace(/\s/g, '')
  const bytes = Buffer.from(p, 'base64')
  if (bytes.length === 32) return Number.POSITIVE_INFINITY
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: bytes, format: 'der', type: 'spki' })
    return asymmetricKeyDetails?.modulusLength ?? 0
  } catch {
    return 0
  }
}

const header = async (looks: Looks) => (await looks.letter())?.verdict?.authentication?.header ?? ''

/** The best of the letter's signatures. */
async function signature(looks: Looks): Promise<Signature | undefined> {
  const all = signaturesIn(await header(looks))
  return all.find(({ result }) => result === 'pass') ?? all[0]
}

const told = (one: Signature | undefined) =>
  one ? `dkim=${one.result} d=${one.domain} s=${one.selector}` : 'dkim=none'

export const dkim: Subject = {
  id: 'dkim',
  title: { en: 'DKIM', fr: 'DKIM' },
  entries: [
    {
      id: 'dkim-exists',
      text: {
        en: 'Letters are signed, and the key is published',
        fr: 'Les lettres sont signées, et la clef est publiée',
      },
      asks: ['I'],
      check: async ({ looks }) => {
        const one = await signature(looks)
        const records = one?.selector ? await looks.texts(`${one.selector}._domainkey.${one.domain}`) : []
        return found(
          records.some(record => bitsOf(record) > 0),
          [told(one), ...records.map(record => `${record.slice(0, 40)}…`)],
        )
      },
    },
    {
      id: 'dkim-verifies',
      text: {
        en: 'The signature passes on a letter that was received',
        fr: 'La signature passe sur une lettre reçue',
      },
      asks: ['behaviour'],
      check: async ({ looks }) => {
        const one = await signature(looks)
        return found(one?.result === 'pass', told(one))
      },
    },
    {
      id: 'dkim-key',
      text: { en: 'The key has 2048 bits at least', fr: 'La clef fait au moins 2048 bits' },
      asks: ['behaviour'],
      check: async ({ looks }) => {
        const one = await signature(looks)
        const [record = ''] = one?.selector
          ? await looks.texts(`${one.selector}._domainkey.${one.domain}`)
          : []
        const bits = bitsOf(record)
        return found(bits >= BITS, bits === Number.POSITIVE_INFINITY ? 'Ed25519' : `${bits}`)
      },
    },
    {
      id: 'dkim-aligned',
      text: { en: 'The signature is of the domain in the From', fr: 'La signature est du domaine du From' },
      asks: ['behaviour'],
      check: async ({ looks, probes }) => {
        const one = await signature(looks)
        return found(one?.result === 'pass' && one.domain === probes.lab.domain, told(one))
      },
    },
  ],
}
