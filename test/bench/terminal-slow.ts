/** What makes a terminal slow on the reader's side: an emulator, and a line. */
import { connect, createServer, type Server } from 'node:net'
import type { Ours } from './terminal-sessions.ts'

const TICK_MS = 4

/** Draws output at a given speed and acknowledges what it has drawn, as xterm.js does. */
export function emulate(session: Ours, bytesPerSecond: number, drawn: (bytes: Buffer) => void): () => void {
  session.autoAck = false
  let queue: Buffer[] = []
  let seq = session.seq
  let acked = seq
  let credit = 0
  let last = performance.now()
  session.onData = bytes => queue.push(bytes)
  const timer = setInterval(() => {
    const now = performance.now()
    credit = Math.min(credit + ((now - last) / 1000) * bytesPerSecond, bytesPerSecond / 20)
    last = now
    while (queue.length > 0 && credit > 0) {
      const bytes = queue.shift() as Buffer
      credit -= bytes.length
      seq += bytes.length
      drawn(bytes)
    }
    if (queue.length === 0) credit = Math.min(credit, 0)
    if (seq - acked >= 32_768 || (queue.length === 0 && seq > acked)) {
      acked = seq
      session.ack(seq)
    }
  }, TICK_MS)
  return () => {
    clearInterval(timer)
    queue = []
    session.autoAck = true
  }
}

/** A line of a given speed towards the reader, in front of a port. */
export async function slowLine(to: number, bytesPerSecond: number): Promise<{ port: number; close(): void }> {
  const server: Server = createServer(near => {
    const far = connect(to, '127.0.0.1')
    for (const socket of [near, far]) socket.setNoDelay(true).on('error', () => {})
    near.on('data', bytes => far.write(bytes))
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    let credit = 0
    let last = performance.now()
    const timer = setInterval(() => {
      const now = performance.now()
      credit = Math.min(credit + ((now - last) / 1000) * bytesPerSecond, bytesPerSecond / 20)
      last = now
      while (credit > 0) {
        const bytes = far.read(Math.min(Math.max(1, Math.floor(credit)), far.readableLength)) as Buffer | null
        if (!bytes) break
        credit -= bytes.length
        near.write(bytes)
      }
    }, TICK_MS)
    // Without it nothing is read ahead at all.
    far.on('readable', () => {})
    near.on('close', () => clearInterval(timer))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return { port: (server.address() as { port: number }).port, close: () => server.close() }
}
