/** What is measured, one function a row of the table; the rounds of both kinds are interleaved by the caller. */
import { crc32 } from 'node:zlib'
import type { Place } from './terminal-place.ts'
import type { Ours, Session } from './terminal-sessions.ts'
import { emulate, slowLine } from './terminal-slow.ts'
import { printed, run, sleep } from './terminal-wait.ts'

export interface Known {
  file: string
  bytes: number
  checksum: number
}

/** Puts a known file on the machine: lines of text as a shell prints them. */
export async function knownFile(place: Place, lines: number): Promise<Known> {
  const file = `/tmp/known-${lines}`
  await place.shell(`seq -f "%.0f the quick brown fox jumps over the lazy dog" 1 ${lines} > ${file}`)
  const bytes = Number(await place.shell(`stat -c %s ${file}`))
  // The end of a gzip file holds the CRC-32 (RFC 1952).
  const checksum = await place.shell(`gzip -1 -c ${file} | tail -c 8 | head -c 4 | od -An -tx4`)
  return { file, bytes, checksum: Number.parseInt(checksum, 16) }
}

/** A session that says each key back, by a program that reads and writes it. */
export async function echoing(session: Session): Promise<void> {
  await run(session, 'stty raw -echo; echo R""DY; exec cat', 'RDY')
}

/** Milliseconds from a key to its echo, one for each of `keys`. */
export async function echo(session: Session, keys: number, pause = 4): Promise<number[]> {
  const taken: number[] = []
  for (let i = 0; i < keys; i++) {
    const began = performance.now()
    await new Promise<void>((done, fail) => {
      const timer = setTimeout(() => fail(new Error('no echo within 5 s')), 5000)
      session.onData = () => {
        clearTimeout(timer)
        done()
      }
      session.write('x')
    })
    taken.push(performance.now() - began)
    // As fast as nobody types, as slow as queues empty.
    if (pause) await sleep(pause * (0.5 + Math.random()))
  }
  return taken
}

/** A session that runs each line it gets and whose output comes unchanged: no prompt, no echo, no line editor. */
export async function quiet(session: Session): Promise<void> {
  const loop = `while read -r line; do eval "$line"; done`
  await run(session, `stty raw -echo; printf R""DY; exec sh -c '${loop}'`, 'RDY')
}

/** Megabytes a second, and how many bytes of the known file did not come. */
export async function throughput(session: Session, known: Known): Promise<{ rate: number; lost: number }> {
  let bytes = 0
  let checksum = 0
  const began = performance.now()
  await new Promise<void>((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`only ${bytes} of ${known.bytes} bytes in 30 s`)), 30_000)
    session.onData = chunk => {
      const part = chunk.subarray(0, known.bytes - bytes)
      bytes += part.length
      checksum = crc32(part, checksum)
      if (bytes < known.bytes) return
      clearTimeout(timer)
      done()
    }
    session.write(`cat ${known.file}\n`)
  })
  const rate = bytes / 1000 / (performance.now() - began)
  return { rate, lost: checksum === known.checksum ? 0 : Math.max(1, known.bytes - bytes) }
}

const FLOOD = 'yes "the quick brown fox jumps over the lazy dog"\n'
const PROMPT = 'back-at-the-prompt'

async function prompting(session: Session): Promise<void> {
  await run(session, `PS1='back-at-the''-prompt '; echo R""DY`, 'RDY')
  await sleep(50)
}

/** Milliseconds from Ctrl-C in a flood to the prompt on the screen of an emulator that draws so fast. */
export async function interruptSlowEmulator(session: Ours, bytesPerSecond: number): Promise<number> {
  await prompting(session)
  let seen = ''
  let back: (() => void) | undefined
  const end = emulate(session, bytesPerSecond, bytes => {
    seen = (seen + bytes.toString('latin1')).slice(-200_000)
    if (back && seen.includes(PROMPT)) back()
  })
  session.write(FLOOD)
  await sleep(1500)
  seen = ''
  const began = performance.now()
  const prompt = new Promise<void>((done, fail) => {
    back = done
    setTimeout(() => fail(new Error('no prompt within 20 s of Ctrl-C')), 20_000)
  })
  session.write('\x03')
  await prompt
  const taken = performance.now() - began
  end()
  session.onData = () => {}
  return taken
}

/** The same over a line that brings so many bytes a second. */
export async function interruptSlowLine(place: Place, bytesPerSecond: number): Promise<number> {
  const line = await slowLine(place.port, bytesPerSecond)
  const session = await place.ours(line.port)
  await prompting(session)
  session.write(FLOOD)
  await sleep(1500)
  const began = performance.now()
  const prompt = printed(session, PROMPT, 20_000)
  session.write('\x03')
  await prompt
  const taken = performance.now() - began
  await session.close()
  line.close()
  return taken
}

/** Bytes by which our server has grown after a page did not read for so long in a flood. */
export async function growth(place: Place, ms: number): Promise<number> {
  const session = await place.ours()
  await prompting(session)
  const before = await place.memory()
  session.write(FLOOD)
  await sleep(20)
  session.ws.pause()
  await sleep(ms)
  const after = await place.memory()
  session.ws.resume()
  await session.close()
  return Math.max(0, after - before)
}

/** Milliseconds from the wish for a terminal to its prompt. */
export async function firstPrompt(
  open: () => Promise<Session>,
): Promise<{ taken: number; session: Session }> {
  const began = performance.now()
  const session = await open()
  // The last thing that a prompt of Debian's root sends.
  await printed(session, '# ')
  return { taken: performance.now() - began, session }
}

/** Bytes that the course's own processes hold on the machine: the holder, and who waits for it. Shells don't count. */
async function heldOnMachine(place: Place): Promise<number> {
  const sum = await place.shell(
    'for p in $(pgrep -f "holder.py hold") $(pgrep -x cat); do grep ^Pss: /proc/$p/smaps_rollup; done | ' +
      "awk '{ sum += $2 } END { print sum + 0 }'",
  )
  return Number(sum) * 1024
}

/** Bytes of memory for each of `count` sessions, and how many shells are left once they are closed for good. */
export async function sessions(
  place: Place,
  count: number,
): Promise<{ server: number; machine: number; left: number }> {
  const first = await place.ours()
  await prompting(first)
  const server = await place.memory()
  const machine = await heldOnMachine(place)
  const open: Ours[] = []
  for (let i = 0; i < count; i++) {
    const session = await place.ours()
    await prompting(session)
    const whole = printed(session, 'EN' + 'D')
    session.write(`seq -f "%.0f the quick brown fox jumps over the lazy dog" 1 6000; echo EN""D\n`)
    await whole
    open.push(session)
  }
  // A shell that is idle for some seconds has its scrollback compressed.
  await sleep(4000)
  const grown = {
    server: ((await place.memory()) - server) / count,
    machine: ((await heldOnMachine(place)) - machine) / count,
  }
  await first.close()
  await Promise.all(open.map(session => session.close()))
  return { ...grown, left: Number(await place.shell('pgrep -xc bash || true')) }
}

/**
 * Cuts the line in the middle of a known file and comes back: bytes that did not come. The file is printed at a pace
 * at which what is printed during the absence fits into what is kept.
 */
export async function lostOnReturn(place: Place, known: Known): Promise<number> {
  let session = await place.ours()
  const terminal = place.lastTerminal
  await quiet(session)
  let bytes = 0
  let checksum = 0
  const whole = new Promise<void>((done, fail) => {
    setTimeout(() => fail(new Error(`${bytes} of ${known.bytes} bytes in 30 s`)), 30_000)
    const take = (chunk: Buffer) => {
      const part = chunk.subarray(0, known.bytes - bytes)
      bytes += part.length
      checksum = crc32(part, checksum)
      if (bytes === known.bytes) done()
    }
    const cut = async () => {
      const { shell, seq } = session
      session.onData = () => {}
      session.cut()
      session = await place.again(terminal, shell, seq)
      session.onData = take
    }
    let next = known.bytes / 4
    session.onData = chunk => {
      take(chunk)
      if (bytes < next) return
      next = Number.POSITIVE_INFINITY
      cut().catch(fail)
    }
  })
  const size = 16_384
  const pieces = Math.ceil(known.bytes / size)
  session.write(
    `for i in $(seq 1 ${pieces}); do tail -c +$(((i - 1) * ${size} + 1)) ${known.file} | head -c ${size}; sleep 0.01; done\n`,
  )
  await whole
  await session.close()
  return checksum === known.checksum ? 0 : Math.max(1, known.bytes - bytes)
}
