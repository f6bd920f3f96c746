import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Verdict } from '../../containers/internet/api.ts'
import { boxName, homeOf, openDelivery } from '../../containers/internet/mailboxes/deliver.ts'
import { BOX_LIMITS, sweep, trim } from '../../containers/internet/mailboxes/limits.ts'
import { change, files, put } from '../../containers/internet/mailboxes/maildir.ts'
import { openPeople } from '../../containers/internet/mailboxes/people.ts'
import { detail, summaries } from '../../containers/internet/mailboxes/read.ts'
import { grosmail } from '../../containers/internet/providers/grosmail.ts'

let root: string
let home: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ten-steps-test-'))
  home = homeOf(root, 'grosmail.test', 'ada')
})
afterEach(() => rm(root, { recursive: true }))

const text = (subject: string, size = 10) => Buffer.from(`Subject: ${subject}\r\n\r\n${'x'.repeat(size)}\r\n`)
const envelope = (...to: string[]) => ({
  from: 'zoe@you.test',
  to,
  remoteAddress: '198.18.0.16',
  helo: 'mail.you.test',
  tls: true,
})
const verdict: Verdict = {
  fate: 'spam',
  reasons: [{ rule: 'no-ptr', text: { en: 'no name', fr: 'pas de nom' } }],
  transcript: 'C: EHLO mail.you.test',
}

describe('a delivery', () => {
  it('reaches each recipient who has a mailbox once, with what the provider thought', async () => {
    const people = await openPeople(root)
    await people.put('ada')
    const seen: string[] = []
    const deliver = openDelivery(root, people, (_, name) => seen.push(name))
    const to = ['ada@grosmail.test', 'ADA+x@grosmail.test', 'bob@grosmail.test', 'ada@other.test']
    await deliver(grosmail, envelope(...to), text('hello'), verdict)
    expect(seen).toEqual(['ada', 'bob'])
    const [file, ...others] = await files(home)
    expect(others).toEqual([])
    if (!file) throw new Error('nothing was delivered')
    expect(file).toMatchObject({ folder: 'junk', flags: [] })
    expect((await stat(file.path)).mode & 0o777).toBe(0o660)
    expect(await summaries(home)).toMatchObject([{ subject: 'hello', verdict: { fate: 'spam' } }])
    const message = await detail(home, file)
    expect(message?.verdict).toEqual(verdict)
    expect(message?.envelope).toMatchObject({ helo: 'mail.you.test' })
  })

  it('writes no trace twice, and lets nothing of an envelope end a header', async () => {
    const people = await openPeople(root)
    await people.put('ada')
    const deliver = openDelivery(root, people, () => {})
    const traced = Buffer.from('Received: from x\r\n\tby mx.grosmail.test; now\r\nSubject: a\r\n\r\nb\r\n')
    await deliver(grosmail, { ...envelope('ada@grosmail.test'), from: 'a\r\nX: y@b' }, traced, verdict)
    const [file] = await files(home)
    const source = await readFile(file?.path ?? '', 'latin1')
    expect(source.match(/^Received:/gm)).toHaveLength(1)
    expect(source).toMatch(/^Return-Path: <a\?\?X:\?y@b>\r\n/)
  })

  it.each([
    ['Ada+list@GROSMAIL.test', 'ada'],
    ['ada@grosmail.test.evil.test', null],
    ['ada', null],
  ])('of %s is for %s', (recipient, name) => expect(boxName(recipient, 'grosmail.test')).toBe(name))

  it('of a message that claims the verdict of another shows none', async () => {
    await put(home, 'inbox', Buffer.from('X-Lab-Delivery: ../../people\r\nSubject: a\r\n\r\nb'))
    expect(await summaries(home)).toMatchObject([{ subject: 'a', verdict: null }])
  })
})

describe('what a step has put there', () => {
  it('is counted by its age, has its flags, and never grows too old', async () => {
    const at = Date.now() - 40 * 24 * 3600_000
    await put(home, 'inbox', text('new'), { at: at + 1000, flags: ['\\Seen', '\\Flagged'] })
    await put(home, 'inbox', text('old'), { at, flags: [] })
    await trim(home, { ...BOX_LIMITS, ageMs: -1000 })
    expect(await summaries(home)).toMatchObject([
      { subject: 'new', unread: false, flags: ['\\Flagged', '\\Seen'] },
      { subject: 'old', unread: true, flags: [] },
    ])
  })
})

describe('a mailbox', () => {
  it('keeps flags when a message moves', async () => {
    await put(home, 'inbox', text('a'))
    const [first] = await files(home)
    if (!first) throw new Error('nothing there')
    expect(await change(home, first, { seen: true })).toBe(true)
    expect(await change(home, first, { folder: 'junk' })).toBe(false)
    const [second] = await files(home)
    if (!second) throw new Error('nothing there')
    await change(home, second, { folder: 'junk' })
    expect(await files(home)).toMatchObject([{ id: first.id, folder: 'junk', flags: ['\\Seen'] }])
  })

  it('is no message for a file that is none, and shows a broken message by its source', async () => {
    await put(home, 'inbox', Buffer.alloc(300_000, 'A: b\r\n'))
    await writeFile(join(home, 'Maildir/new/notes.txt'), 'x')
    const [file, ...others] = await files(home)
    expect(others).toEqual([])
    const message = file && (await detail(home, file))
    expect(message?.source.length).toBeGreaterThan(1000)
    expect(message?.headers.length).toBeLessThanOrEqual(100)
  })

  it('loses its oldest messages when it is over its limits', async () => {
    for (const subject of ['a', 'b', 'c', 'd']) {
      await put(home, 'inbox', text(subject))
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    await trim(home, { ...BOX_LIMITS, messages: 2 })
    expect((await summaries(home)).map(({ subject }) => subject).sort()).toEqual(['c', 'd'])
    await trim(home, { ...BOX_LIMITS, ageMs: -1 })
    expect(await files(home)).toEqual([])
  })

  it('pays for the room of all when it is the largest', async () => {
    const small = homeOf(root, 'grosmail.test', 'bob')
    await put(small, 'inbox', text('small'))
    for (let i = 0; i < 5; i++) await put(home, 'inbox', text('big', 10_000))
    await sweep(root, { ...BOX_LIMITS, allBytes: 25_000 })
    expect(await files(home)).toHaveLength(2)
    expect(await files(small)).toHaveLength(1)
  })
})

describe('people', () => {
  it('are known again by the next run, with the same passwords, hashed for Dovecot', async () => {
    const first = await (await openPeople(root)).put('ada')
    const again = await openPeople(root)
    expect(await again.put('ada')).toEqual({ ...first, made: false })
    const passwd = await readFile(join(root, 'passwd'), 'utf8')
    expect(passwd).toMatch(/^ada@grosmail\.test:\{SSHA512\}[\w+/=]+::::::$/m)
    for (const { password } of first?.mailboxes ?? []) expect(passwd).not.toContain(password)
    expect((await stat(join(root, 'people.json'))).mode & 0o777).toBe(0o600)
    expect((await readdir(root)).sort()).toEqual(['passwd', 'people.json'])
    expect(await again.remove('ada')).toBe(true)
    expect(await readFile(join(root, 'passwd'), 'utf8')).toBe('')
  })

  it('are made once, however many ask at the same time', async () => {
    const people = await openPeople(root)
    const answers = await Promise.all(Array.from({ length: 5 }, () => people.put('ada')))
    expect(answers.filter(answer => answer?.made)).toHaveLength(1)
    expect(new Set(answers.map(answer => answer?.mailboxes[0]?.password)).size).toBe(1)
  })
})
