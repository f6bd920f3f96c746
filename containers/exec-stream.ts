import { Duplex } from 'node:stream'

/**
 * The engine multiplexes the output of a process without a TTY: 8 bytes of header (1 the stream: 1 stdout, 2 stderr;
 * 3 zeros; 4 big-endian length), then that many bytes. docker-modem's own demultiplexer writes without looking at
 * back-pressure, so a slow reader would grow our memory without bound: this one stops reading instead.
 * Source: Docker Engine API, «Attach to a container», Stream format.
 *
 * The duplex reads the process's stdout and writes to its stdin; `onStderr` gets the rest (capped by the caller).
 */
export function execDuplex(raw: Duplex, onStderr: (chunk: Buffer) => void = () => {}): Duplex {
  let header: Buffer = Buffer.alloc(0)
  let left = 0
  let stream = 0

  const duplex = new Duplex({
    read() {
      raw.resume()
    },
    write(chunk: Buffer, _encoding, done) {
      if (raw.destroyed || raw.writableEnded) return done()
      if (raw.write(chunk)) done()
      else waitForDrain(raw, done)
    },
    final(done) {
      raw.end(done)
    },
    destroy(error, done) {
      raw.destroy()
      done(error)
    },
  })

  raw.on('data', (chunk: Buffer) => {
    let at = 0
    while (at < chunk.length) {
      if (left === 0) {
        const need = 8 - header.length
        const part = chunk.subarray(at, at + need)
        header = header.length === 0 ? part : Buffer.concat([header, part])
        at += part.length
        if (header.length < 8) {
          header = Buffer.from(header)
          return
        }
        stream = header[0] ?? 0
        left = header.readUInt32BE(4)
        header = Buffer.alloc(0)
      } else {
        const part = chunk.subarray(at, at + left)
        at += part.length
        left -= part.length
        if (stream === 2) onStderr(part)
        else if (!duplex.push(part)) raw.pause()
      }
    }
  })
  raw.on('end', () => duplex.push(null))
  raw.on('close', () => {
    if (!duplex.readableEnded) duplex.push(null)
    duplex.destroy()
  })
  raw.on('error', error => duplex.destroy(error))
  return duplex
}

function waitForDrain(raw: Duplex, done: () => void) {
  const end = () => {
    raw.off('drain', end)
    raw.off('close', end)
    done()
  }
  raw.on('drain', end)
  raw.on('close', end)
}
