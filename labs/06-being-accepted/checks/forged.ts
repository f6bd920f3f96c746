/** Forgers' mail in the name of the learner's domain, brought to grosmail.test from where it may not come. */
import type { Probes } from '../../../checker/probes/types.ts'

export interface Forgery {
  accepted: boolean
  reply: string
  /** What grosmail.test thought of it, `spf` to `dmarc`; empty where it said nothing. */
  results: Record<'spf' | 'dkim' | 'dmarc', string>
  transcript: string
}

/**
 * `whole`: envelope and From are of the learner's domain. `from`: only the From is, the envelope is the forger's own and
 * passes SPF for what it is: misaligned, as DMARC says.
 */
export async function forge(probes: Probes, who: string, kind: 'whole' | 'from'): Promise<Forgery> {
  const canary = probes.canary()
  const to = `victim-${canary.slice(-8)}@grosmail.test`
  const from = `${who}@${probes.lab.domain}`
  const source = `Message-ID: <${canary}@copine.test>\r\nFrom: <${from}>\r\nTo: <${to}>\r\nSubject: ${canary}\r\nDate: ${new Date().toUTCString()}\r\n\r\nPlease pay this bill. ${canary}\r\n`
  const envelope = kind === 'whole' ? from : `someone@copine.test`
  const sent = await probes.providers.copine.send({ from: envelope, to, source })
  const { accepted, reply, transcript } = sent
  const received = accepted ? await probes.grosmail.receive(to, canary, 3000) : null
  const words = received?.verdict?.authentication
  const said = (method: string) => new RegExp(`\\b${method}=(\\w+)`).exec(reply)?.[1] ?? ''
  const results = {
    spf: words?.spf ?? said('spf'),
    dkim: words?.dkim ?? said('dkim'),
    dmarc: words?.dmarc ?? said('dmarc'),
  }
  return { accepted, reply, results, transcript }
}
