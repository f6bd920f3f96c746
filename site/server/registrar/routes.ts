/** A participant's names: read, changed, signed, and read from a zone file. One's own domain, never another's. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { LabError, type Labs } from '../../../containers/types.ts'
import type { DomainState, RegistrarAnswer, ZoneFile, ZoneRead } from '../../protocol.ts'
import { caller, parsed, saidBy } from '../caller.ts'
import type { Door } from '../door.ts'
import { HttpError } from '../errors.ts'
import { checked } from './checked.ts'

/** Several windows of one's own may wait for the event's internet to come up. */
const AT_ONCE = 8
/** 500 records with long keys among them, in UTF-8. */
const BODY_LIMIT = 600_000
/** As the internet container takes it. */
const ZONE_LIMIT = 200_000

const Zone = z.strictObject({ text: z.string().max(ZONE_LIMIT) }) satisfies z.ZodType<ZoneFile>

export function registrar(
  app: FastifyInstance,
  { door, labs }: { door: Door; labs: Pick<Labs, 'internet'> },
): void {
  const as = caller(door, 'names', AT_ONCE, error => {
    if (error.status === 404) return new HttpError('no-domain')
    if (error.status !== 400) return null
    const seen = saidBy(error)
    const theirs = /(\S+) is not an address of|address of this lab's machines/.exec(seen)
    if (theirs) return new HttpError('not-your-address', { seen: theirs[1] ?? '' })
    const alias = /CNAME/.test(seen) && /record/.test(seen)
    return new HttpError(alias ? 'alias-alone' : 'bad-zone', {
      seen: seen.replace(/^these records make no zone: /, ''),
    })
  })
  const pathOf = (name: string) => `/domains/${name}.test`
  const options = { bodyLimit: BODY_LIMIT }

  app.get('/api/registrar', request =>
    as(request, async ({ event, name }): Promise<RegistrarAnswer> => {
      try {
        return { state: await labs.internet<DomainState>(event, 'GET', pathOf(name)) }
      } catch (error) {
        if (error instanceof LabError && error.status === 404) return { state: null }
        throw error
      }
    }),
  )
  app.post('/api/registrar', options, request =>
    as(request, async ({ event, name }) => {
      const edit = checked(request.body, `${name}.test`)
      try {
        return await labs.internet<DomainState>(event, 'POST', `${pathOf(name)}/changes`, edit)
      } catch (error) {
        if (!(error instanceof LabError) || error.status !== 409) throw error
        const state = await labs.internet<DomainState>(event, 'GET', pathOf(name))
        throw new HttpError('names-changed', {}, { state })
      }
    }),
  )
  app.put('/api/registrar/ds', request =>
    as(request, ({ event, name }) => labs.internet<DomainState>(event, 'PUT', `${pathOf(name)}/ds`, {})),
  )
  app.delete('/api/registrar/ds', request =>
    as(request, ({ event, name }) => labs.internet<DomainState>(event, 'DELETE', `${pathOf(name)}/ds`)),
  )
  app.post('/api/registrar/zone', options, request =>
    as(request, ({ event, name }) =>
      labs.internet<ZoneRead>(event, 'POST', `${pathOf(name)}/zone`, parsed(Zone, request.body)),
    ),
  )
}
