/** The streams out of a real lab: what happens to mail, and the log of a machine. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MailEvent } from '../../containers/internet/api.ts'
import type { Lab } from '../../containers/types.ts'
import { type Ground, ground, plain } from '../fixture.ts'

let here: Ground & AsyncDisposable
let event: string
let ada: Lab

beforeAll(async () => {
  here = await ground()
  event = here.event()
  ada = await here.labs.open({ event, participant: 'ada' }, plain)
}, 120_000)

afterAll(async () => {
  await here?.[Symbol.asyncDispose]()
}, 60_000)

const send = () =>
  here.labs.internet(event, 'POST', '/providers/grosmail/send', {
    from: 'someone@grosmail.test',
    to: 'sasha@ada.test',
    source: Buffer.from('Subject: hello\r\n\r\nhello\r\n').toString('base64'),
  })
const processes = async (name: string) =>
  (
    await here.engine.exec(name, [
      'sh',
      '-c',
      'grep -l . /proc/[0-9]*/cmdline 2>/dev/null | while read f; do tr "\\0" " " <$f; echo; done',
    ])
  ).stdout
const internet = () => `ten-${here.instance}-${event}-internet`

test('mail that a provider can’t hand over is told, from where one left off, also after a lost stream', async () => {
  const told: MailEvent[] = []
  const stop = here.labs.follow(event, 0, mail => told.push(mail))
  await send()
  await expect.poll(() => told.length, { timeout: 10_000 }).toBe(1)
  expect(told[0]).toMatchObject({ from: 'grosmail.test', to: 'ada.test', fate: 'refused', code: 0 })
  expect(told[0]?.transcript).toContain('connection refused')

  // The way in breaks: the next event comes all the same, the first one not again.
  await here.engine.exec(internet(), ['pkill', '-x', 'socat'])
  await expect
    .poll(() =>
      send().then(
        () => true,
        () => false,
      ),
    )
    .toBe(true)
  await expect.poll(() => told.length, { timeout: 15_000 }).toBe(2)

  // All of the internet goes and comes back: numbers go on.
  await here.engine.kill(internet())
  await here.engine.start(internet())
  await expect
    .poll(
      () =>
        send().then(
          () => told.length,
          () => 0,
        ),
      { timeout: 60_000 },
    )
    .toBeGreaterThan(2)
  expect(told.map(({ id }) => id)).toEqual([...new Set(told.map(({ id }) => id))].sort((a, b) => a - b))
  stop()
  // What is followed no more costs nothing; the one way in stays for all else.
  const before = told.length
  await send()
  const ways = (await processes(internet())).split('\n').filter(line => line.startsWith('socat'))
  expect([told.length, ways.length]).toEqual([before, 1])
}, 120_000)

test('the log of a machine is told from some lines before, and leaves no process when one goes', async () => {
  const write = (line: string) =>
    here.labs.exec(ada, 'server', ['sh', '-c', `echo '${line}' >>/var/log/mail.log`])
  await write('before 1')
  await write('before 2')
  const lines: string[] = []
  const stop = here.labs.tail(ada, 'server', '/var/log/mail.log', 1, line => lines.push(line))
  await expect.poll(() => lines, { timeout: 10_000 }).toEqual(['before 2'])
  await write('now')
  await expect.poll(() => lines, { timeout: 10_000 }).toEqual(['before 2', 'now'])
  await here.labs.exec(ada, 'server', [
    'sh',
    '-c',
    'mv /var/log/mail.log /var/log/mail.log.1; echo rotated >/var/log/mail.log',
  ])
  await expect.poll(() => lines, { timeout: 10_000 }).toContain('rotated')
  const server = `ten-${here.instance}-${event}-ada-server`
  expect(await processes(server)).toContain('tail -n')
  stop()
  await expect.poll(() => processes(server), { timeout: 10_000 }).not.toContain('tail -n')
}, 60_000)

test('a log that is written without end costs little, and goes with its page', async () => {
  let bytes = 0
  const stop = here.labs.tail(ada, 'server', '/root/flood', 0, line => {
    bytes += line.length
  })
  await here.labs.exec(ada, 'server', [
    'sh',
    '-c',
    'touch /root/flood; (timeout 5 yes "$(printf %0200d 0)" | head -c 300000000 >>/root/flood) & sleep 4',
  ])
  await sleep(500)
  stop()
  expect(bytes).toBeGreaterThan(0)
  expect(bytes).toBeLessThan(12_000_000)
  const server = `ten-${here.instance}-${event}-ada-server`
  await expect.poll(() => processes(server), { timeout: 10_000 }).not.toContain('tail -n')
}, 60_000)
