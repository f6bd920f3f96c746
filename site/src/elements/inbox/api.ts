/** The calls of the inbox page; each failure comes as words for the reader. */
import type { MailChange, MailDetail, PersonAnswer } from '../../../protocol.ts'
import { lang, words } from '../page.ts'

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let answer: Response
  try {
    answer = await fetch(`/api/inbox${path}?lang=${lang}`, {
      method,
      headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  } catch {
    throw new Error(words.inbox.unreachable)
  }
  const value = (await answer.json().catch(() => ({}))) as T & { message?: string }
  if (!answer.ok) throw new Error(value.message ?? `${answer.status}`)
  return value
}

/** Where a message lies: its provider and its id there. */
export interface Place {
  provider: string
  id: string
}

const at = ({ provider, id }: Place) => `/${provider}/${encodeURIComponent(id)}`

export const fetchInbox = (): Promise<PersonAnswer> => call('GET', '')
export const fetchMessage = (place: Place): Promise<MailDetail> => call('GET', at(place))
export const changeMessage = (place: Place, change: MailChange): Promise<unknown> =>
  call('POST', at(place), change)
export const deleteMessage = (place: Place): Promise<unknown> => call('DELETE', at(place))
