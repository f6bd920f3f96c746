/** A participant's mailboxes at the providers: read, moved and removed on their page. One's own, never another's. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { MAIL_PROVIDERS, type MailDetail, type PersonAnswer } from '../../containers/internet/api.ts'
import { LabError, type Labs } from '../../containers/types.ts'
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
  const underWay = new Map<number, number>()

  /** Runs `work` for the visitor, with refusals of the lab in the words of errors.ts. */
  async function as<T>(request: FastifyRequest, work: (me: Participant) => Promise<T>): Promise<T> {
    const me = door.visitor(request.raw) ?? door.newcomer()
    if (!me) throw new HttpError('no-session')
    const count = underWay.get(me.id) ?? 0
    if (count >= AT_ONCE) throw new HttpError('too-fast')
    underWay.set(me.id, count + 1)
    try {
      return await work(me)
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      if (error.status === 404) throw new HttpError('no-message')
      if (error.status === 400) throw new HttpError('bad-request')
      console.error(`inbox of ${me.name}: ${error.message}`)
      throw new HttpError(error.code)
    } finally {
      const left = (underWay.get(me.id) ?? 1) - 1
      if (left > 0) underWay.set(me.id, left)
      else underWay.delete(me.id)
    }
  }

  const parsed = <T>(schema: z.ZodType<T>, value: unknown): T => {
    const result = schema.safeParse(value)
    if (!result.success) throw new HttpError('bad-request')
    return result.data
  }

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
