/** Streams without end out of containers: what happens to mail, and a file's lines. Both come back after a loss. */
import type { Duplex, Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from './docker.ts'
import type { MailEvent, NameChange } from './internet/api.ts'
import type { InternetLine } from './internet-line.ts'

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 10_000
/** A stream that lasted this long was healthy: the next retry starts fast again. */
const HEALTHY_MS = 5000
/** What a file's lines may bring a second; more waits at its source. */
const PACE = 512 * 1024
/** A line beyond this is let go: a log that its owner may write anything into must not fill our memory. */
const LONGEST_LINE = 256 * 1024

/** Each chunk, no more than `pace` bytes a second: what writes without end must not keep us busy. */
async function* paced(stream: Readable, pace: number): AsyncGenerator<Buffer> {
  let began = Date.now()
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    yield chunk
    size += chunk.length
    if (Date.now() - began > 1000) {
      began = Date.now()
      size = 0
    } else if (size > pace) await sleep(1000)
  }
}

/** Each whole line of a stream, without its end; those that are too long are left out. */
async function* lines(stream: AsyncIterable<Buffer>, longest: number): AsyncGenerator<string> {
  let rest: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      size += at - from
      if (size <= longest) yield Buffer.concat([...rest, chunk.subarray(from, at)]).toString()
      rest = []
      size = 0
      from = at + 1
    }
    size += chunk.length - from
    if (size <= longest) rest.push(chunk.subarray(from))
    else rest = []
  }
}

/** Runs `once` again and again, later each time that it ends at once, until it is told to stop. */
function forever(once: (signal: AbortSignal) => Promise<void>): () => void {
  const end = new AbortController()
  void (async () => {
    let delay = FIRST_RETRY_MS
    while (!end.signal.aborted) {
      const began = Date.now()
      // Whatever broke, trying again is all that can be done; whoever waits sees that nothing comes.
      await once(end.signal).catch(() => {})
      if (Date.now() - began > HEALTHY_MS) delay = FIRST_RETRY_MS
      await sleep(delay, undefined, { signal: end.signal }).catch(() => {})
      delay = Math.min(delay * 2, LONGEST_RETRY_MS)
    }
  })()
  return () => end.abort()
}

/** Destroys the stream, and with it the process behind it, at the signal. */
async function reading(stream: Duplex, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const stop = () => stream.destroy()
  stream.on('error', () => {})
  signal.addEventListener('abort', stop, { once: true })
  try {
    if (!signal.aborted) await work()
  } finally {
    signal.removeEventListener('abort', stop)
    stream.destroy()
  }
}

/** GET /mail of an event's control socket. */
export function followMail(
  line: () => Promise<InternetLine>,
  since: number,
  onEvent: (event: MailEvent) => void,
): () => void {
  let last = since
  return followJson<MailEvent>(line, {
    path: () => `/mail?since=${last}`,
    onLine(event) {
      last = event.id
      onEvent(event)
    },
  })
}

/** GET /changes of an event's control socket. `onBegin`: what changed before is not told. */
export function followNames(
  line: () => Promise<InternetLine>,
  onBegin: () => void,
  onChange: (change: NameChange) => void,
): () => void {
  return followJson<NameChange>(line, { path: () => '/changes', onBegin, onLine: onChange })
}

interface Followed<T> {
  /** Asked anew after each loss. */
  path(): string
  onBegin?(): void
  onLine(value: T): void
}

function followJson<T>(internet: () => Promise<InternetLine>, followed: Followed<T>): () => void {
  return forever(async signal => {
    const stream = await (await internet()).follow(followed.path())
    await reading(stream, signal, async () => {
      followed.onBegin?.()
      for await (const line of lines(stream, LONGEST_LINE)) {
        if (signal.aborted) return
        followed.onLine(JSON.parse(line) as T)
      }
    })
  })
}

/**
 * `tail -F` that ends when we do: its standard input is ours, and tail looks after the process that waits for the end
 * of it. What the file is does not matter: it may not be there yet, and be rotated.
 */
const TAIL = 'tail -n "$2" -F --pid=$$ -- "$1" 2>/dev/null & exec cat >/dev/null'

export function followLines(
  engine: Engine,
  container: string,
  file: string,
  past: number,
  onLine: (line: string) => void,
): () => void {
  let first = true
  return forever(async signal => {
    // What was missed while there was no stream can't be told from what was seen: it is left out.
    const stream = await engine.pipe(container, ['sh', '-c', TAIL, 'sh', file, `${first ? past : 0}`])
    first = false
    await reading(stream, signal, async () => {
      for await (const line of lines(paced(stream, PACE), LONGEST_LINE)) {
        if (signal.aborted) return
        onLine(line)
      }
    })
  })
}
