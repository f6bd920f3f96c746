/**
 * http://webmail.pourriel.test: a page that looks like somebody's webmail, behind nginx, which says who asks. Whoever types
 * a login of their own domain into it has that account stolen: spam leaves through their own submission service.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { parse, Refused, type Route } from '../control.ts'
import { canonical } from '../env.ts'
import type { AttackState, Phished } from './api.ts'
import type { Attacks } from './attacks.ts'

/** On the loopback, where learners' machines can't come; nginx.conf knows it. */
export const PHISHING_PORT = 8026

const BODY_MAX = 2000
/** Long enough to be watched, short enough to be over when the page is closed. */
const COUNT = 160
const PACE = 2
const PAGE = `<!doctype html><meta charset="utf-8"><title>Webmail</title><h1>Votre boîte est pleine ! Your mailbox is full!</h1>
<form method="post"><input name="user"><input name="password" type="password"><button>OK</button></form>
`

const Typed = z.object({
  user: z.string().regex(/^[A-Za-z0-9._@+-]{1,80}$/),
  password: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[\x21-\x7e]+$/),
  word: z.string().regex(/^[a-z0-9-]{1,60}$/),
})

/** Every second one is never taken, so that a queue builds up. None is a trap: no blocklist hears of it. */
const recipients = (): string[] =>
  Array.from({ length: COUNT }, (_, n) =>
    n % 2 ? `slow-${n}@agrume.test` : `client-${n}@${n % 4 ? 'fenetre' : 'grosmail'}.test`,
  )

export interface Phishing {
  /** GET /phished/:domain: the last theft of an account of this domain, or null. */
  route: Route
  /** Stops the thieves of a domain that is given up. */
  forget(domain: string): void
  /** Where the page is. */
  port: number
  close(): void
}

/** `owner` tells which participant's domain an address belongs to; null for nobody's and for the internet's own. */
export async function openPhishing(
  attacks: Attacks,
  owner: (address: string) => string | null,
  port = PHISHING_PORT,
): Promise<Phishing> {
  const thefts = new Map<string, Omit<Phished, 'attack'> & { id: string }>()

  function forget(domain: string): void {
    const theft = thefts.get(domain)
    thefts.delete(domain)
    if (theft) stateOf(theft.id, id => attacks.stop(id))
  }

  async function answer(request: IncomingMessage): Promise<string> {
    if (request.method !== 'POST') return PAGE
    const domain = owner(canonical(String(request.headers['x-real-ip'] ?? '')))
    if (domain === null) throw new Refused(404, 'nobody lives at this address')
    const typed = parse(Typed, Object.fromEntries(new URLSearchParams(await bodyOf(request))), 'form')
    forget(domain)
    const { id, startedAt } = attacks.start({
      kind: 'stolen-account',
      ...{ domain, user: typed.user, password: typed.password, containing: typed.word },
      ...{ to: recipients(), count: COUNT, pace: PACE },
    })
    thefts.set(domain, { word: typed.word, user: typed.user, at: startedAt, id })
    return PAGE
  }

  const server = createServer((request, response) => {
    answer(request).then(
      text => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(text),
      (error: Error) => {
        const known = error instanceof Refused
        if (!known) console.error('fake webmail:', error)
        response.writeHead(known ? error.status : 500, { connection: 'close' }).end(`${error.message}\n`)
      },
    )
  })
  server.requestTimeout = 10_000
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done))

  return {
    forget,
    port: (server.address() as AddressInfo).port,
    close: () => server.close(),
    route: {
      method: 'GET',
      path: '/phished/:domain',
      async answer({ parameters }): Promise<Phished | null> {
        const theft = thefts.get(parameters.domain ?? '')
        const attack = theft && stateOf(theft.id, id => attacks.state(id))
        if (!theft || !attack) return null
        const { word, user, at } = theft
        return { word, user, at, attack }
      },
    },
  }
}

/** Null for an attack that is forgotten by now. */
function stateOf(id: string, look: (id: string) => AttackState): AttackState | null {
  try {
    return look(id)
  } catch (error) {
    if (error instanceof Refused) return null
    throw error
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += chunk.toString('latin1')
    if (text.length > BODY_MAX) throw new Refused(400, `the form is larger than ${BODY_MAX} bytes`)
  }
  return text
}
