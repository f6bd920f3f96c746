/** The two kinds of terminal that the bench compares, behind one shape. */
import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import type { Engine } from '../../containers/docker.ts'
import type { TerminalServer } from '../../site/protocol.ts'

/** As often as the page's terminal does. */
const ACK_EVERY = 32_768

export interface Session {
  write(text: string): void
  /** One listener at a time. */
  onData: (bytes: Buffer) => void
  /** Ends the shell for good. */
  close(): Promise<void>
  /** Drops the line without a word. */
  cut(): void
}

export async function direct(engine: Engine, container: string): Promise<Session> {
  const stream: Duplex = await engine.tty(container, ['/bin/bash', '-l'])
  const session: Session = {
    write: text => void stream.write(text),
    onData: () => {},
    async close() {
      stream.end('\x03\x15exit\n')
      stream.destroy()
    },
    cut: () => stream.destroy(),
  }
  stream.on('data', (bytes: Buffer) => session.onData(bytes))
  stream.on('error', () => {})
  return session
}

export interface Ours extends Session {
  shell: string
  /** The number of the next output byte. */
  seq: number
  ws: WebSocket
  /** Acknowledges all that came, or not: an emulator of a given speed does it itself. */
  autoAck: boolean
  ack(seq: number): void
}

let writers = 0

export function ours(port: number, terminal: number, back?: { shell: string; seq: number }): Promise<Ours> {
  const query = new URLSearchParams({
    from: String(back?.seq ?? 0),
    shell: back?.shell ?? '',
    writer: `bench${process.pid}-${++writers}`,
    cols: '80',
    rows: '24',
  })
  const ws = new WebSocket(`ws://127.0.0.1:${port}/api/terminals/server/${terminal}?${query}`, {
    perMessageDeflate: false,
  })
  return new Promise((resolve, reject) => {
    let written = 0
    let acked = 0
    // Output may come in the same turn as the word that it begins, before anybody listens.
    const early: Buffer[] = []
    let listener: ((bytes: Buffer) => void) | undefined
    const session: Ours = {
      shell: '',
      seq: 0,
      ws,
      autoAck: true,
      get onData() {
        return listener ?? (() => {})
      },
      set onData(take) {
        listener = take
        for (const bytes of early.splice(0)) take(bytes)
      },
      write(text) {
        const bytes = Buffer.from(text)
        const frame = Buffer.alloc(8 + bytes.length)
        frame.writeBigUInt64BE(BigInt(written))
        frame.set(bytes, 8)
        written += bytes.length
        ws.send(frame)
      },
      ack(seq) {
        acked = seq
        if (ws.readyState === WebSocket.OPEN) ws.send(JSON.stringify({ type: 'ack', seq }))
      },
      close() {
        return new Promise(done => {
          ws.once('close', () => done())
          if (ws.readyState === WebSocket.CLOSED) done()
          else ws.send(JSON.stringify({ type: 'close' }))
        })
      },
      cut: () => ws.terminate(),
    }
    ws.on('error', reject)
    ws.on('message', (data: Buffer, binary: boolean) => {
      if (binary) {
        session.seq += data.length
        if (listener) listener(data)
        else early.push(data)
        if (session.autoAck && session.seq - acked >= ACK_EVERY) session.ack(session.seq)
        return
      }
      const message = JSON.parse(data.toString()) as TerminalServer
      if (message.type === 'at') {
        session.seq = acked = message.seq
        session.shell = message.shell
        resolve(session)
      } else if (message.type === 'refused') reject(new Error(message.message))
    })
  })
}
