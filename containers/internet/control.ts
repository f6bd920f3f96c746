/** The control API: HTTP on a Unix socket, in the shapes of api.ts. */
import { chmod, mkdir, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { dirname } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { z } from 'zod'

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

async function readBody(request: IncomingMessage, limit: number): Promise<unknown> {
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

async function handle(routes: readonly Route[], request: IncomingMessage): Promise<unknown> {
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

function reply(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

/** A body without end, for as long as the client stays. */
function stream(response: ServerResponse, lines: Readable): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  response.flushHeaders()
  // A half-close keeps an answer alive that has an end; this one has none but the client's.
  response.req.socket.once('end', () => lines.destroy())
  pipeline(lines, response, () => {})
}

/** Listens on the socket; resolves when it does. An answer that is a `Readable` is sent as it comes, without end. */
export async function openControl(socket: string, routes: readonly Route[]): Promise<void> {
  const server = createServer((request, response) => {
    handle(routes, request).then(
      value => (value instanceof Readable ? stream(response, value) : reply(response, 200, value)),
      (error: Error) => {
        const status = error instanceof Refused ? error.status : 500
        if (status === 500) console.error(`${request.method} ${request.url}:`, error)
        // The rest of a body that was refused half read would be taken for the next request.
        if (!request.complete) response.setHeader('connection', 'close')
        reply(response, status, { error: error.message, ...(error instanceof Refused ? error.details : {}) })
      },
    )
  })
  server.requestTimeout = 30_000
  // socat passes the end of its input on as a half-close; Node would take that for a client that left.
  Object.assign(server, { httpAllowHalfOpen: true })
  await mkdir(dirname(socket), { recursive: true })
  await rm(socket, { force: true })
  await new Promise<void>((done, fail) => server.once('error', fail).listen(socket, done))
  await chmod(socket, 0o600)
}
