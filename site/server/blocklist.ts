/** A participant's addresses at the blocklist: why one is on it, and the request to be let off. One's own, never another's. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { LabError, type Labs } from '../../containers/types.ts'
import type { BlocklistAnswer, BlocklistState, DelistAnswer, DomainState } from '../protocol.ts'
import { caller, parsed } from './caller.ts'
import type { Door } from './door.ts'
import { HttpError } from './errors.ts'
import type { Participant } from './store.ts'

/** A request for delisting looks at the server, and a first visit waits for the event's internet: both take seconds. */
const AT_ONCE = 8

const Where = z.strictObject({ address: z.string().min(2).max(45) })

export function blocklist(
  app: FastifyInstance,
  { door, labs }: { door: Door; labs: Pick<Labs, 'internet'> },
): void {
  const as = caller(door, 'blocklist', AT_ONCE, () => null)

  /** None without a domain. */
  async function addressesOf({ event, name }: Participant): Promise<string[]> {
    try {
      return (await labs.internet<DomainState>(event, 'GET', `/domains/${name}.test`)).addresses
    } catch (error) {
      if (error instanceof LabError && error.status === 404) return []
      throw error
    }
  }

  app.get('/api/blocklist', request =>
    as(request, async (me): Promise<BlocklistAnswer> => {
      const states = (await addressesOf(me)).map(address =>
        labs.internet<BlocklistState>(me.event, 'GET', `/blocklist/${encodeURIComponent(address)}`),
      )
      return { addresses: await Promise.all(states) }
    }),
  )
  app.post('/api/blocklist/:address/delist', request =>
    as(request, async me => {
      const { address } = parsed(Where, request.params)
      if (!(await addressesOf(me)).includes(address)) throw new HttpError('not-your-address', { seen: '' })
      try {
        const path = `/blocklist/${encodeURIComponent(address)}/delist`
        return await labs.internet<DelistAnswer>(me.event, 'POST', path, {})
      } catch (error) {
        if (error instanceof LabError && error.status === 404)
          throw new HttpError('not-listed', { seen: address })
        throw error
      }
    }),
  )
}
