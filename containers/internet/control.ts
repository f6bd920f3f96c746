/** The control API: HTTP/2 on a Unix socket, in the shapes of api.ts. */
import { chmod, mkdir, rm } from 'node:fs/promises'
import { createServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { dirname } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { z } from 'zod'
import { openTunnel } from './tunnel.ts'

/** 400, 404 and 409 are the caller's to mend, 503 mends itself; `details` go into the answer beside `error`. */
export class Refused extends Error {
  readonly status: 400 | 404 | 409 | 503
  readonly details: object
  constructor(status: Refused['status'], message: string, details: object = {}) {
    super(message)
    this.status = status
    this.details = details
  }
}

export interface Call {
  /** What stood for the `:name` parts of the route's path. */
  parameters: Record<string, string>
  query: Record<string, string>
  /** Parsed JSON, undefined for GET and DELETE and where nothing was sent. */
  body: unknown
}

export interface Route {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** `/domains/:domain` */
  path: string
  /** Largest body in bytes. */
  limit?: number
  answer(call: Call): Promise<unknown>
}

/** The parsed value, or a refusal that says where in it what was expected. */
export function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new Refused(400, `${what}: ${z.prettifyError(result.error)}`)
}

function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const parameters: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const seen = given[index] ?? ''
    if (part.startsWith(':')) parameters[part.slice(1)] = seen
    else if (part !== seen) return null
  }
  return parameters
}

async function readBody(request: Http2ServerRequest, limit: number): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw new Refused(400, `the body is larger than ${limit} bytes`)
    chunks.push(chunk)
  }
  // Some routes say all in their path; the others refuse what is not there.
  if (size === 0) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (error) {
    throw new Refused(400, `the body is not JSON: ${(error as Error).message}`)
  }
}

async function handle(routes: readonly Route[], request: Http2ServerRequest): Promise<unknown> {
  const url = URL.canParse(request.url ?? '', 'http://internet')
    ? new URL(request.url ?? '', 'http://internet')
    : null
  const path = url?.pathname ?? ''
  for (const route of routes) {
    const parameters = route.method === request.method ? match(route.path, path) : null
    if (parameters === null) continue
    const hasBody = route.method === 'PUT' || route.method === 'POST'
    const body = hasBody ? await readBody(request, route.limit ?? 256_000) : undefined
    return route.answer({ parameters, query: Object.fromEntries(url?.searchParams ?? []), body })
  }
  throw new Refused(404, `there is no ${request.method} ${path}`)
}

function reply(response: Http2ServerResponse, status: number, value: unknown): void {
  if (response.stream.destroyed) return
  const text = JSON.stringify(value)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

/** A body without end, for as long as the client stays. */
function stream(response: Http2ServerResponse, lines: Readable): void {
  response.stream.respond({ ':status': 200, 'content-type': 'application/x-ndjson' })
  pipeline(lines, response.stream, () => {})
}

/** A tunnel that somebody leaves unread may fill its window, and the others shall not notice. */
const SESSION_MB = 128
const WINDOW = 1024 * 1024

/**
 * Listens on the socket; resolves when it does. An answer that is a `Readable` is sent as it comes, without end. CONNECT
 * is a tunnel: only root of this container and its own program reach the socket.
 */
export async function openControl(socket: string, routes: readonly Route[]): Promise<void> {
  const server = createServer({ maxSessionMemory: SESSION_MB, settings: { initialWindowSize: WINDOW } })
  server.on('connect', (request: Http2ServerRequest) => openTunnel(request.stream, request.authority))
  server.on('request', (request, response) => {
    handle(routes, request).then(
      value => (value instanceof Readable ? stream(response, value) : reply(response, 200, value)),
      (error: Error) => {
        const status = error instanceof Refused ? error.status : 500
        if (status === 500) console.error(`${request.method} ${request.url}:`, error)
        // The rest of a body that was refused half read is let go.
        request.resume()
        reply(response, status, { error: error.message, ...(error instanceof Refused ? error.details : {}) })
      },
    )
  })
  // A client that goes while it is answered ends its session; the others are none of its business.
  server.on('sessionError', () => {})
  await mkdir(dirname(socket), { recursive: true })
  await rm(socket, { force: true })
  await new Promise<void>((done, fail) => server.once('error', fail).listen(socket, done))
  await chmod(socket, 0o600)
}
