/** A stranger's house, knocked at with openssl and plain sockets. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DoorsBody } from '../../containers/internet/api.ts'
import { type Houses, openHouses } from '../../containers/internet/doors/doors.ts'

// Whoever runs this may not listen on the ports of the real house: others stand for them.
const [SMTP, IMAP, SMTPS, CLEAR] = [43_025, 43_143, 43_465, 43_587]
const house: DoorsBody = {
  address: '127.0.0.1',
  certificate: 'lilas.sureau.test',
  doors: [
    { port: SMTP as 25, speaks: 'smtp', tls: 'starttls' },
    { port: IMAP as 143, speaks: 'imap', tls: 'starttls' },
    { port: SMTPS as 465, speaks: 'smtp', tls: 'first' },
    { port: CLEAR as 587, speaks: 'smtp', tls: 'none' },
  ],
}

let root: string
let houses: Houses
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ten-steps-doors-'))
  houses = await openHouses(root)
  await houses.put('ada', house)
})
afterAll(async () => {
  await houses?.remove('ada')
  await rm(root, { recursive: true })
})

const openssl = async (...words: string[]) => {
  const running = promisify(execFile)('openssl', ['s_client', '-brief', '-connect', ...words])
  running.child.stdin?.end()
  return running.then(
    ({ stderr }) => stderr,
    (error: { stderr: string }) => error.stderr,
  )
}

/** What the door says to these lines, all sent at once, until it hangs up. */
async function hear(port: number, ...lines: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(lines.map(line => `${line}\r\n`).join(''))
  let heard = ''
  for await (const chunk of socket as AsyncIterable<Buffer>) heard += chunk.toString('latin1')
  return heard
}

describe('a house', () => {
  test.each([
    ['after STARTTLS in SMTP', [`127.0.0.1:${SMTP}`, '-starttls', 'smtp']],
    ['after STARTTLS in IMAP', [`127.0.0.1:${IMAP}`, '-starttls', 'imap']],
    ['from the first byte', [`127.0.0.1:${SMTPS}`]],
  ])('shows its certificate %s', async (_, words) =>
    expect(await openssl(...words)).toMatch(/Peer certificate: CN ?= ?lilas\.sureau\.test/),
  )

  test('stays in clear where it has no TLS, and takes no mail', async () => {
    expect(await hear(CLEAR, 'EHLO me', 'STARTTLS', 'MAIL FROM:<a@b>', 'QUIT')).toBe(
      '220 [127.0.0.1] ESMTP\r\n250-[127.0.0.1]\r\n250 8BITMIME\r\n502 5.5.2 Command not recognised\r\n554 5.7.1 Nobody takes mail in this house\r\n221 2.0.0 Bye\r\n',
    )
    expect(await openssl(`127.0.0.1:${CLEAR}`)).toContain('wrong version number')
  })

  test('lets nobody in by IMAP, and says so under the visitor’s own tag', async () => {
    expect(await hear(IMAP, 'x1 CAPABILITY', 'x2 LOGIN a b', 'x3 LOGOUT')).toMatch(
      /^\* OK .*\r\n\* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\nx1 OK .*\r\nx2 NO .*\r\n\* BYE .*\r\nx3 OK /,
    )
  })

  test('shows the door to who never ends a line', async () => {
    const socket = connect(SMTP, '127.0.0.1').on('error', () => {})
    const gone = new Promise(done => socket.once('close', done))
    socket.resume().write('x'.repeat(5000))
    await gone
  })

  test('closes once its owner is gone, takes another name, and is open again after a restart', async () => {
    await houses.remove('ada')
    expect(await openssl(`127.0.0.1:${SMTPS}`)).toMatch(/refused/i)
    await houses.put('ada', house)
    await houses.put('ada', { ...house, certificate: 'other.test' })
    expect(await openssl(`127.0.0.1:${SMTPS}`)).toMatch(/CN ?= ?other\.test/)
    await houses.close()
    expect(await openssl(`127.0.0.1:${SMTPS}`)).toMatch(/refused/i)
    houses = await openHouses(root)
    expect(await openssl(`127.0.0.1:${SMTPS}`)).toMatch(/CN ?= ?other\.test/)
  })
})
