/** One connection for all that is asked of the lab internet, against its real control server on a socket of this test. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duplex, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../containers/docker.ts'
import { openControl, Refused } from '../../containers/internet/control.ts'
import { InternetLine } from '../../containers/internet-line.ts'

let folder: string
let control: string
/** What the engine's pipes were connected to the socket with. */
const pipes: Socket[] = []
const followed: Readable[] = []
let line: InternetLine

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'line-'))
  control = join(folder, 'control.sock')
  await openControl(control, [
    {
      method: 'POST',
      path: '/echo/:word',
      answer: async ({ parameters, body }) => ({ ...parameters, body }),
    },
    { method: 'PUT', path: '/bare', answer: async ({ body }) => ({ bare: body === undefined }) },
    { method: 'POST', path: '/small', limit: 100, answer: async () => 'never' },
    { method: 'POST', path: '/never', answer: () => new Promise(() => {}) },
    {
      method: 'GET',
      path: '/refused',
      async answer() {
        throw new Refused(409, 'somebody was faster', { version: 2 })
      },
    },
    {
      method: 'GET',
      path: '/lines',
      async answer() {
        const lines = new Readable({ read() {} })
        followed.push(lines)
        lines.push('first\n')
        return lines
      },
    },
  ])
  const engine = {
    async pipe() {
      const socket = connect(control)
      pipes.push(socket)
      return socket as Duplex
    },
  } as unknown as Engine
  line = new InternetLine(engine, 'internet')
})
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})
afterAll(async () => {
  line.close()
  await rm(folder, { recursive: true })
})

/** A server on the loopback; gives where it is. */
async function serving(talk: (socket: Socket) => void): Promise<{ host: string; port: number }> {
  const server = createServer({ allowHalfOpen: true }, socket => {
    socket.on('error', () => {})
    talk(socket)
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { host: '127.0.0.1', port: (server.address() as { port: number }).port }
}

describe('a request', () => {
  it('carries JSON there and back', async () => {
    const body = { text: 'é'.repeat(100_000) }
    expect(await line.request('POST', '/echo/hello', body)).toEqual({ word: 'hello', body })
  })
  it('may have no body', async () => {
    expect(await line.request('PUT', '/bare')).toEqual({ bare: true })
  })
  it('that is refused tells the status and the words', async () => {
    await expect(line.request('GET', '/refused')).rejects.toMatchObject({
      code: 'refused',
      status: 409,
      message: 'GET /refused: {"error":"somebody was faster","version":2}',
    })
    await expect(line.request('GET', '/nowhere')).rejects.toMatchObject({ code: 'refused', status: 404 })
  })
  it('whose body is too large is refused, and those after it are not', async () => {
    const large = line.request('POST', '/small', 'x'.repeat(3_000_000))
    await expect(large).rejects.toMatchObject({ code: 'refused', status: 400 })
    expect(await line.request('PUT', '/bare')).toEqual({ bare: true })
  })
})

describe('a tunnel', () => {
  it('carries bytes both ways, and each end of them', async () => {
    const to = await serving(socket => {
      socket.write('220 hello\r\n')
      socket.pipe(socket)
    })
    const duplex = await line.tunnel(to)
    duplex.end('QUIT\r\n')
    expect(await text(duplex)).toBe('220 hello\r\nQUIT\r\n')
  })
  it('to nobody is refused in the system’s words', async () => {
    const to = await serving(() => {})
    const [server] = servers.splice(0)
    server?.close()
    await expect(line.tunnel(to)).rejects.toMatchObject({
      code: 'refused',
      message: `connect(127.0.0.1:${to.port}): connection refused`,
    })
    await expect(line.tunnel({ host: '::1', port: to.port })).rejects.toThrow('connection refused')
    await expect(line.tunnel({ host: '127.0.0.1', port: 99_999 })).rejects.toMatchObject({ code: 'refused' })
  })
  it('ends when the other side hangs up or resets', async () => {
    const bye = await line.tunnel(await serving(socket => socket.end('bye')))
    expect(await text(bye)).toBe('bye')
    const reset = await line.tunnel(await serving(socket => socket.resetAndDestroy()))
    expect(await text(reset)).toBe('')
  })
  it('keeps what came until it is read', async () => {
    let gone = false
    const to = await serving(socket => {
      socket.end('220 hello\r\n421 bye\r\n')
      socket.resume().once('close', () => {
        gone = true
      })
    })
    const duplex = await line.tunnel(to)
    duplex.end()
    await expect.poll(() => gone).toBe(true)
    // Whatever the far side still had to say has been said.
    await line.request('PUT', '/bare')
    expect(await text(duplex)).toBe('220 hello\r\n421 bye\r\n')
  })
  it('that is let go says what was written, and hangs up', async () => {
    const heard = Promise.withResolvers<string>()
    const to = await serving(socket => text(socket).then(heard.resolve, heard.reject))
    const duplex = await line.tunnel(to)
    await new Promise(resolve => duplex.write('QUIT\r\n', resolve))
    duplex.destroy()
    expect(await heard.promise).toBe('QUIT\r\n')
  })
  it('that nobody reads holds up no other, and waits at its source', async () => {
    let sent = 0
    const flood = await serving(socket => {
      const more = () => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536))) sent += 65_536
      }
      socket.on('drain', more)
      more()
    })
    const unread = await Promise.all(Array.from({ length: 20 }, () => line.tunnel(flood)))
    const to = await serving(socket => socket.pipe(socket))
    const duplex = await line.tunnel(to)
    duplex.end('still here')
    expect(await text(duplex)).toBe('still here')
    expect(await line.request('PUT', '/bare')).toEqual({ bare: true })
    expect(sent).toBeLessThan(20 * 16_000_000)
    for (const one of unread) one.destroy()
  })
})

describe('the line', () => {
  it('is one connection, however much goes over it at once', async () => {
    const to = await serving(socket => socket.end('ok'))
    const before = pipes.length
    const answers = await Promise.all([
      ...Array.from({ length: 30 }, async () => text(await line.tunnel(to))),
      ...Array.from({ length: 30 }, () => line.request('PUT', '/bare')),
    ])
    expect(answers).toHaveLength(60)
    expect(pipes.length).toBe(before)
  })
  it('that breaks fails what is under way, and is there again for what comes', async () => {
    const silent = await line.tunnel(await serving(() => {}))
    const asked = line.request('POST', '/never', {})
    const before = pipes.length
    const gone = expect(asked).rejects.toMatchObject({ code: 'gone' })
    pipes.at(-1)?.destroy()
    await gone
    expect(await text(silent), 'a lost connection is an end').toBe('')
    expect(await line.request('PUT', '/bare')).toEqual({ bare: true })
    expect(pipes.length).toBe(before + 1)
  })
  it('that died unnoticed is no failure of what can be asked again', async () => {
    await line.request('PUT', '/bare')
    const asked = line.request('PUT', '/bare')
    pipes.at(-1)?.destroy()
    expect(await asked).toEqual({ bare: true })
  })
  it('follows what has no end until it is let go', async () => {
    const stream = await line.follow('/lines')
    expect(`${(await once(stream, 'data'))[0]}`).toBe('first\n')
    followed[0]?.push('second\n')
    expect(`${(await once(stream, 'data'))[0]}`).toBe('second\n')
    stream.destroy()
    await expect.poll(() => followed[0]?.destroyed).toBe(true)
    await expect(line.follow('/refused')).rejects.toMatchObject({ code: 'refused', status: 409 })
  })
})
