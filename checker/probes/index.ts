import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { MAIL_PROVIDERS, type MailProvider } from '../../containers/internet/api.ts'
import type { Lab, Labs } from '../../containers/types.ts'
import { answersProbe } from '../answers.ts'
import { labFacts } from '../facts.ts'
import type { Question } from '../step.ts'
import { blocklistProbe } from './blocklist.ts'
import type { Context } from './connect.ts'
import { dnsProbe } from './dns.ts'
import { Overrun } from './error.ts'
import { imapProbe } from './imap.ts'
import { impostorProbe } from './impostor.ts'
import { portsProbe } from './ports.ts'
import { pourrielProbe } from './pourriel.ts'
import { providerProbe } from './provider.ts'
import { registrarProbe } from './registrar.ts'
import { shellProbe } from './shell.ts'
import { smtpProbe } from './smtp.ts'
import { tlsProbe } from './tls.ts'
import type { Probes, ProviderProbe } from './types.ts'

const POLL_MS = [100, 200, 400, 800]

/**
 * The probes of one check. All their waits end when `signal` aborts. `authorities` are the PEM certificates that count
 * as trusted for `tls.handshake`; without any no chain is. `form` are the task's questions and the learner's answers.
 */
export function makeProbes(
  labs: Labs,
  lab: Lab,
  signal: AbortSignal,
  authorities: readonly string[] = [],
  form: { questions: readonly Question[]; given: Readonly<Record<string, string>> } = {
    questions: [],
    given: {},
  },
): Probes {
  const context: Context = { labs, event: lab.event, lab: labFacts(lab), signal, authorities }
  const providers = Object.fromEntries(
    MAIL_PROVIDERS.map(name => [name, providerProbe(context, name)]),
  ) as Record<MailProvider, ProviderProbe>
  return {
    lab: context.lab,
    canary: () => `canary-${randomBytes(8).toString('hex')}`,
    until: (look, timeoutMs = 15_000) => until(look, timeoutMs, signal),
    smtp: smtpProbe(context),
    imap: imapProbe(context),
    dns: dnsProbe(context),
    tls: tlsProbe(context),
    ports: portsProbe(context),
    shell: shellProbe(context, lab),
    answers: answersProbe(form.questions, form.given),
    providers,
    grosmail: providers.grosmail,
    impostor: impostorProbe(context),
    registrar: registrarProbe(context),
    pourriel: pourrielProbe(context),
    blocklist: blocklistProbe(context),
  }
}

async function until<T>(
  look: () => Promise<T | null | undefined>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<T | null> {
  const end = Date.now() + timeoutMs
  for (let round = 0; ; round++) {
    const seen = await look()
    if (seen !== null && seen !== undefined) return seen
    const pause = POLL_MS[Math.min(round, POLL_MS.length - 1)] ?? 0
    if (Date.now() + pause > end) return null
    try {
      await sleep(pause, undefined, { signal })
    } catch (error) {
      // The check's budget is used up while it waited for something: «it did not come» is the truth.
      if (signal.reason instanceof Overrun) return null
      throw error
    }
  }
}
