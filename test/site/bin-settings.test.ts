import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { ensurePortFree } from '../../site/bin/port.ts'
import { messageOf } from '../../site/bin/program.ts'
import { ensureDataDir, ROOT, readSettings, urlOf } from '../../site/bin/settings.ts'

const messageFrom = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    return messageOf(error)
  }
  return ''
}

test('nothing set gives loopback, 4321 and .data in the repository', () => {
  expect(readSettings({})).toEqual({ port: 4321, host: '127.0.0.1', dataDir: `${ROOT}/.data` })
  expect(readSettings({ PORT: ' 80 ', HOST: '::1', DATA_DIR: '/srv/x' })).toEqual({
    port: 80,
    host: '::1',
    dataDir: '/srv/x',
  })
})

test.each([
  [{ PORT: 'http' }, 'PORT is «http», which is no port.'],
  [{ PORT: '70000' }, 'PORT is «70000», which is no port.'],
  [{ PORT: '-1' }, 'PORT is «-1», which is no port.'],
  [{ HOST: 'my host' }, 'HOST is «my host», which is neither an address nor a name.'],
  [{ HOST: 'http://x' }, 'HOST is «http://x», which is neither an address nor a name.'],
])('%j is refused in words', (env, expected) => {
  const message = messageFrom(() => readSettings(env))
  expect(message).toContain(expected)
  expect(message).toMatch(/npm start/)
})

test('a data folder that is a file is refused by name', () => {
  expect(messageFrom(() => ensureDataDir(`${ROOT}/package.json`))).toContain(`${ROOT}/package.json`)
})

test('an IPv6 address stands in brackets', () => {
  expect(urlOf('::1', 80)).toBe('http://[::1]:80')
})

async function refusal(port: number): Promise<string> {
  return ensurePortFree('127.0.0.1', port).then(() => '', messageOf)
}

test('a port that a web server has is said to be taken by it', async () => {
  const server = createServer((_, response) => {
    response.setHeader('server', 'nginx')
    response.end('<title>Cats</title>')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const message = await refusal(port)
  expect(message).toContain('a web server (nginx), «Cats»')
  expect(message).toContain(`PORT=${port + 1} npm start`)
  if (process.platform === 'linux') expect(message).toContain(`(process ${process.pid})`)
})

test('a port that the course has leads to it', async () => {
  const server = createServer((_, response) => response.end('<title>Ten steps to run your own mail</title>'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  expect(await refusal(port)).toContain(`the course is there already, open http://127.0.0.1:${port}`)
})

test('a port that speaks something else is named so, and a free one is free', async () => {
  const server = createTcpServer(socket => {
    socket.write('220 mail\r\n')
    socket.once('data', () => socket.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  expect(await refusal(port)).toContain('something that does not speak HTTP')
  await new Promise(resolve => server.close(resolve))
  expect(await refusal(port)).toBe('')
})

test('an address of another machine is refused', async () => {
  expect(await ensurePortFree('192.0.2.1', 4321).then(() => '', messageOf)).toContain(
    '192.0.2.1 is not an address of this machine',
  )
})
