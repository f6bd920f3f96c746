/** Static pages, the JSON API, and the headers and errors of both. */

import helmet from '@fastify/helmet'
import staticFiles from '@fastify/static'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { LAB_COOKIE, type Me } from '../protocol.ts'
import type { Door } from './door.ts'
import { type ErrorCode, errorBody, errors, HttpError, say } from './errors.ts'
import { languageOf } from './language.ts'
import type { Store } from './store.ts'

export async function pages(options: {
  door: Door
  store: Store
  dist: string | null
}): Promise<FastifyInstance> {
  const { door, store, dist } = options
  const app = Fastify({
    bodyLimit: 16 * 1024,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  })

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // xterm.js and the code blocks set styles on elements.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Plain HTTP on loopback: a browser that remembers HSTS for localhost locks other programs out.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
  })

  app.setNotFoundHandler((request, reply) => {
    const known = app.findRoute({ url: request.url.split('?')[0] ?? '', method: 'GET' })
    return answer(request, reply, request.method !== 'GET' && known ? 'wrong-method' : 'not-found')
  })
  app.setErrorHandler((error: FastifyError, request, reply) =>
    answer(request, reply, codeOf(error), error instanceof HttpError ? error : undefined),
  )

  app.addHook('onRequest', async (request, reply) => {
    if (!door.knowsHost(request.raw)) throw new HttpError('wrong-host')
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (!reads && !door.sameOrigin(request.raw)) throw new HttpError('wrong-origin')
    if (request.url.startsWith('/enter')) return
    const page = reads && wantsPage(request)
    if (page) reply.header('set-cookie', `${LAB_COOKIE}=1; Path=/; SameSite=Lax`)
    if (door.visitor(request.raw)) return
    const cookie = door.welcome()
    if (!cookie) throw new HttpError('no-session')
    // Only what a person opens makes a session, not each file of a page; in development pages are not ours.
    if (page || request.url.startsWith('/api/me')) reply.header('set-cookie', cookie)
  })

  app.get('/api/me', (request): Me => {
    const me = door.visitor(request.raw) ?? door.newcomer()
    if (!me) throw new HttpError('no-session')
    return {
      participant: me.name,
      domain: `${me.name}.test`,
      event: me.event,
      mode: 'solo',
      progress: store.progress(me),
    }
  })
  app.get('/enter', (request, reply) => {
    const { key } = request.query as { key?: unknown }
    const cookie = typeof key === 'string' ? door.enter(key) : null
    if (!cookie) throw new HttpError('wrong-key')
    return reply.header('set-cookie', cookie).redirect('/')
  })

  if (dist)
    await app.register(staticFiles, {
      root: dist,
      redirect: true,
      index: ['index.html'],
      setHeaders(reply, path) {
        // Astro's own files carry a hash in their name; pages must be asked for anew.
        const forever = path.includes('/_astro/')
        reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })

  return app

  function answer(request: FastifyRequest, reply: FastifyReply, code: ErrorCode, error?: HttpError) {
    const lang = languageOf(request.raw)
    reply.code(errors[code].status)
    if (!wantsPage(request)) return reply.send({ ...errorBody(code, lang, error?.values), ...error?.details })
    if (code === 'not-found' && dist)
      return reply.header('cache-control', 'no-cache').sendFile(`${lang}/404/index.html`)
    // Where one may not come in, not even a style sheet is served: the sentence stands alone.
    return reply
      .type('text/html; charset=utf-8')
      .send(
        `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>${code}</title><p>${say(code, lang)}</p>`,
      )
  }
}

const wantsPage = (request: FastifyRequest): boolean =>
  (request.headers.accept ?? '').includes('text/html') && !request.url.startsWith('/api/')

function codeOf(error: FastifyError): ErrorCode {
  if (error instanceof HttpError) return error.code
  if (error.statusCode === 413) return 'too-large'
  if (error.statusCode === 404) return 'not-found'
  if (error.statusCode && error.statusCode < 500) return 'bad-request'
  console.error(error)
  return 'our-fault'
}
