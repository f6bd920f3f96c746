/** The registrar's API, on loopback: who may have a delegation signed, and how. */
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DomainState } from '../../containers/internet/api.ts'
import type { Names } from '../../containers/internet/names.ts'
import { openRegistrarApi } from '../../containers/internet/registrar-api.ts'
import { cert, key } from '../checker/certificate.ts'

const SECRET = 'c2VjcmV0IG9mIHRoaXMgdGVzdCBhbmQgb2Ygbm90aGluZw=='
let port = 0
let signed = false
const servers: { close(): void }[] = []

const names = {
  holds: (domain: string, given: string) => domain === 'you.test' && given === SECRET,
  state: async (domain: string) => ({ domain, signed }) as DomainState,
  sign: async (domain: string, on: boolean) => {
    signed = on
    return { domain, signed } as DomainState
  },
} as unknown as Names

beforeAll(async () => {
  const certificate = { key: Buffer.from(key), cert: Buffer.from(cert) }
  const opened = await openRegistrarApi(names, { ipv4: '127.0.0.1', ipv6: '::1' }, certificate, 0)
  servers.push(...opened)
  port = opened.map(server => (server.address() as AddressInfo).port)[0] ?? 0
})
afterAll(() => {
  for (const server of servers) server.close()
})

const ask = (method: string, path: string, user?: string) =>
  new Promise<{ status: number; body: string }>((done, fail) => {
    const headers = user ? { authorization: `Basic ${Buffer.from(user).toString('base64')}` } : {}
    const options = { host: '127.0.0.1', port, method, path, headers, rejectUnauthorized: false }
    request(options, response => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => done({ status: response.statusCode ?? 0, body }))
    })
      .on('error', fail)
      .end()
  })

it('signs a delegation for who has the domain’s key, and takes it back', async () => {
  const owner = `you.test:${SECRET}`
  expect(await ask('PUT', '/domains/you.test/ds', owner)).toEqual({
    status: 200,
    body: '{"domain":"you.test","signed":true}\n',
  })
  expect(JSON.parse((await ask('GET', '/domains/you.test/ds', owner)).body).signed).toBe(true)
  expect(JSON.parse((await ask('DELETE', '/domains/you.test/ds', owner)).body).signed).toBe(false)
})

it('does nothing for a stranger, a wrong key, or the owner of another domain', async () => {
  signed = false
  for (const user of [undefined, 'you.test:wrong', `other.test:${SECRET}`, 'you.test'])
    expect((await ask('PUT', '/domains/you.test/ds', user)).status).toBe(401)
  expect((await ask('PUT', '/domains/other.test/ds', `you.test:${SECRET}`)).status).toBe(401)
  expect(signed).toBe(false)
})

it('says what it expects where it is asked for something else', async () => {
  expect((await ask('PUT', '/domains/you.test', `you.test:${SECRET}`)).status).toBe(404)
  expect((await ask('POST', '/domains/you.test/ds', `you.test:${SECRET}`)).status).toBe(405)
})
