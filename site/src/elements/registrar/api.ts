/** The registrar's calls; each failure comes as words for the reader. */
import type { DomainEdit, DomainState, NamesChanged, RegistrarAnswer, ZoneRead } from '../../../protocol.ts'
import { lang } from '../page.ts'

export class CallError extends Error {
  readonly code: string
  /** Where the server says so: the field that it did not take. */
  readonly field: string | undefined
  constructor(code: string, message: string, field?: string) {
    super(message)
    this.code = code
    this.field = field
  }
}

/** The names are not those that one meant to change. */
export class Conflict extends CallError {
  readonly state: DomainState
  constructor({ code, message, state }: NamesChanged) {
    super(code, message)
    this.state = state
  }
}

async function call<T>(unreachable: string, method: string, path: string, body?: unknown): Promise<T> {
  let answer: Response
  try {
    answer = await fetch(`/api/registrar${path}?lang=${lang}`, {
      method,
      headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  } catch {
    throw new CallError('unreachable', unreachable)
  }
  const value = (await answer.json().catch(() => ({}))) as Partial<NamesChanged> & { field?: string }
  if (answer.ok) return value as T
  if (answer.status === 409 && value.state) throw new Conflict(value as NamesChanged)
  throw new CallError(value.code ?? '', value.message ?? `${answer.status}`, value.field)
}

/** `unreachable`: what to say when nobody answers. */
export const registrarApi = (unreachable: string) => ({
  state: async () => (await call<RegistrarAnswer>(unreachable, 'GET', '')).state,
  edit: (edit: DomainEdit) => call<DomainState>(unreachable, 'POST', '', edit),
  sign: (signed: boolean) => call<DomainState>(unreachable, signed ? 'PUT' : 'DELETE', '/ds'),
  zone: async (text: string) => (await call<ZoneRead>(unreachable, 'POST', '/zone', { text })).records,
})
export type RegistrarApi = ReturnType<typeof registrarApi>
