/** What a provider demands of a mail exchanger before it hands a message over. */
import type { Secured } from '../api-reports.ts'
import type { Provider } from '../providers/provider.ts'
import type { Target } from '../providers/targets.ts'
import { type Shown, webTrust } from './certificates.ts'
import { checkDane, type Dane, daneOf } from './dane.ts'
import { listedIn, type StsCache, type StsPolicy } from './sts.ts'
import { type Failure, noStartTls, notListed } from './words.ts'

export interface Demand {
  by: Exclude<Secured['by'], 'none'>
  /** Whether what fails forbids the delivery. */
  strict: boolean
  /** Known without a connection. */
  beforehand: Failure | null
  /** `shown`: null in clear. */
  judge(shown: Shown | null): Failure | null
  /** Wrong, and no reason to keep the message. */
  note?: Failure
  /** For reports (RFC 8460, 4.4). */
  policy: { type: 'tlsa' | 'sts' | 'no-policy-found'; text: string[] }
}

/** What holds for a whole domain. */
export interface Posture {
  sts: { policy: StsPolicy | null; failure: Failure | null }
}

export async function postureOf(provider: Provider, domain: string, cache: StsCache): Promise<Posture> {
  const none = { policy: null, failure: null }
  return { sts: provider.checks.includes('mta-sts') ? await cache.policyOf(domain) : none }
}

/** DANE goes before MTA-STS; a host without TLSA records is left to MTA-STS. */
export async function demandOf(provider: Provider, target: Target, posture: Posture): Promise<Demand> {
  if (provider.checks.includes('dane')) {
    const dane = await daneOf(target.host, target.authentic)
    if (dane.state !== 'none') return byDane(target, dane)
  }
  const { policy, failure } = posture.sts
  if (policy !== null && policy.mode !== 'none') return byMtaSts(target, policy)
  return {
    by: 'opportunistic',
    strict: false,
    beforehand: null,
    judge: () => failure,
    policy: { type: failure ? 'sts' : 'no-policy-found', text: [] },
  }
}

/** Encryption without proof of who is there beats none (RFC 7435). */
export const OPPORTUNISTIC: Demand = {
  by: 'opportunistic',
  strict: false,
  beforehand: null,
  judge: () => null,
  policy: { type: 'no-policy-found', text: [] },
}

function byDane({ host }: Target, dane: Exclude<Dane, { state: 'none' }>): Demand {
  const policy = { type: 'tlsa' as const, text: dane.found }
  if (dane.state === 'bogus')
    return { by: 'dane', strict: true, beforehand: dane.failure, judge: () => dane.failure, policy }
  if (dane.state === 'unusable')
    return {
      by: 'opportunistic',
      strict: true,
      beforehand: null,
      note: dane.failure,
      judge: shown => (shown ? null : noStartTls(host)),
      policy,
    }
  return {
    by: 'dane',
    strict: true,
    beforehand: null,
    judge: shown => (shown ? checkDane(dane.records, shown) : noStartTls(host)),
    policy,
  }
}

function byMtaSts({ host }: Target, policy: StsPolicy): Demand {
  const strict = policy.mode === 'enforce'
  const unlisted = listedIn(policy, host) ? null : notListed(host, policy.mx)
  return {
    by: 'mta-sts',
    strict,
    beforehand: strict ? unlisted : null,
    judge: shown => unlisted ?? (shown ? webTrust(shown) : noStartTls(host)),
    policy: { type: 'sts', text: policy.text.split(/\r?\n/).filter(line => line !== '') },
  }
}
