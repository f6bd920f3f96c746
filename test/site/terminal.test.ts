import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { WebSocket as Socket } from 'ws'
import { LabError } from '../../containers/types.ts'
import { Holder, processes, until } from '../containers/holder-client.ts'
import { Ground, Page, pipeTo } from './terminal-ground.ts'

test('a page types and sees what the shell prints', async () => {
  await using holder = new Holder()
  await using ground = await new Ground(pipeTo(holder)).start()
  using page = new Page(ground)
  page.type('stty size; echo he""llo $LANG $TERM\n')
  await page.prints('hello')
  expect(page.text).toContain('24 80\r')
  expect(page.text).toMatch(/hello (en_US|C)\.UTF-8 xterm-256color/)
  expect(page.joins).toEqual([['new', true]])
})

test('a restart of the server in the middle of typing returns to the same shell, and nothing is typed twice or lost', async () => {
  await using holder = new Holder()
  await using ground = await new Ground(pipeTo(holder)).start()
  using page = new Page(ground)
  page.type('stty raw -echo; echo go""ing; head -c 2590; echo pi""d $$\n')
  await page.prints('going')
  const typed = Array.from({ length: 300 }, (_, i) => `line ${i}\n`)
  for (const [i, line] of typed.entries()) {
    page.type(line)
    if (i === 100) await ground.stop()
    if (i === 200) await ground.start()
    if (i % 10 === 0) await new Promise(done => setTimeout(done, 1))
  }
  await page.prints('pid ')
  expect(page.text).toContain(`going\n${typed.join('')}pid`)
  expect(page.joins).toEqual([
    ['new', true],
    [null, false],
  ])
})

test('after a reload the page has the same shell with its screen', async () => {
  await using holder = new Holder()
  await using ground = await new Ground(pipeTo(holder)).start()
  const before = new Page(ground)
  before.type('me=ow""n; echo wri""tten\n')
  await before.prints('written\r')
  before.line.leave()
  using after = new Page(ground, before.line.shell)
  await after.prints('written\r')
  after.type('echo still $me\n')
  await after.prints('still own')
  expect(after.joins).toEqual([[null, false]])
})

test('the end of a shell is told with its code; the next is another', async () => {
  await using holder = new Holder()
  await using ground = await new Ground(pipeTo(holder)).start()
  using page = new Page(ground)
  page.type('exit 3\n')
  await until(() => page.line.state.state === 'ended', 'ended')
  expect(page.line.state).toEqual({ state: 'ended', code: 3 })
  const { shell } = page.line
  page.line.anew()
  await until(() => page.line.state.state === 'open', 'open')
  expect(page.line.shell).not.toBe(shell)
})

test('closing a terminal ends its shell and what runs in it', async () => {
  await using holder = new Holder()
  await using ground = await new Ground(pipeTo(holder)).start()
  using page = new Page(ground)
  const mark = `7${process.pid}`
  page.type(`sleep ${mark}\n`)
  await until(() => processes(`sleep\0${mark}`).length === 1, 'it runs')
  await page.line.close()
  expect(processes(`sleep\0${mark}`)).toEqual([])
  expect(page.line.state.state).toBe('closed')
})

test('while the lab is closed the page is told so in the reader’s language, and keeps trying', async () => {
  await using holder = new Holder()
  let open = false
  await using ground = await new Ground(pipeTo(holder), { lang: 'fr' }).start()
  const { lab } = ground.context
  ground.context.lab = () => (open ? lab() : null)
  using page = new Page(ground)
  expect(await page.told()).toBe('Le labo n’est pas encore ouvert.')
  open = true
  await until(() => page.line.state.state === 'open', 'open')
})

test.each(['unreachable', 'gone', 'full', 'slow', 'refused'] as const)(
  'an engine that is %s is told in words',
  async code => {
    const fail = async () => {
      throw new LabError(code, 'as the engine said it')
    }
    await using ground = await new Ground(fail).start()
    using page = new Page(ground)
    const message = await page.told()
    expect(message).toMatch(/\.$/)
    expect(message).not.toContain('as the engine said it')
    expect(ground.gone.length).toBeGreaterThan(0)
  },
)

test('a machine whose holder is missing is told as such', async () => {
  const ends = async () =>
    new Duplex({
      read() {
        this.push(null)
      },
      write: (_chunk, _encoding, done) => done(),
    })
  await using ground = await new Ground(ends).start()
  using page = new Page(ground)
  expect(await page.told()).toMatch(/The machine does not answer as it should/)
})

/** A holder as the learner, who is root there, might have changed it: sends `first`, then `then` without end. */
function forged(
  first: Buffer,
  then: Buffer,
  sent: (bytes: number) => void = () => {},
): () => Promise<Duplex> {
  return async () => {
    let begun = false
    return new Duplex({
      read() {
        const chunk = begun ? then : first
        begun = true
        sent(chunk.length)
        // As from a socket, in a turn of its own.
        setImmediate(() => this.push(chunk))
      },
      write: (_chunk, _encoding, done) => done(),
    })
  }
}

test('a forged holder that talks nonsense costs its own terminal alone', async () => {
  await using ground = await new Ground(
    forged(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), Buffer.alloc(1000)),
  ).start()
  using page = new Page(ground)
  expect(await page.told()).toMatch(/starting again from scratch mends it/)
})

test('a forged holder that sends without end does not fill the server’s memory', async () => {
  const at = Buffer.from([65, 0, 0, 0, 22, ...Array(16).fill(0), 1, 0, 1, 97, 0, 0])
  const flood = Buffer.concat([Buffer.from([66, 0, 1, 0, 0]), Buffer.alloc(65_536, 'x')])
  let read = 0
  const pipe = forged(at, flood, bytes => {
    read += bytes
  })
  await using ground = await new Ground(pipe).start()
  const socket = new Socket(ground.url())
  await new Promise(done => socket.once('open', done))
  socket.pause()
  let last = -1
  await until(() => {
    const still = read === last
    last = read
    return still && read > 0
  }, 'reading stops')
  await new Promise(done => setTimeout(done, 300))
  // What the kernel takes for a loopback socket and one mebibyte of ours.
  expect(read).toBeLessThan(16 * 1024 * 1024)
  socket.terminate()
})

test.each([
  ['text that is no message', 'hello'],
  ['an acknowledgement of nothing', '{"type":"ack"}'],
  ['a long text', `{"type":"ack","seq":1${' '.repeat(5000)}}`],
  ['input without its number', Buffer.from([1, 2, 3])],
  ['input with an impossible number', Buffer.from([255, 255, 255, 255, 255, 255, 255, 255, 1])],
  ['input beyond one frame', Buffer.alloc(40_000)],
])('a page that sends %s is let go, with words', async (_name, message) => {
  await using holder = new Holder()
  await using ground = await new Ground(pipeTo(holder)).start()
  const socket = new Socket(ground.url())
  const heard: string[] = []
  socket.on('message', (data, binary) => !binary && heard.push(data.toString()))
  await until(() => heard.some(text => text.includes('"at"')), 'AT')
  socket.send(message)
  await until(() => socket.readyState === Socket.CLOSED, 'closed')
  expect(heard.at(-1)).toContain('bad-message')
})

test('a frame larger than any of ours ends the socket, not the server', async () => {
  await using holder = new Holder()
  await using ground = await new Ground(pipeTo(holder)).start()
  const socket = new Socket(ground.url())
  socket.on('error', () => {})
  await new Promise(done => socket.once('open', done))
  socket.send(Buffer.alloc(1_000_000))
  await until(() => socket.readyState === Socket.CLOSED, 'closed')
  using page = new Page(ground)
  await until(() => page.line.state.state === 'open', 'open')
})

test('a page that is gone without a word is noticed', async () => {
  await using holder = new Holder()
  await using ground = await new Ground(pipeTo(holder)).start({ pingMs: 50 })
  const socket = new Socket(ground.url(), { autoPong: false })
  await new Promise(done => socket.once('open', done))
  await until(() => socket.readyState === Socket.CLOSED, 'closed')
})
