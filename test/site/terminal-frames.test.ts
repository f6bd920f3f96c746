import { expect, test } from 'vitest'
import { BadFrame, FrameReader } from '../../site/server/terminal/frames.ts'
import { readMessage, readWish } from '../../site/server/terminal/wish.ts'

/** Reads chunks and writes down what came, output joined. */
function read(...chunks: Buffer[]): unknown[] {
  const seen: unknown[] = []
  const note =
    (name: string) =>
    (...values: unknown[]) =>
      seen.push([name, ...values])
  const reader = new FrameReader({
    at: note('at'),
    data: bytes => seen.push(['data', bytes.toString()]),
    got: note('got'),
    size: note('size'),
    exit: note('exit'),
    refused: note('refused'),
  })
  for (const chunk of chunks) reader.push(chunk)
  return seen
}

const frame = (type: number, ...payload: number[]) => Buffer.from([type, 0, 0, 0, payload.length, ...payload])
const at = (shell: string, modes: string, fresh = 0) =>
  frame(
    65,
    ...Array(16).fill(0),
    fresh,
    0,
    shell.length,
    ...Buffer.from(shell),
    0,
    modes.length,
    ...Buffer.from(modes),
  )

test('frames are read whole however they are cut', () => {
  const bytes = Buffer.concat([
    at('a.b.1', '\x1b[?1049h', 1),
    frame(66, 104, 105),
    frame(68, 0, 80, 0, 24),
    frame(69, 0, 7),
  ])
  const whole = read(bytes)
  expect(whole).toEqual([
    ['at', { seq: 0, shown: 0, fresh: 'new', shell: 'a.b.1', modes: '\x1b[?1049h' }],
    ['data', 'hi'],
    ['size', 80, 24],
    ['exit', 7],
  ])
  const cut = read(...[...bytes].map(byte => Buffer.from([byte])))
  expect(cut.filter(one => (one as string[])[0] !== 'data')).toEqual(
    whole.filter(one => (one as string[])[0] !== 'data'),
  )
})

test('output is passed on before its frame is complete', () => {
  expect(read(Buffer.from([66, 0, 0, 0, 9, 111, 107]))).toEqual([['data', 'ok']])
})

test.each([
  ['an unknown type', frame(7, 1)],
  ['a frame of the other direction', frame(2, 1, 2, 3)],
  ['a control frame without end', Buffer.from([65, 0, 1, 0, 0])],
  ['AT cut short', frame(65, 0, 0)],
  ['AT without a shell', at('', '')],
  ['AT with a shell that is markup', at('<b>', '')],
  ['AT with an unknown reason', at('a', '', 9)],
  ['modes that are more than modes', at('a', '\x1b]0;title\x07')],
  ['a text longer than its frame', frame(70, 0, 9, 1)],
  ['GOT without a number', frame(67, 1)],
  ['a number that JavaScript can’t count to', frame(67, 255, 255, 255, 255, 255, 255, 255, 255)],
  ['EXIT without a code', frame(69)],
])('%s is refused', (_name, bytes) => {
  expect(() => read(bytes)).toThrow(BadFrame)
})

test('what a page wishes is taken only as our page writes it', () => {
  expect(readWish('/api/terminals/server/1?from=5&shell=a.b.1&cols=100&rows=30&writer=w1')).toEqual({
    from: 5,
    shell: 'a.b.1',
    cols: 100,
    rows: 30,
    writer: 'w1',
  })
  expect(readWish('/x?writer=w&from=-1&cols=99999&shell=%3Cb%3E')).toEqual({
    from: 0,
    shell: '',
    cols: 80,
    rows: 24,
    writer: 'w',
  })
  expect(readWish('/x')).toBeNull()
  expect(readWish('/x?writer=a/b')).toBeNull()
})

test.each([
  '',
  'null',
  '[]',
  '{}',
  '{"type":"ack"}',
  '{"type":"ack","seq":-1}',
  '{"type":"resize","cols":1,"rows":1}',
  '{"type":"close","more":1}',
])('a page that says %j says nothing', text => {
  expect(readMessage(text)).toBeNull()
})
