import { describe, expect, test, vi } from 'vitest'
import { machineAddresses } from '../../containers/addresses.ts'
import type { MailEvent } from '../../containers/internet/api.ts'
import { MailLog } from '../../containers/internet/mail-log.ts'
import type { Lab, Labs } from '../../containers/types.ts'
import type { MapPlace } from '../../site/protocol.ts'
import { EventMail, type Kept } from '../../site/server/map/event-mail.ts'
import { OwnLog } from '../../site/server/map/own-log.ts'
import { visible } from '../../site/server/map/sockets.ts'
import { ownLayout, roomLayout } from '../../site/src/elements/map/layout.ts'

const lab = (participant: string, slot: number) =>
  ({
    participant,
    domain: `${participant}.test`,
    seed: `seed ${slot}`,
    address: machineAddresses(3, slot),
  }) as Lab
const ada = lab('ada', 0)
const bob = lab('bob', 1)

/** An event's mail on a log of its own, and what a reader of each map is told. */
async function event() {
  const log = new MailLog()
  const follows: number[] = []
  let open = 0
  const labs: Pick<Labs, 'follow' | 'inhabitants' | 'internet'> = {
    follow(_, since, onEvent) {
      const stream = log.follow(since)
      follows.push(since)
      open++
      stream.on('data', (line: string) => onEvent(JSON.parse(line) as MailEvent))
      return () => {
        open--
        stream.destroy()
      }
    },
    inhabitants: async () => ({
      labs: [ada, bob],
      internet: [{ place: 'grosmail', ipv4: '198.18.12.4', ipv6: '2001:db8:3::4' }],
    }),
    internet: async <T>() => ({ ready: true, services: { grosmail: { up: true } } }) as T,
  }
  const mail = new EventMail(labs, 'e')
  const reader = (view: 'own' | 'room', own: string) => {
    const told: Kept[] = []
    const leave = mail.watch({
      sees: kept => visible(kept, view, own),
      places: () => {},
      mail: all => told.push(...all),
    })
    return { told, leave, ways: () => told.map(({ mail }) => `${mail.from} ${mail.to} ${mail.fate}`) }
  }
  await mail.changed()
  const happens = (from: string, to: string, more: Partial<MailEvent> = {}) =>
    log.add({
      from,
      to,
      envelope: { from: '', to: [] },
      size: 0,
      fate: 'inbox',
      code: 250,
      reply: '250',
      tls: false,
      reasons: [],
      transcript: '',
      ...more,
    })
  return { mail, reader, happens, follows, open: () => open }
}

const said = (way: 'out' | 'in' | 'stuck', peer: string | null, recipient: string) => ({
  at: Date.now(),
  way,
  peer,
  sender: 'x@ada.test',
  recipient,
  size: 1,
  fate: 'inbox' as const,
  code: 250,
  reply: '250',
})

describe('the mail of an event', () => {
  test('comes over one stream, however many look, and over none when nobody does', async () => {
    const { reader, happens, open, follows } = await event()
    expect(open()).toBe(0)
    const readers = Array.from({ length: 50 }, () => reader('room', 'ada.test'))
    await expect.poll(open).toBe(1)
    const last = happens('grosmail.test', 'ada.test')
    await expect.poll(() => readers.every(({ told }) => told.length === 1)).toBe(true)
    for (const { leave } of readers) leave()
    expect(open()).toBe(0)
    reader('own', 'ada.test')
    await expect.poll(open).toBe(1)
    expect(follows).toEqual([0, last.id])
  })

  test('names machines by their addresses, in both families, and what is nobody’s elsewhere', async () => {
    const { reader, happens } = await event()
    const room = reader('room', 'ada.test')
    await vi.waitFor(() => happens('198.18.12.16', 'grosmail.test'), 10_000)
    happens('2001:DB8:3:0::12', 'mx.grosmail.test')
    happens('grosmail.test', 'nowhere.test', { fate: 'refused' })
    happens('__proto__', 'constructor')
    await expect
      .poll(room.ways)
      .toEqual([
        'ada.test grosmail.test inbox',
        'bob.test grosmail.test inbox',
        'grosmail.test elsewhere refused',
        'elsewhere elsewhere inbox',
      ])
  })

  test('is one’s own on one’s own map, and tells its subject to nobody else', async () => {
    const { mail, reader, happens } = await event()
    const [mine, room] = [reader('own', 'ada.test'), reader('room', 'ada.test')]
    happens('grosmail.test', 'bob.test', { subject: 'For Bob' })
    happens('grosmail.test', 'ada.test', { subject: 'For Ada' })
    await expect.poll(room.ways).toHaveLength(2)
    expect(mine.ways()).toEqual(['grosmail.test ada.test inbox'])
    const [kept] = mine.told
    expect(kept && mail.history(kept, 'en', true).subject).toBe('For Ada')
    expect(kept && mail.history(kept, 'en', false)).not.toHaveProperty('subject')
  })

  test('is told once: by the provider where there is one, by the sender’s log between two servers', async () => {
    const { mail, reader } = await event()
    const [adas, bobs, room] = [
      reader('own', 'ada.test'),
      reader('own', 'bob.test'),
      reader('room', 'ada.test'),
    ]
    mail.say('ada.test', 'to grosmail', said('out', '198.18.12.4', 'p@grosmail.test'))
    mail.say('ada.test', 'from grosmail', said('in', '198.18.12.4', 'p@ada.test'))
    mail.say('ada.test', 'a check', said('in', '198.18.12.2', 'p@ada.test'))
    mail.say('ada.test', 'to bob', said('out', '198.18.12.18', 'p@bob.test'))
    mail.say('ada.test', 'to bob', said('out', '198.18.12.18', 'p@bob.test'))
    mail.say('bob.test', 'from ada', said('in', '198.18.12.16', 'p@bob.test'))
    mail.say('ada.test', 'nobody reached', { ...said('out', null, 'p@grosmail.test'), fate: 'deferred' })
    await expect.poll(adas.ways).toEqual(['ada.test bob.test inbox', 'ada.test grosmail.test deferred'])
    expect(bobs.ways()).toEqual(['ada.test bob.test inbox'])
    expect(room.ways()).toEqual(['ada.test bob.test inbox', 'ada.test grosmail.test deferred'])
  })

  test('keeps the last five hundred, cut to size', async () => {
    const { mail, reader, happens } = await event()
    const room = reader('room', 'ada.test')
    await vi.waitFor(() => happens('grosmail.test', 'ada.test', { transcript: 'x'.repeat(1_000_000) }))
    await expect.poll(() => room.told.length).toBe(1)
    expect(room.told[0]?.event.transcript.length).toBeLessThan(17_000)
    for (let i = 0; i < 800; i++) happens('grosmail.test', 'bob.test')
    const watcher = { sees: () => true, places: () => {}, mail: () => {} }
    await expect.poll(() => mail.past(watcher).length).toBe(500)
  })
})

test('a log is read while a page looks and a lab is open, and not else; one that floods says a bounded number', async () => {
  const tails: { on(line: string): void; ended: boolean }[] = []
  const lines: string[] = []
  const log = new OwnLog(
    {
      tail(_lab, _machine, _file, _past, onLine) {
        const tail = { on: onLine, ended: false }
        tails.push(tail)
        return () => {
          tail.ended = true
        }
      },
    },
    (_, line) => lines.push(line),
  )
  const leave = [log.read(), log.read()]
  expect(tails).toHaveLength(0)
  log.lab = ada
  log.lab = ada
  expect(tails).toHaveLength(1)
  const now = new Date().toISOString()
  for (let i = 0; i < 5000; i++)
    tails[0]?.on(
      `${now} mail postfix/smtp[1]: 4F1B22081A: to=<b@bob.test>, relay=none, delay=1, dsn=4.4.1, status=deferred (no ${i})`,
    )
  expect(lines.length).toBeGreaterThan(0)
  expect(lines.length).toBeLessThanOrEqual(100)
  log.lab = bob
  expect(tails.map(({ ended }) => ended)).toEqual([true, false])
  leave[0]?.()
  leave[0]?.()
  expect(tails[1]?.ended).toBe(false)
  leave[1]?.()
  expect(tails[1]?.ended).toBe(true)
})

describe('places on the map', () => {
  const servers = (n: number): MapPlace[] =>
    Array.from({ length: n }, (_, i) => ({ id: `s${i}.test`, kind: 'server' }))
  const posts: MapPlace[] = ['a', 'b', 'c', 'd'].map(name => ({ id: `${name}.test`, kind: 'provider' }))

  test.each([1, 7, 40, 100, 200, 500])(
    'of %i servers are all inside the picture, each at a spot of its own',
    n => {
      const size = { width: 1480, height: 960 }
      const spots = roomLayout([...posts, ...servers(n)], size)
      expect(spots).toHaveLength(n + 4)
      expect(new Set(spots.map(({ x, y }) => `${x.toFixed()} ${y.toFixed()}`)).size).toBe(n + 4)
      for (const { x, y } of spots) {
        expect(x).toBeGreaterThan(30)
        expect(x).toBeLessThan(size.width - 30)
        expect(y).toBeGreaterThan(20)
        expect(y).toBeLessThan(size.height - 30)
      }
    },
  )

  test('stay where they are when one more server comes', () => {
    const size = { width: 1480, height: 960 }
    const before = roomLayout([...posts, ...servers(90)], size)
    expect(roomLayout([...posts, ...servers(91)], size).slice(0, -1)).toEqual(before)
  })

  test('stand around one’s own, which is in the middle', () => {
    const [own, ...others] = ownLayout([...posts, ...servers(1)], 's0.test', { width: 400, height: 300 })
    expect(own).toMatchObject({ x: 200, y: 150, place: { id: 's0.test' } })
    expect(others.map(({ place }) => place.id)).toEqual(posts.map(({ id }) => id))
  })
})
