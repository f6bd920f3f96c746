import type { Probes, ProviderProbe } from '../../../checker/probes/types.ts'

export type Sent = Awaited<ReturnType<ProviderProbe['send']>>

/**
 * Sends from grosmail.test. Where it reached nobody, the learner's port 25 is tried directly: the probe throws if it is
 * shut, and if it answers something of the lab's own is broken, which is not the learner's to mend.
 */
export async function fromGrosmail(
  probes: Probes,
  message: Parameters<ProviderProbe['send']>[0],
): Promise<Sent> {
  const sent = await probes.grosmail.send(message)
  if (sent.accepted || sent.code !== 0) return sent
  await probes.smtp.session({ port: 25, tls: 'none' }, async () => {})
  throw new Error(`grosmail.test did not reach a server whose port 25 answers: ${sent.reply}`)
}
