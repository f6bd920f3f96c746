/** What a provider sees that a domain publishes: MX, DANE, MTA-STS, reports, each with what is wrong about it. */
import type { DomainPolicy, PolicyFault, Words } from '../api-reports.ts'
import { authorities } from '../authority.ts'
import type { LabNet } from '../env.ts'
import type { Dns } from '../providers/lookups.ts'
import type { Provider } from '../providers/provider.ts'
import { type Target, targets } from '../providers/targets.ts'
import { dmarcReportsWanted, tlsReportsWanted, type Wanted } from '../reports/addresses.ts'
import { resolve } from '../resolver.ts'
import type { Shown } from './certificates.ts'
import { webTrust } from './certificates.ts'
import { checkDane, daneOf } from './dane.ts'
import { lookAt } from './look.ts'
import { listedIn, type StsCache, type StsPolicy, stsFile, stsId } from './sts.ts'
import { StsFault } from './sts-words.ts'
import { notListed } from './words.ts'

interface Look {
  target: Target
  /** In words why there was nothing to see. */
  seen: Shown | string
}

const noCertificate = ({ host, address }: Target, why: string): Words => ({
  en: `${host} [${address}] shows no certificate: ${why}.`,
  fr: `${host} [${address}] ne montre pas de certificat : ${why}.`,
})

const fault = (code: string, text: Words): PolicyFault => ({ code, text })

/** Looks anew at everything; nothing that is remembered counts, but it is compared with. */
export async function viewOf(
  provider: Provider,
  domain: string,
  { dns, net, cache }: { dns: Dns; net: LabNet; cache: StsCache },
): Promise<DomainPolicy> {
  const [mx, where, ca, tlsRpt, dmarc] = await Promise.all([
    resolve(domain, 'MX'),
    targets(domain, net),
    authorities().catch(() => []),
    tlsReportsWanted(dns, domain),
    dmarcReportsWanted(dns, domain),
  ])
  const all = typeof where === 'string' ? [] : where
  const names = [...new Set(all.map(({ host }) => host))]
  const sender = { host: provider.host, ...net.at(provider.name) }
  const looks = await Promise.all(
    all.map(async target => ({
      target,
      seen: await lookAt(sender, target, ca),
      dane: await daneLook(target),
    })),
  )
  const hosts = looks.map(({ target, seen, dane }) => ({
    host: target.host,
    address: target.address,
    tls: typeof seen === 'string' ? '' : seen.tls,
    names: typeof seen === 'string' ? [] : seen.names,
    trusted: typeof seen !== 'string' && seen.trusted,
    why: typeof seen === 'string' ? seen : (webTrust(seen)?.text.en ?? ''),
    dane: dane(seen),
  }))
  const nowhere =
    typeof where === 'string'
      ? [
          fault('mx', {
            en: `The mail of ${domain} has nowhere to go: ${where}.`,
            fr: `Le courrier de ${domain} n’a nulle part où aller : « ${where} ».`,
          }),
        ]
      : []
  const unsigned = mx.authentic
    ? []
    : [
        fault('mx-not-signed', {
          en: `The resolver does not vouch for the MX of ${domain}: the domain is not signed, or the registry has no DS.`,
          fr: `Le résolveur ne répond pas du MX de ${domain} : le domaine n’est pas signé, ou le registre n’a pas de DS.`,
        }),
      ]
  const daneFaults = [...unsigned, ...hosts.flatMap(({ dane }) => dane.faults)]
  return {
    domain,
    mx: {
      valid: nowhere.length === 0,
      found: mx.answers,
      faults: nowhere,
      hosts: names,
      authentic: mx.authentic,
    },
    hosts,
    dane: {
      valid: hosts.length > 0 && daneFaults.length === 0 && hosts.every(({ dane }) => dane.valid),
      faults: daneFaults,
    },
    mtaSts: await mtaSts(provider, domain, { dns, net, cache }, looks),
    tlsRpt: published(tlsRpt),
    dmarc: published(dmarc),
  }
}

const published = ({ found, rua, faults }: Wanted) => ({
  valid: rua.length > 0 && faults.length === 0,
  found,
  rua,
  faults,
})

/** The records of a host, and what becomes of them before what it showed. */
async function daneLook(target: Target) {
  const { host } = target
  const dane = await daneOf(host, target.authentic)
  return (seen: Shown | string) => {
    const faults: PolicyFault[] = []
    if (dane.found.length > 0 && !dane.authentic)
      faults.push(
        fault('tlsa-not-signed', {
          en: `The resolver does not vouch for _25._tcp.${host}: without DNSSEC nobody goes by its TLSA records.`,
          fr: `Le résolveur ne répond pas de _25._tcp.${host} : sans DNSSEC, personne ne se fie à ses enregistrements TLSA.`,
        }),
      )
    if (dane.state === 'bogus') faults.push(fault('tlsa-bogus', dane.failure.text))
    if (dane.state === 'unusable') faults.push(fault('tlsa-unusable', dane.failure.text))
    if (dane.state === 'usable') {
      const failure = typeof seen === 'string' ? null : checkDane(dane.records, seen)
      if (failure) faults.push(fault('tlsa-mismatch', failure.text))
      if (typeof seen === 'string') faults.push(fault('no-tls', noCertificate(target, seen)))
    }
    return {
      valid: dane.state === 'usable' && faults.length === 0,
      found: dane.found,
      faults,
      authentic: dane.authentic,
    }
  }
}

async function mtaSts(
  provider: Provider,
  domain: string,
  { dns, net, cache }: { dns: Dns; net: LabNet; cache: StsCache },
  looks: readonly Look[],
): Promise<DomainPolicy['mtaSts']> {
  const faults: PolicyFault[] = []
  let id = ''
  let policy: StsPolicy | null = null
  try {
    id = (await stsId(dns, domain)) ?? ''
    if (id) policy = await stsFile(domain, id, net, provider.name)
  } catch (error) {
    if (!(error instanceof StsFault)) throw error
    faults.push(error.fault)
  }
  if (policy) faults.push(...policyFaults(policy, cache.remembered(domain), looks))
  return {
    valid: policy !== null && faults.length === 0,
    found: policy ? policy.text.split(/\r?\n/).filter(Boolean) : [],
    faults,
    id,
    mode: policy?.mode ?? '',
    mx: policy?.mx ?? [],
    maxAge: policy?.maxAge ?? 0,
  }
}

function policyFaults(policy: StsPolicy, before: StsPolicy | null, looks: readonly Look[]): PolicyFault[] {
  const faults: PolicyFault[] = []
  if (before?.id === policy.id && before.text !== policy.text)
    faults.push(
      fault('sts-id-unchanged', {
        en: `The policy has changed, the id has not (${policy.id}): who knows the old one goes on by it.`,
        fr: `La politique a changé, l’id non (${policy.id}) : qui connaît l’ancienne continue de la suivre.`,
      }),
    )
  if (policy.mode === 'none') return faults
  for (const host of new Set(looks.map(({ target }) => target.host)))
    if (!listedIn(policy, host)) faults.push(fault('sts-mx-not-listed', notListed(host, policy.mx).text))
  for (const { target, seen } of looks) {
    const words = typeof seen === 'string' ? noCertificate(target, seen) : webTrust(seen)?.text
    if (words) faults.push(fault('sts-mx-certificate', words))
  }
  return faults
}
