/** http://blocklist.test: behind nginx, which says who asks. `/ADDRESS` shows, POST there asks for delisting. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Refused } from '../control.ts'
import { canonical } from '../env.ts'
import type { DelistAnswer } from './api.ts'
import type { Requests } from './delist.ts'
import type { Blocklist } from './list.ts'
import { html, plain, type View } from './page.ts'

/** On the loopback, where learners' machines can't come; nginx.conf knows it. */
export const WEB_PORT = 8025

export interface Web {
  list: Blocklist
  requests: Requests
  /** Whose an address is: only the owner may ask. */
  owner(address: string): string | null
}

export async function openWeb({ list, requests, owner }: Web, port = WEB_PORT): Promise<void> {
  async function view(request: IncomingMessage): Promise<View & { status: number }> {
    const url = new URL(request.url ?? '/', 'http://blocklist.test')
    const address = decode(url.pathname.slice(1)) || (url.searchParams.get('address') ?? '').trim()
    if (address === '') return { status: 200, address, state: null }
    const client = canonical(String(request.headers['x-real-ip'] ?? ''))
    try {
      const state = list.state(address)
      if (request.method !== 'POST' || !state.listed) return { status: 200, address, state }
      if (owner(client) !== owner(canonical(address)))
        return { status: 403, address, state, answer: 'stranger' }
      const answer: DelistAnswer = await requests.ask(address)
      return { status: answer.granted ? 200 : 409, address, state: list.state(address), answer }
    } catch (error) {
      if (error instanceof Refused) return { status: 404, address: address.slice(0, 60), state: 'unknown' }
      throw error
    }
  }

  function answer(request: IncomingMessage, response: ServerResponse, status: number, view: View | null) {
    const asHtml = String(request.headers.accept ?? '').includes('text/html')
    const text = view === null ? 'Something broke here.\n' : asHtml ? html(view) : plain(view)
    response.writeHead(status, {
      'content-type': `text/${asHtml ? 'html' : 'plain'}; charset=utf-8`,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
      'cache-control': 'no-store',
    })
    response.end(text)
  }

  const server = createServer((request, response) => {
    // A form's fields say nothing that the address does not.
    request.resume()
    view(request).then(
      ({ status, ...seen }) => answer(request, response, status, seen),
      error => {
        console.error('blocklist page:', error)
        answer(request, response, 500, null)
      },
    )
  })
  server.requestTimeout = 30_000
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text).trim()
  } catch {
    return ''
  }
}
