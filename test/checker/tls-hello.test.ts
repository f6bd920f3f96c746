/** Old offers to a real TLS server, and what it makes of them. */
import { connect } from 'node:net'
import { createServer, type TlsOptions, connect as tlsConnect } from 'node:tls'
import { describe, expect, it } from 'vitest'
import {
  groups,
  signatures,
  suiteName,
  weak,
  weakGroups,
  weakSignatures,
} from '../../checker/audit/suites.ts'
import { earlyDataOf } from '../../checker/probes/tls-early.ts'
import { clientHello, type Flight, type Hello, readFlight } from '../../checker/probes/tls-hello.ts'
import { cert, key } from './certificate.ts'

/** Runs `work` with the port of a server of these settings. */
async function serving<T>(options: TlsOptions, work: (port: number) => Promise<T>): Promise<T> {
  const server = createServer({ cert, key, ...options }, socket => socket.end('hello'))
  server.on('tlsClientError', () => {})
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  try {
    return await work((server.address() as { port: number }).port)
  } finally {
    server.close()
  }
}

const plain: Hello = {
  version: 0x0303,
  suites: [0xc02b, 0xc02f, 0x009e],
  groups,
  signatures,
  compression: [0],
}

async function offer(options: TlsOptions, hello: Partial<Hello>): Promise<Flight | null> {
  return serving(options, async port => {
    const socket = connect(port, '127.0.0.1')
    socket.write(clientHello({ ...plain, ...hello }, 'mail.you.test'))
    let bytes = Buffer.alloc(0)
    try {
      for await (const chunk of socket) {
        bytes = Buffer.concat([bytes, chunk as Buffer])
        const flight = readFlight(bytes)
        if (flight) return flight
      }
      return null
    } finally {
      socket.destroy()
    }
  })
}

const modern = { minVersion: 'TLSv1.2' } as const

describe('an offer of TLS 1.2', () => {
  it('is answered with a suite, a group and secure renegotiation', async () => {
    const flight = await offer(modern, {})
    expect(flight).toMatchObject({ version: 0x0303, compression: 0, secureRenegotiation: true })
    expect(flight).toHaveProperty('group')
    expect(suiteName((flight as { suite: number }).suite)).toMatch(/^ECDHE_\w+_AES_128_GCM$/)
  })

  it.each([
    ['TLS 1.0', { version: 0x0301, suites: [0xc009, 0xc013] }],
    ['weak suites', { suites: weak }],
    ['weak curves', { suites: [0xc02b, 0xc02f], groups: weakGroups }],
    ['signatures with SHA-1', { suites: [0xc02b, 0xc02f], signatures: weakSignatures }],
  ])('of nothing but %s is refused with an alert by a server that wants none of it', async (_, hello) => {
    expect(await offer(modern, hello)).toHaveProperty('alert')
  })

  it('shows an anonymous suite and its prime where a server accepts them', async () => {
    const lax = { ...modern, ciphers: 'ADH-AES256-GCM-SHA384:@SECLEVEL=0', dhparam: 'auto' }
    const flight = await offer(lax, { suites: weak })
    expect(flight).toMatchObject({ suite: 0x00a7 })
    expect((flight as { primeBits: number }).primeBits).toBeGreaterThanOrEqual(1024)
  })

  it('answered by something that is not TLS is an error, and half an answer is none yet', () => {
    expect(() => readFlight(Buffer.from('220 mail.you.test ESMTP\r\n'))).toThrow(/record of type/)
    expect(readFlight(Buffer.from([22, 3, 3, 0, 50, 2]))).toBeNull()
    expect(readFlight(Buffer.from([21, 3, 3, 0, 2, 2, 40]))).toEqual({ alert: 40 })
  })
})

describe('a session of TLS 1.3', () => {
  const session = () =>
    serving({ minVersion: 'TLSv1.3' }, port => {
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
      const socket = tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false })
      socket.on('session', resolve).on('error', reject).resume()
      return promise.finally(() => socket.destroy())
    })

  it('without early data says 0', async () => {
    expect(earlyDataOf(await session())).toBe(0)
  })

  it('with early data says how much', async () => {
    const plain = await session()
    const start = plain.findIndex((byte, at) => byte === 0x30 && plain[at + 1] === 0x82)
    const body = Buffer.concat([plain.subarray(start + 4), Buffer.from([0xaf, 4, 2, 2, 0x40, 0])])
    const head = Buffer.from([0x30, 0x82, body.length >> 8, body.length & 255])
    expect(earlyDataOf(Buffer.concat([plain.subarray(0, start), head, body]))).toBe(0x4000)
  })
})
