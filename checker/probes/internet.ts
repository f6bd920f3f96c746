import { LabError } from '../../containers/types.ts'
import type { Context } from './connect.ts'
import { ours } from './faults.ts'
import { within } from './within.ts'

/** A request to the lab internet's control socket. All that goes wrong here is of our own. */
export async function internet<T>(
  context: Context,
  ms: number,
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  try {
    return await within(context.labs.internet<T>(context.event, method, path, body), {
      ms,
      signal: context.signal,
      late: s => ours(`${method} ${path}: the lab internet gave no answer within ${s} s`),
    })
  } catch (error) {
    throw error instanceof LabError ? ours(error.message, error) : error
  }
}
