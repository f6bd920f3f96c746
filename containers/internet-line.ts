/**
 * The way into an event's internet container: one long-lived HTTP/2 connection to its control socket, over the pipe of one
 * `docker exec … socat`. Requests and tunnels are streams of it, so that none of them costs processes of the engine. It is
 * opened when it is needed and again after a loss: what is under way at that moment fails, what comes next does not.
 */
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Engine } from './docker.ts'
import { readAhead } from './http2-stream.ts'
import { CONTROL_SOCKET } from './internet/api.ts'
import { LabError } from './types.ts'

/** How long socat waits for a control socket that is not there yet: the container boots, or its program starts anew. */
const SOCKET_S = 5
const RETRY_S = 0.05
const ANSWER_MS = 60_000
/** The far end tries 5 s and says so (internet/tunnel.ts); beyond that it is not the destination that is slow. */
const TUNNEL_MS = 10_000
interface Answer {
  status: number
  stream: Duplex
}

/** Bytes of each stream that may be under way. */
const WINDOW = 1024 * 1024

export class InternetLine {
  readonly #engine: Engine
  readonly #container: string
  #session: Promise<ClientHttp2Session> | null = null

  constructor(engine: Engine, container: string) {
    this.#engine = engine
    this.#container = container
  }

  /** One JSON request to the control socket. Errors of the far side come as `refused` with their text. */
  async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    const what = `${method} ${path}`
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const { status, stream } = await this.#call({ ':method': method, ':path': path }, payload, {
      what,
      ms: ANSWER_MS,
    })
    const answer = await this.#text(stream, what)
    if (status === 204) return undefined as T
    if (status < 300) return parsed<T>(answer, what)
    throw new LabError('refused', `${what}: ${answer}`, { status })
  }

  /** The body of a GET that has no end. Destroying it ends it. */
  async follow(path: string): Promise<Duplex> {
    const what = `GET ${path}`
    const { status, stream } = await this.#call({ ':path': path }, undefined, { what, ms: ANSWER_MS })
    if (status === 200) return stream
    throw new LabError('refused', `${what}: ${await this.#text(stream, what)}`, { status })
  }

  /** TCP from the container. Rejects with `refused` and the system's words where the connection can't be made. */
  async tunnel({ host, port }: { host: string; port: number }): Promise<Duplex> {
    const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`
    const what = `connect(${authority})`
    const headers = { ':method': 'CONNECT', ':authority': authority }
    const { status, stream } = await this.#call(headers, null, { what, ms: TUNNEL_MS })
    if (status === 200) return stream
    throw new LabError('refused', `${what}: ${await this.#text(stream, what)}`, { status })
  }

  close(): void {
    const session = this.#session
    this.#session = null
    session?.then(
      open => open.destroy(),
      () => {},
    )
  }

  /** Sends a request, and waits for the head of its answer. `payload`: null leaves our side open. */
  async #call(
    headers: OutgoingHttpHeaders,
    payload: string | undefined | null,
    limit: { what: string; ms: number },
  ): Promise<Answer> {
    const reused = this.#session !== null
    try {
      return await this.#once(headers, payload, limit)
    } catch (error) {
      // An old line may have died unnoticed: what can be said twice is said again over a new one (RFC 9110, 9.2.2).
      const lost = reused && error instanceof LabError && error.code === 'gone'
      if (!lost || headers[':method'] === 'POST') throw error
      return this.#once(headers, payload, limit)
    }
  }

  async #once(
    headers: OutgoingHttpHeaders,
    payload: string | undefined | null,
    { what, ms }: { what: string; ms: number },
  ): Promise<Answer> {
    const session = await this.#open()
    return new Promise((resolve, reject) => {
      const fail = (error: LabError) => {
        stream.destroy()
        reject(error)
      }
      const lost = (cause?: Error) =>
        fail(new LabError('gone', `${what}: the connection to the lab internet ended`, { cause }))
      const late = () => {
        // Whether the destination is slow the far end would have told: the line itself is dead.
        session.destroy()
        fail(new LabError('slow', `${what}: no answer within ${ms / 1000} s`))
      }
      const stream = session.request(headers, { endStream: payload === undefined })
      const timer = setTimeout(late, ms)
      stream.once('response', ({ ':status': status = 500 }) => {
        clearTimeout(timer)
        // At once: what comes before somebody reads would be gone with a stream that is closed by then.
        resolve({ status, stream: readAhead(stream) })
      })
      stream.on('error', lost)
      stream.once('close', () => {
        clearTimeout(timer)
        lost()
      })
      if (payload) stream.end(payload)
    })
  }

  async #text(stream: Duplex, what: string): Promise<string> {
    const timer = setTimeout(() => stream.destroy(new Error('too late')), ANSWER_MS)
    try {
      return await text(stream)
    } catch (cause) {
      throw new LabError('slow', `${what}: no end of the answer within ${ANSWER_MS / 1000} s`, { cause })
    } finally {
      clearTimeout(timer)
    }
  }

  #open(): Promise<ClientHttp2Session> {
    if (this.#session) return this.#session
    const opening = this.#dial(() => {
      if (this.#session === opening) this.#session = null
    })
    this.#session = opening
    opening.catch(() => {
      if (this.#session === opening) this.#session = null
    })
    return opening
  }

  async #dial(onClose: () => void): Promise<ClientHttp2Session> {
    const retry = `retry=${SOCKET_S / RETRY_S},interval=${RETRY_S}`
    let said = ''
    const pipe = await this.#engine.pipe(
      this.#container,
      ['socat', '-', `UNIX-CONNECT:${CONTROL_SOCKET},${retry}`],
      {},
      chunk => {
        said = `${said}${chunk}`.slice(-1000)
      },
    )
    const session = connect('http://internet', {
      createConnection: () => pipe,
      settings: { initialWindowSize: WINDOW, enablePush: false },
    })
    session.on('close', onClose)
    return new Promise((resolve, reject) => {
      const lost = (cause?: Error) => {
        const why = said
          .trim()
          .split('\n')
          .at(-1)
          ?.replace(/^.* [EW] /, '')
        const words = why || cause?.message || 'it ended at once'
        reject(new LabError('gone', `no connection to the lab internet: ${words}`, { cause }))
      }
      session.on('error', lost)
      session.once('close', () => lost())
      // The far side's first words: only now is it known to be there.
      session.once('remoteSettings', () => resolve(session))
    })
  }
}

/** A line that is lost ends the answer, wherever it was. */
function parsed<T>(answer: string, what: string): T {
  try {
    return JSON.parse(answer) as T
  } catch (cause) {
    throw new LabError('gone', `${what}: the answer broke off`, { cause })
  }
}
