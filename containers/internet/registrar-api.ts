/**
 * The registrar's API for owners, as registrars in life have one: https://api.nic.test, HTTP Basic with the domain and its
 * key of `~/registrar.key`. What nsupdate can't reach, the parent's DS records, is changed here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { DomainState } from './api.ts'
import type { Names } from './names.ts'

const PATH = /^\/domains\/([a-z0-9-]+\.test)\/ds$/

/** What an owner is told of the delegation. */
const delegation = ({ domain, signed }: DomainState) => ({ domain, signed })

function reply(response: ServerResponse, status: number, value: object): void {
  if (status === 401) response.setHeader('www-authenticate', 'Basic realm="NAME.test and its key"')
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(value)}\n`)
}

async function answer(names: Names, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Nothing here needs a body; one of any length is let go unread.
  request.resume()
  const domain = PATH.exec(request.url ?? '')?.[1]
  if (domain === undefined) return reply(response, 404, { error: 'expected /domains/NAME.test/ds' })
  const [, given = ''] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(request.headers.authorization ?? '') ?? []
  const [user, ...key] = Buffer.from(given, 'base64').toString().split(':')
  if (user !== domain || !names.holds(domain, key.join(':')))
    return reply(response, 401, { error: `expected the user ${domain} with the secret of registrar.key` })
  if (request.method === 'GET') return reply(response, 200, delegation(await names.state(domain)))
  if (request.method !== 'PUT' && request.method !== 'DELETE')
    return reply(response, 405, { error: 'expected GET, PUT or DELETE' })
  reply(response, 200, delegation(await names.sign(domain, request.method === 'PUT')))
}

/** Listens on port 443 of both addresses; resolves when it does. */
export async function openRegistrarApi(
  names: Names,
  { ipv4, ipv6 }: { ipv4: string; ipv6: string },
  certificate: { key: Buffer; cert: Buffer },
  port = 443,
): Promise<void> {
  for (const address of [ipv4, ipv6]) {
    const server = createServer(certificate, (request, response) => {
      answer(names, request, response).catch((error: Error) => {
        console.error(`registrar: ${request.method} ${request.url}:`, error)
        reply(response, 500, { error: 'the registrar broke; try again' })
      })
    })
    server.requestTimeout = 10_000
    server.maxConnections = 200
    await new Promise<void>((done, fail) => server.once('error', fail).listen(port, address, done))
  }
}
