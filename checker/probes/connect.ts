import type { Duplex } from 'node:stream'
import { LabError, type Labs } from '../../containers/types.ts'
import type { LabFacts } from '../step.ts'
import { ProbeError } from './error.ts'
import { noConnection, ours, refused, type Target } from './faults.ts'
import { within } from './within.ts'

/** What every probe of one run shares. */
export interface Context {
  readonly labs: Labs
  readonly event: string
  readonly lab: LabFacts
  /** Ends everything when it aborts. */
  readonly signal: AbortSignal
  /** PEM certificates of the authorities that the lab trusts. */
  readonly authorities: readonly string[]
}

/** How long the tunnel's far end tries; socat there has the same limit and names it in its message. */
const CONNECT_S = 5
/** The engine's own time for starting the tunnel comes on top; when it is used up the engine is to blame. */
const TUNNEL_MS = 12_000

/** How long a server may take for one answer. RFC 5321 allows minutes; a learner who waits at a screen does not. */
export const REPLY_MS = 10_000

/** TCP from the internet container. `target.host` names the server in messages; `address` is where it is reached. */
export async function connect(context: Context, target: Target, address: string): Promise<Duplex> {
  const opening = context.labs.tunnel(context.event, { host: address, port: target.port })
  try {
    const duplex = await within(opening, {
      ms: TUNNEL_MS,
      signal: context.signal,
      late: s => ours(`no tunnel to ${address} port ${target.port} within ${s} s`),
    })
    // From here to the first reader an error has no listener yet, which would end our process.
    duplex.on('error', () => {})
    return duplex
  } catch (error) {
    opening.then(
      late => late.on('error', () => {}).destroy(),
      () => {},
    )
    throw toProbeError(error, target)
  }
}

function toProbeError(error: unknown, target: Target): unknown {
  if (error instanceof ProbeError || !(error instanceof LabError)) return error
  if (error.code !== 'refused') return ours(error.message, error)
  if (/connection refused/i.test(error.message)) return refused(target, error)
  if (/timed out/i.test(error.message)) return noConnection(target, CONNECT_S, error)
  // «No route to host»: nobody has the address, so the machine itself is not up.
  return ours(error.message, error)
}
