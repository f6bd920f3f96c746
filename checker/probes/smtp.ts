import { type Context, connect } from './connect.ts'
import { ProbeError } from './error.ts'
import { Lines } from './lines.ts'
import { SmtpClient } from './smtp-session.ts'
import type { SmtpProbe } from './types.ts'

/** The name of a host in the lab internet that resolves there: a right server may refuse one that doesn't. */
const HELO = 'mx.grosmail.test'

export function smtpProbe(context: Context): SmtpProbe {
  return {
    async session(options, talk) {
      const target = { host: options.host ?? context.lab.host, port: options.port }
      const address = options.host ?? context.lab.address.server.ipv4
      const duplex = await connect(context, target, address)
      const lines = new Lines(duplex, target)
      const client = new SmtpClient(context, lines, target, options.helo ?? HELO)
      try {
        await client.begin(options.tls)
        const result = await talk(client)
        await client.quit()
        return result
      } catch (error) {
        if (error instanceof ProbeError) error.transcript ??= client.transcript
        throw error
      } finally {
        lines.duplex.destroy()
        duplex.destroy()
      }
    },
  }
}
