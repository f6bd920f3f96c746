/** SPF, DKIM, DMARC and ARC of a message, by mailauth, in the words of our API. */
import { authenticate as mailauth } from 'mailauth'
import type { Authentication } from '../api.ts'
import type { Dns } from './lookups.ts'

const BUDGET_MS = 10_000

export interface Authenticated extends Authentication {
  /** The header lines that the provider writes above the message, each with its line end. */
  headers: string
  /** The domain of the From header; empty where there is not exactly one. */
  author: string
  /** What the From's domain asks for mail that fails: none, quarantine, reject; empty without a record. */
  policy: string
  /** Header fields under a signature that passes and is aligned with the From, in lower case. */
  signed: ReadonlySet<string>
  /** What goes into DMARC reports. */
  raw: {
    /** Where the DMARC record was found; empty if there is none. */
    policyDomain: string
    /** The record says that it is a test (`t=y`). */
    testing: boolean
    alignedSpf: boolean
    alignedDkim: boolean
    spfDomain: string
    spf: string
    dkim: { domain: string; selector: string; result: string }[]
  }
}

/** A message may carry any number of signatures. */
const SIGNATURES = 10

/** Never rejects for what a sender wrote; DNS troubles are `temperror`. */
export async function authenticate(
  dns: Dns,
  source: Buffer,
  session: { ip: string; helo: string; sender: string; mta: string },
): Promise<Authenticated> {
  const until = Date.now() + BUDGET_MS
  const resolver = async (name: string, type: string) => {
    if (Date.now() > until)
      throw Object.assign(new Error('the budget for look-ups is spent'), { code: 'ETIMEOUT' })
    return dns.resolve(name, type)
  }
  const { spf, dkim, dmarc, arc, headers } = await mailauth(source, {
    ...session,
    resolver,
    minBitLength: 1024,
    disableBimi: true,
  })
  const record = dmarc || null
  const results = dkim.results ?? []
  const passed = results.filter(({ status }) => status.result === 'pass')
  const [best] = [...passed, ...results]
  const aligned = passed.filter(({ status }) => status.aligned)
  return {
    spf: spf ? spf.status.result : 'none',
    dkim: best?.status.result ?? 'none',
    dmarc: dmarc ? dmarc.status.result : 'none',
    arc: arc ? arc.status.result : 'none',
    header:
      /^Authentication-Results: ([\s\S]*?)\r?\n(?![ \t])/im.exec(headers)?.[1]?.replace(/\r?\n\s+/g, ' ') ??
      '',
    headers,
    author: dkim.headerFrom?.length === 1 ? (dkim.headerFrom[0]?.split('@').at(-1)?.toLowerCase() ?? '') : '',
    policy: record?.rr ? record.policy : '',
    signed: new Set(
      aligned.flatMap(({ signingHeaders }) =>
        (signingHeaders?.keys ?? '').split(':').map(key => key.trim().toLowerCase()),
      ),
    ),
    raw: {
      policyDomain: record?.rr ? (record.policyDomain ?? record.domain) : '',
      testing: record?.testMode ?? false,
      // Without a DMARC record there is none of it, whatever the types say.
      alignedSpf: Boolean(record?.alignment?.spf.result),
      alignedDkim: Boolean(record?.alignment?.dkim.result),
      spfDomain: spf ? spf.domain : '',
      spf: spf ? spf.status.result : 'none',
      dkim: results
        .filter(({ signingDomain }) => signingDomain)
        .slice(0, SIGNATURES)
        .map(({ signingDomain = '', selector = '', status }) => ({
          domain: signingDomain,
          selector,
          result: status.result,
        })),
    },
  }
}

/** In a few words for a reply: `spf=pass dkim=none dmarc=fail`. */
export const inWords = ({ spf, dkim, dmarc }: Authentication): string =>
  `spf=${spf} dkim=${dkim} dmarc=${dmarc}`
