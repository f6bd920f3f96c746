import { type Context, connect } from './connect.ts'
import { ProbeError } from './error.ts'
import type { PortsProbe } from './types.ts'

/** Which doors of the learner's server are open. */
export function portsProbe(context: Context): PortsProbe {
  return {
    async open(port, family) {
      try {
        const target = { host: context.lab.host, port }
        const duplex = await connect(context, target, context.lab.address.server[family])
        duplex.destroy()
        return true
      } catch (error) {
        if (error instanceof ProbeError && (error.kind === 'refused' || error.kind === 'timeout'))
          return false
        throw error
      }
    },
  }
}
