/** A participant's mailboxes at the providers: read, moved and removed on their page. One's own, never another's. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { MAIL_PROVIDERS, type MailDetail, type PersonAnswer } from '../../containers/internet/api.ts'
import type { Labs } from '../../containers/types.ts'
import { caller, parsed } from './caller.ts'
import type { Door } from './door.ts'
import { HttpError } from './errors.ts'
import type { Participant } from './store.ts'

const Where = z.strictObject({ provider: z.enum(MAIL_PROVIDERS), id: z.string().min(1).max(190) })
const Change = z.strictObject({
  folder: z.enum(['inbox', 'junk']).exactOptional(),
  seen: z.literal(true).exactOptional(),
})
/** Each call is a process in the internet container. */
const AT_ONCE = 6

export function inbox(
  app: FastifyInstance,
  { door, labs }: { door: Door; labs: Pick<Labs, 'internet'> },
): void {
  const as = caller(door, 'inbox', AT_ONCE, error =>
    error.status === 404 ? new HttpError('no-message') : null,
  )

  const pathOf = (request: FastifyRequest, me: Participant): string => {
    const { provider, id } = parsed(Where, request.params)
    return `/mailboxes/${me.name}@${provider}.test/messages/${encodeURIComponent(id)}`
  }

  app.get('/api/inbox', request =>
    as(request, me => labs.internet<PersonAnswer>(me.event, 'GET', `/people/${me.name}`)),
  )
  app.get('/api/inbox/:provider/:id', request =>
    as(request, me => labs.internet<MailDetail>(me.event, 'GET', pathOf(request, me))),
  )
  app.post('/api/inbox/:provider/:id', request =>
    as(request, me => labs.internet(me.event, 'POST', pathOf(request, me), parsed(Change, request.body))),
  )
  app.delete('/api/inbox/:provider/:id', request =>
    as(request, me => labs.internet(me.event, 'DELETE', pathOf(request, me))),
  )
}
