/** MTA-STS (RFC 8461): which policy a domain has, and what a provider remembers of it. */
import type { MTASTSPolicy } from 'mailauth'
import { parsePolicy, validateMx } from 'mailauth/lib/mta-sts.js'
import type { LabNet } from '../env.ts'
import type { Place } from '../places.ts'
import { type Dns, texts } from '../providers/lookups.ts'
import { fetchPolicy } from './sts-fetch.ts'
import { StsFault } from './sts-words.ts'
import type { Failure } from './words.ts'

export interface StsPolicy {
  id: string
  mode: 'enforce' | 'testing' | 'none'
  mx: string[]
  maxAge: number
  /** The file as it was served. */
  text: string
}

/** A day of the real world is some seconds of the lab: who forgot to change the id waits for so long, not for weeks. */
const LONGEST_MS = 60_000
const REMEMBERED = 2000

/** The id of `_mta-sts.DOMAIN`, null if there is none; throws an `StsFault` if it is of no use. */
export async function stsId(dns: Dns, domain: string): Promise<string | null> {
  const name = `_mta-sts.${domain}`
  const all = await texts(dns, name)
  if (all === 'trouble') throw new StsFault('dns', name)
  const found = all.filter(text => /^v=STSv1\b/i.test(text))
  if (found.length > 1) throw new StsFault('records', name)
  const [record] = found
  if (record === undefined) {
    // Somebody meant one, and nobody sees it.
    if (all[0] !== undefined) throw new StsFault('record', name, all[0])
    return null
  }
  const id = /^v=STSv1[ \t]*;[ \t]*id=([A-Za-z0-9]{1,32})[ \t]*(?:;|$)/.exec(record)?.[1]
  if (id === undefined) throw new StsFault('record', name, record)
  return id
}

/** The file, read strictly; throws an `StsFault`. */
export async function stsFile(domain: string, id: string, net: LabNet, place: Place): Promise<StsPolicy> {
  const { text, type } = await fetchPolicy(domain, net, place)
  const host = `mta-sts.${domain}`
  if (type.split(';')[0]?.trim().toLowerCase() !== 'text/plain') throw new StsFault('media-type', host, type)
  let policy: MTASTSPolicy
  try {
    policy = parsePolicy(text, { strict: true })
  } catch (error) {
    throw new StsFault('syntax', host, (error as Error).message)
  }
  return { id, mode: policy.mode, mx: policy.mx ?? [], maxAge: policy.maxAge ?? 0, text }
}

/** Whether a host is among those of the policy. */
export const listedIn = (policy: StsPolicy, host: string): boolean =>
  validateMx(host, { mode: 'enforce', mx: policy.mx }).valid

/** What one provider remembers. */
export class StsCache {
  readonly #known = new Map<string, { policy: StsPolicy; until: number }>()
  readonly #dns: Dns
  readonly #net: LabNet
  readonly #place: Place
  constructor(dns: Dns, net: LabNet, place: Place) {
    this.#dns = dns
    this.#net = net
    this.#place = place
  }

  /** What holds for a delivery now. Whoever can't get a policy goes on as if there were none, and reports it (RFC 8461, 3.3). */
  async policyOf(domain: string): Promise<{ policy: StsPolicy | null; failure: Failure | null }> {
    const known = this.remembered(domain)
    try {
      const id = await stsId(this.#dns, domain)
      if (id === null || id === known?.id) return { policy: known, failure: null }
      const policy = await stsFile(domain, id, this.#net, this.#place)
      this.#known.delete(domain)
      this.#known.set(domain, { policy, until: Date.now() + Math.min(policy.maxAge * 1000, LONGEST_MS) })
      const [oldest] = this.#known.keys()
      if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest)
      return { policy, failure: null }
    } catch (error) {
      if (!(error instanceof StsFault)) throw error
      return { policy: known, failure: known ? null : error.failure }
    }
  }

  /** A policy that was fetched earlier and has not ended. */
  remembered(domain: string): StsPolicy | null {
    const known = this.#known.get(domain)
    return known && known.until > Date.now() ? known.policy : null
  }

  forget(domain: string): void {
    this.#known.delete(domain)
  }
}
