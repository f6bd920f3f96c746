/** Calls that a visitor's page makes of the internet container, under their own name and not too many at once. */
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { LabError } from '../../containers/types.ts'
import type { Door } from './door.ts'
import { HttpError } from './errors.ts'
import type { Participant } from './store.ts'

export const parsed = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const result = schema.safeParse(value)
  if (!result.success) throw new HttpError('bad-request')
  return result.data
}

/**
 * Gives the function that runs `work` for the visitor, with refusals of the lab in the words of errors.ts: those that
 * `refusal` knows, else 400 is the request's and all others are ours. Each call is a process in the internet container:
 * a visitor has at most `most` of them at once.
 */
export function caller(
  door: Door,
  what: string,
  most: number,
  refusal: (error: LabError) => HttpError | null,
): <T>(request: FastifyRequest, work: (me: Participant) => Promise<T>) => Promise<T> {
  const underWay = new Map<number, number>()

  return async (request, work) => {
    const me = door.visitor(request.raw) ?? door.newcomer()
    if (!me) throw new HttpError('no-session')
    const count = underWay.get(me.id) ?? 0
    if (count >= most) throw new HttpError('too-fast')
    underWay.set(me.id, count + 1)
    try {
      return await work(me)
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      const known = refusal(error)
      if (known) throw known
      if (error.status === 400) throw new HttpError('bad-request')
      console.error(`${what} of ${me.name}: ${error.message}`)
      throw new HttpError(error.code)
    } finally {
      const left = (underWay.get(me.id) ?? 1) - 1
      if (left > 0) underWay.set(me.id, left)
      else underWay.delete(me.id)
    }
  }
}

/** What the internet container said where it refused. */
export function saidBy({ message }: LabError): string {
  try {
    const { error } = JSON.parse(message.slice(message.indexOf('{'))) as { error?: unknown }
    return typeof error === 'string' ? error : message
  } catch {
    return message
  }
}
