import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { encode } from '../../site/server/terminal/frames.ts'
import { Holder, processes, until } from './holder-client.ts'

test('one holder keeps all terminals of a machine', async () => {
  await using holder = new Holder()
  const [one, two] = await Promise.all([holder.open({ terminal: '1' }), holder.open({ terminal: '2' })])
  expect(one.at?.fresh).toBe('new')
  expect(two.at?.fresh).toBe('new')
  expect(one.at?.shell).not.toBe(two.at?.shell)
  // A shell that is being started still looks like its parent.
  await until(() => holder.pids().length === 1, 'one holder')
})

test('a shell outlives its attachment, and the output goes on where it was', async () => {
  await using holder = new Holder()
  const before = await holder.open()
  before.type('for i in $(seq 1 2000); do echo line $i; done; echo EN""D; sleep 0.2; echo la""ter\n')
  await before.prints('line 100\r')
  await before.kill()
  const { shell } = before.at ?? { shell: '' }
  const after = await holder.open({ shell, from: before.seq })
  expect(after.at).toMatchObject({ seq: before.seq, shell, fresh: null })
  await after.prints('later')
  const all = before.text + after.text
  expect(all.match(/line \d+\r\n/g)).toEqual(Array.from({ length: 2000 }, (_, i) => `line ${i + 1}\r\n`))
})

test('a page that remembers nothing gets the whole screen back', async () => {
  await using holder = new Holder()
  const before = await holder.open()
  before.type('echo remem""bered\n')
  await before.prints('remembered\r')
  await until(() => before.got === 18, 'GOT')
  await before.kill()
  const after = await holder.open({ writer: 'another page' })
  await after.prints('remembered\r')
  expect(after.at).toMatchObject({ seq: 0, fresh: null, shown: before.seq })
})

test('no more than the window is sent beyond what was acknowledged', async () => {
  await using holder = new Holder()
  const viewer = await holder.open({ window: 65_536 })
  viewer.acks = false
  viewer.type('yes\n')
  await until(() => viewer.owed === 65_536, 'a full window')
  await new Promise(done => setTimeout(done, 300))
  expect(viewer.owed).toBe(65_536)
  viewer.ack()
  await until(() => viewer.owed === 65_536, 'the next window')
  viewer.type('\x03')
  viewer.acks = true
  viewer.ack()
  await viewer.prints('^C')
})

test('a program does not wait for a viewer that is gone', async () => {
  await using holder = new Holder()
  const file = join(holder.folder, 'done')
  const viewer = await holder.open()
  viewer.acks = false
  viewer.type(`head -c 3000000 /dev/zero | tr '\\0' 'a' | fold; touch ${file}\n`)
  await until(() => viewer.owed === 65_536, 'a full window')
  expect(existsSync(file)).toBe(false)
  await viewer.kill()
  await until(() => existsSync(file), 'the program is through')
})

test('what fell out of the ring is told as a gap, with the modes in force', async () => {
  await using holder = new Holder()
  const before = await holder.open()
  before.type("printf '\\e[?1049h\\e[?2004h'; seq 1 200000; echo EN''D\n")
  await before.prints('END')
  const { shell } = before.at ?? { shell: '' }
  const after = await holder.open({ shell, from: 10 })
  expect(after.at).toMatchObject({ fresh: 'replay-gap', modes: '\x1b[?1049h\x1b[?2004h' })
  await after.prints('END')
  expect(after.output.length).toBeGreaterThan(200_000)
  // From the beginning of a line.
  expect(after.text).toMatch(/^\d+\r\n/)
})

test('input that is sent again is not typed again', async () => {
  await using holder = new Holder()
  const viewer = await holder.open()
  const bytes = Buffer.from('echo a""b\n')
  viewer.send(encode.input(0, bytes))
  viewer.send(encode.input(0, bytes))
  viewer.send(encode.input(4, bytes.subarray(4)))
  // A hole: these bytes have not come yet, so nothing after them is taken.
  viewer.send(encode.input(500, bytes))
  viewer.send(encode.input(bytes.length, Buffer.from('echo EN""D\n')))
  await viewer.prints('END\r')
  expect(viewer.text.match(/^ab\r$/gm)).toHaveLength(1)
  await until(() => viewer.got === 21, 'GOT')
  await viewer.kill()
  const { shell } = viewer.at ?? { shell: '' }
  const after = await holder.open({ shell, from: viewer.seq })
  expect(after.got).toBe(21)
})

test('a terminal closed for good leaves no process behind', async () => {
  await using holder = new Holder()
  const mark = `9${process.pid}`
  const viewer = await holder.open()
  viewer.type(
    `sleep ${mark}1 & nohup sleep ${mark}2 & (trap '' HUP TERM; sleep ${mark}3; sleep ${mark}3) &\n`,
  )
  viewer.type(`setsid --wait sleep ${mark}4\n`)
  await until(() => processes(mark).length >= 5, 'all of them run')
  viewer.send(encode.close())
  await until(() => viewer.exit !== undefined, 'EXIT')
  expect(processes(`sleep\0${mark}`)).toEqual([])
  const next = await holder.open({ shell: viewer.at?.shell ?? '' })
  expect(next.at?.fresh).toBe('shell-ended')
})

test('the end of a shell is told with its code, after all of its output, also to who comes later', async () => {
  await using holder = new Holder()
  const viewer = await holder.open()
  viewer.type('seq 1 30000; exit 7\n')
  await until(() => viewer.exit !== undefined, 'EXIT')
  expect(viewer.exit).toBe(7)
  expect(viewer.text).toMatch(/30000\r\n.*exit\r\n$/s)
  const { shell } = viewer.at ?? { shell: '' }
  const same = await holder.open({ shell, from: viewer.seq })
  await until(() => same.exit !== undefined, 'EXIT')
  const other = await holder.open({ shell: '' })
  expect(other.at?.fresh).toBe('new')
})

test('a shell of another start of the machine is told as such', async () => {
  await using holder = new Holder()
  const viewer = await holder.open({ shell: 'deadbeef1.0.1' })
  expect(viewer.at?.fresh).toBe('machine-restarted')
})

test('several see the same shell; its size is that of the last one who typed', async () => {
  await using holder = new Holder()
  const one = await holder.open({ cols: 100, rows: 30 })
  const two = await holder.open({ cols: 60, rows: 20, shell: one.at?.shell ?? '', writer: 'two' })
  await until(() => one.size?.[0] === 60, 'the size of the newcomer')
  one.type('stty size; echo EN""D\n')
  await two.prints('END')
  expect(two.text).toContain('30 100\r')
  expect(two.size).toEqual([100, 30])
})

test('who may only look neither types nor resizes nor closes', async () => {
  await using holder = new Holder()
  const owner = await holder.open()
  const guest = await holder.open({ shell: owner.at?.shell ?? '', readOnly: true, writer: 'guest', cols: 20 })
  guest.type('echo by a gue""st\n')
  guest.send(encode.resize(10, 10))
  guest.send(encode.close())
  owner.type('stty size; echo EN""D\n')
  await guest.prints('END')
  expect(guest.text).not.toContain('by a guest')
  expect(guest.text).toContain('24 80\r')
})

test.each([
  ['nonsense', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['an endless frame', Buffer.from([2, 255, 255, 255, 255])],
  ['input before OPEN', encode.input(0, Buffer.from('x'))],
  ['OPEN cut short', Buffer.from([1, 0, 0, 0, 3, 1, 0, 0])],
  [
    'a text longer than its frame',
    Buffer.concat([Buffer.from([1, 0, 0, 0, 20, 1]), Buffer.alloc(17), Buffer.from([9, 9])]),
  ],
])('%s costs the attachment, not the holder', async (_name, bytes) => {
  await using holder = new Holder()
  const good = await holder.open()
  const bad = holder.attach()
  bad.send(bytes)
  await until(() => bad.over, 'let go')
  good.type('echo sti""ll\n')
  await good.prints('still')
})

test('random bytes never end the holder', async () => {
  await using holder = new Holder()
  const good = await holder.open()
  let seed = 42
  const random = () => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    return (seed >> 16) & 255
  }
  for (let round = 0; round < 20; round++) {
    const bad = await holder.open({ terminal: '2' })
    const bytes = Buffer.from(Array.from({ length: 40 }, random))
    bytes[0] = 1 + ((bytes[0] as number) % 5)
    bytes.writeUInt32BE(round + 1, 1)
    bad.send(bytes)
    bad.process.stdin?.end()
    await until(() => bad.over, 'let go')
  }
  good.type('echo sti""ll\n')
  await good.prints('still')
  expect(holder.pids()).toHaveLength(1)
})

test('what cannot be started is refused with a word', async () => {
  await using holder = new Holder()
  const viewer = await holder.open({ user: 'nobody-of-this-name' })
  expect(viewer.refused).toBe('spawn')
})

test('the holder lets no descriptor leak to the shell', async () => {
  await using holder = new Holder()
  const viewer = await holder.open()
  viewer.type('ls -l /proc/$$/fd | wc -l; echo EN""D\n')
  await viewer.prints('END\r')
  // Standard input, output, error, bash's own 255, and the line «total».
  expect(viewer.text).toMatch(/^5\r$/m)
})

test('what is kept of an idle shell is compressed, and comes back as it was', async () => {
  await using holder = new Holder()
  const viewer = await holder.open()
  viewer.type('seq -f "%.0f of many lines of text" 1 7000; echo EN""D\n')
  await viewer.prints('END\r')
  // Compression begins after two seconds of silence.
  await new Promise(done => setTimeout(done, 3000))
  const { shell } = viewer.at ?? { shell: '' }
  const after = await holder.open({ shell, from: 0, writer: 'another' })
  await until(() => after.output.length === viewer.output.length, 'all of it')
  expect(after.text).toBe(viewer.text)
  after.type('seq 1 60000; echo MO""RE\n')
  await after.prints('MORE\r')
  expect(after.text).toContain('59999\r\n60000\r\nMORE')
})

test('an idle holder takes little memory', async () => {
  await using holder = new Holder()
  await holder.open()
  await until(() => holder.pids().length === 1, 'one holder')
  const [pid] = holder.pids()
  const anonymous = /Anonymous: +(\d+) kB/.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  expect(Number(anonymous)).toBeLessThan(6000)
})
