import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createLabs } from '../../containers/lab.ts'
import { MachineSockets } from '../../containers/machine-sockets.ts'
import { ATTACH } from '../../site/server/terminal/shells.ts'
import { ground, plain } from '../fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'ten-steps-sockets-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe("a machine's socket", () => {
  const sockets = new MachineSockets(folder)
  afterAll(() => sockets.remove('m'))

  /** Connects as a process in the machine would, and says the word. */
  async function caller(word: string): Promise<Socket> {
    const socket = connect(join(sockets.mount('m')?.Source ?? '', 's'))
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.write(word)
    return socket
  }

  async function awaited() {
    const found = await sockets.expect('m')
    if (!found) throw new Error('nobody listens')
    return found
  }

  it('lies in a folder that only we enter', async () => {
    await awaited()
    expect(statSync(sockets.mount('m')?.Source ?? '').mode & 0o777).toBe(0o700)
  })

  it('joins who says the word, and keeps what came behind it', async () => {
    const { argv, socket } = await awaited()
    const theirs = await caller(`${argv[1]}hello`)
    const ours = await socket
    const [heard] = await once(ours, 'data')
    expect(heard.toString()).toBe('hello')
    ours.write('there')
    const [answer] = await once(theirs, 'data')
    expect(answer.toString()).toBe('there')
    ours.destroy()
  })

  it('takes a word once, and no other word', async () => {
    const { argv, socket } = await awaited()
    for (const word of ['0'.repeat(32), argv[1].slice(0, 31).concat('x')])
      await once(await caller(word), 'close')
    await caller(argv[1])
    const ours = await socket
    await once(await caller(argv[1]), 'close')
    ours.destroy()
  })

  it('forgets a word that nobody waits for any more', async () => {
    const { argv, forget } = await awaited()
    forget()
    await once(await caller(argv[1]), 'close')
  })

  it('is not held by a hundred who connect and say nothing', async () => {
    const silent = await Promise.all(Array.from({ length: 100 }, () => caller('')))
    const { argv, socket } = await awaited()
    await caller(argv[1])
    const ours = await socket
    expect(silent.filter(one => !one.closed).length).toBeLessThanOrEqual(8)
    ours.destroy()
    for (const one of silent) one.destroy()
  })

  it('is not there where its path would be too long', () => {
    expect(new MachineSockets(join(folder, 'x'.repeat(100))).mount('m')).toBeNull()
  })
})

it('on a real machine: terminals use it where it is mounted, and the engine’s stream where it is not', async () => {
  await using place = await ground({ sockets: folder })
  const who = { event: place.event(), participant: 'you' }
  const lab = await place.labs.open(who, plain)
  const joined = await place.labs.attach(lab, 'server', ATTACH)
  expect(joined).toBeInstanceOf(Socket)
  joined.destroy()

  // Root of the machine can't use it to fill the host's disk.
  const { stderr } = await place.labs.exec(lab, 'server', ['touch', '/usr/local/lib/ten-steps/socket/x'])
  expect(stderr).toMatch(/Read-only file system/)

  // Another data folder than at the machine's creation: nothing listens at what is mounted.
  const { engine, images, instance } = place
  const other = createLabs({ engine, images, instance, sockets: join(folder, 'other') })
  const fallback = await other.attach(lab, 'desk', ATTACH)
  expect(fallback).not.toBeInstanceOf(Socket)
  expect(fallback.destroyed).toBe(false)
  fallback.destroy()

  const mounted = new MachineSockets(folder).mount(`ten-${instance}-${who.event}-you-server`)?.Source ?? ''
  expect(existsSync(join(mounted, 's'))).toBe(true)
  await place.labs.close(who)
  expect(existsSync(mounted)).toBe(false)
}, 120_000)
