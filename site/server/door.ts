/**
 * Who may come in: the Host and Origin that requests must name, and the session cookie.
 *
 * Alone at home (bound to loopback) the first page that is opened gets a session: whoever reaches loopback is the
 * learner. Bound to anything else, a session is had only through /enter?key=…, whose key is printed at the start.
 */
import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Participant, Store } from './store.ts'

const COOKIE = 'session'
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1', '[::1]'])

export const isLoopback = (host: string): boolean => LOOPBACK.has(host)

type Request = Pick<IncomingMessage, 'headers'>

export class Door {
  readonly #store: Store
  readonly #me: Participant
  readonly #open: boolean
  readonly #key: string

  constructor(options: { store: Store; me: Participant; host: string; key: string }) {
    this.#store = options.store
    this.#me = options.me
    this.#open = isLoopback(options.host)
    this.#key = options.key
  }

  /** A page of another site whose name was pointed at 127.0.0.1 (DNS rebinding) names itself in Host. */
  knowsHost(request: Request): boolean {
    if (!this.#open) return true
    const host = (request.headers.host ?? '').replace(/:\d+$/, '')
    return LOOPBACK.has(host)
  }

  /** Browsers name the page's site in Origin on every WebSocket and every call that changes something. */
  sameOrigin(request: Request): boolean {
    const { origin, host } = request.headers
    if (!origin || !host) return false
    try {
      return new URL(origin).host === host
    } catch {
      return false
    }
  }

  visitor(request: Request): Participant | null {
    const token = cookie(request, COOKIE)
    return token ? this.#store.session(token) : null
  }

  /** A Set-Cookie value for a first visit, or null where one needs the key. */
  welcome(): string | null {
    return this.#open ? this.#cookie() : null
  }

  /** Who somebody without a session is, where none is needed to get one. */
  newcomer(): Participant | null {
    return this.#open ? this.#me : null
  }

  /** A Set-Cookie value for whoever brings the key, else null. */
  enter(key: string): string | null {
    const given = Buffer.from(key)
    const right = Buffer.from(this.#key)
    return given.length === right.length && timingSafeEqual(given, right) ? this.#cookie() : null
  }

  #cookie(): string {
    const token = this.#store.openSession(this.#me)
    // Lax, not Strict: a bookmark or a link from a chat must find the session that one has.
    return `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${90 * 24 * 3600}`
  }
}

function cookie(request: Request, name: string): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=')
    if (key === name) return value.join('=')
  }
  return null
}
