import { request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { Course } from '../browser.ts'

let course: Course
let session: string

beforeAll(async () => {
  course = await Course.start()
  session = cookieOf(await ask('/en/', { accept: 'text/html' }))
})

afterAll(async () => {
  await course?.[Symbol.asyncDispose]()
})

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** One request with exactly these headers; `fetch` would not let Host and Origin be forged. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  options: { method?: string; body?: string; url?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      new URL(path, options.url ?? course.url),
      { method: options.method ?? 'GET', headers },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    call.on('error', reject)
    call.end(options.body)
  })
}

function cookieOf(answer: Answer): string {
  const all = [answer.headers['set-cookie'] ?? []].flat()
  return (all.find(one => one.startsWith('session=')) ?? '').split(';')[0] ?? ''
}

/** What became of a WebSocket: the status that refused it, or 101, and what it said first. */
function knock(
  path: string,
  headers: Record<string, string>,
  first?: string | Buffer,
): Promise<{ status: number; said: string }> {
  return new Promise(resolve => {
    const ws = new WebSocket(new URL(path, course.url.replace('http', 'ws')), { headers })
    const messages: string[] = []
    ws.on('unexpected-response', (_, response) => {
      response.setEncoding('utf8')
      let body = ''
      response.on('data', chunk => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, said: body }))
    })
    ws.on('open', () => {
      if (first !== undefined) ws.send(first)
    })
    ws.on('message', data => {
      messages.push(String(data))
      if (first === undefined || messages.some(one => one.includes('refused'))) ws.close()
    })
    ws.on('close', () => resolve({ status: 101, said: messages.join('\n') }))
    ws.on('error', () => {})
  })
}

describe('who may come in', () => {
  test('the first page gives a session that scripts can’t read', async () => {
    const answer = await ask('/fr/', { accept: 'text/html' })
    const set = [answer.headers['set-cookie'] ?? []].flat().find(one => one.startsWith('session='))
    expect(set).toMatch(/HttpOnly/)
    expect(set).toMatch(/SameSite=Lax/)
    expect((await ask('/api/me', { cookie: cookieOf(answer) })).status).toBe(200)
  })

  test('a guessed session is nobody’s', async () => {
    const headers = { cookie: 'session=guessed', origin: course.url }
    expect((await knock('/api/live?step=05-fifty-users', headers)).status).toBe(401)
  })

  test('a name that was pointed at loopback is refused (DNS rebinding)', async () => {
    const answer = await ask('/api/me', { host: 'evil.example', cookie: session })
    expect(answer.status).toBe(421)
    expect(JSON.parse(answer.body).code).toBe('wrong-host')
  })

  test('a socket needs a session and the course’s own page', async () => {
    const path = '/api/live?step=05-fifty-users'
    const origin = course.url
    expect((await knock(path, { origin })).status).toBe(401)
    expect((await knock(path, { cookie: session })).status).toBe(403)
    expect((await knock(path, { cookie: session, origin: 'http://evil.example' })).status).toBe(403)
    expect((await knock(path, { cookie: session, origin })).status).toBe(101)
    const terminal = '/api/terminals/server/1?writer=0123456789abcdef&cols=80&rows=24'
    expect((await knock(terminal, { origin })).status).toBe(401)
    expect((await knock(terminal, { cookie: session, origin: 'null' })).status).toBe(403)
  })

  test('a call that changes something needs the course’s own page', async () => {
    const answer = await ask(
      '/api/me',
      { cookie: session, origin: 'http://evil.example' },
      { method: 'POST' },
    )
    expect(answer.status).toBe(403)
  })

  test('bound to all addresses, only the printed link lets in', async () => {
    const wide = await Course.start({ HOST: '0.0.0.0' })
    try {
      const { port } = new URL(wide.url)
      const near =
        Object.values(networkInterfaces())
          .flat()
          .find(i => i?.family === 'IPv4' && !i.internal)?.address ?? '127.0.0.1'
      const url = `http://${near}:${port}`
      expect((await ask('/en/', { accept: 'text/html' }, { url })).status).toBe(401)
      expect((await ask('/first.js', {}, { url })).status).toBe(401)
      const french = await ask('/api/me', { 'accept-language': 'fr', cookie: 'session=guessed' }, { url })
      expect(french.status).toBe(401)
      expect(JSON.parse(french.body)).toEqual({ code: 'no-session', message: expect.stringMatching(/lien/) })
      expect((await ask('/enter?key=guess', {}, { url })).status).toBe(403)
      const link = wide.log.map(line => /http:\S+\/enter\?key=\S+/.exec(line)?.[0]).find(Boolean) ?? ''
      const entered = await ask(new URL(link).pathname + new URL(link).search, {}, { url })
      expect(entered.status).toBe(302)
      const page = await ask('/en/', { accept: 'text/html', cookie: cookieOf(entered) }, { url })
      expect(page.status).toBe(200)
    } finally {
      await wide[Symbol.asyncDispose]()
    }
  })
})

describe('bad input gets a clear answer, and the server stays', () => {
  test('an unknown page, in each language', async () => {
    const french = await ask('/fr/rien', { accept: 'text/html', cookie: session })
    expect(french.status).toBe(404)
    expect(french.body).toContain('lang="fr"')
    const api = await ask('/api/nothing', { cookie: session })
    expect(JSON.parse(api.body).code).toBe('not-found')
  })

  test('a wrong method', async () => {
    const answer = await ask('/api/me', { cookie: session, origin: course.url }, { method: 'DELETE' })
    expect(answer.status).toBe(405)
    expect(JSON.parse(answer.body).code).toBe('wrong-method')
  })

  test('a huge body', async () => {
    const answer = await ask(
      '/api/me',
      { cookie: session, origin: course.url, 'content-type': 'application/json' },
      { method: 'POST', body: 'x'.repeat(100_000) },
    )
    expect([405, 413]).toContain(answer.status)
  })

  test('a path that climbs out of the pages', async () => {
    for (const path of ['/..%2f..%2fpackage.json', '/%2e%2e/package.json', '/en/%00', '/%ff'])
      expect((await ask(path, { cookie: session })).status).toBeGreaterThanOrEqual(400)
  })

  test('an unknown step, machine or terminal', async () => {
    const headers = { cookie: session, origin: course.url }
    expect(JSON.parse((await knock('/api/live?step=99-nothing', headers)).said).code).toBe('unknown-step')
    expect((await knock('/api/terminals/toaster/1', headers)).status).toBe(404)
    expect((await knock('/api/terminals/server/x', headers)).status).toBe(404)
    expect((await knock('/nowhere', headers)).status).toBe(404)
  })

  test('a message that makes no sense', async () => {
    const headers = { cookie: session, origin: course.url }
    for (const nonsense of ['{', '[]', '{"type":"rob"}', Buffer.from([1, 2, 3])])
      expect((await knock('/api/live?step=05-fifty-users&lang=fr', headers, nonsense)).said).toContain(
        'bad-message',
      )
    const terminal = await knock('/api/terminals/server/1?cols=minus', headers, 'x')
    expect(terminal.said).toContain('refused')
  })

  test('after all that the server answers as before', async () => {
    expect((await ask('/api/me', { cookie: session })).status).toBe(200)
  })
})

test('pages carry a strict policy and no inline script', async () => {
  const answer = await ask('/en/steps/fifty-users/', { accept: 'text/html', cookie: session })
  const policy = String(answer.headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(answer.headers['x-content-type-options']).toBe('nosniff')
  expect(answer.body).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>[^<]/)
  expect(answer.body).not.toMatch(/\son[a-z]+=/)
})
