import type { ClientHttp2Stream } from 'node:http2'
import { Duplex } from 'node:stream'

/**
 * A stream of HTTP/2 as a duplex that keeps what came until somebody reads it, within the bounds of back-pressure, and
 * whose loss is an end. Node's own destroys itself, with what it holds, when both sides have closed it and nobody reads
 * yet; and it tells a lost connection as an error, which a reader of a socket has no words for.
 */
export function readAhead(stream: ClientHttp2Stream): Duplex {
  const duplex = new Duplex({
    read() {
      stream.resume()
    },
    write(chunk: Buffer, _encoding, done) {
      if (stream.destroyed || stream.writableEnded) done()
      else stream.write(chunk, () => done())
    },
    final(done) {
      if (stream.destroyed) done()
      else stream.end(() => done())
    },
    destroy(error, done) {
      stream.destroy()
      done(error)
    },
  })
  let ended = false
  const end = () => {
    if (!ended) duplex.push(null)
    ended = true
  }
  stream.on('data', (chunk: Buffer) => {
    if (!ended && !duplex.push(chunk)) stream.pause()
  })
  stream.on('error', () => {})
  stream.once('end', end)
  stream.once('close', () => {
    end()
    duplex.end()
  })
  // Until there is a reader an error has no listener, which would end our process.
  duplex.on('error', () => {})
  return duplex
}
