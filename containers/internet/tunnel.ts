/** CONNECT on the control socket: TCP from this container, as a stream (RFC 9113, 8.5). */
import type { ServerHttp2Stream } from 'node:http2'
import { connect } from 'node:net'
import { getSystemErrorMap } from 'node:util'

const CONNECT_MS = 5000
/** How long one half may outlive the other. */
const HALF_MS = 5000

/** The system's words for an error: «connection refused», «connection timed out». */
function words(error: NodeJS.ErrnoException): string {
  return getSystemErrorMap().get(error.errno ?? 0)?.[1] ?? error.message
}

/** `host:port`, with brackets around an IPv6 address. */
function destination(authority: string): { host: string; port: number } | null {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(authority) ?? []
  const host = bracketed ?? plain
  return host !== undefined && Number(port) < 65_536 ? { host, port: Number(port) } : null
}

/** Answers 200 and becomes the connection, or 502 with the reason in words. */
export function openTunnel(stream: ServerHttp2Stream, authority: string): void {
  stream.on('error', () => {})
  const to = destination(authority)
  const refuse = (why: string) => {
    if (stream.destroyed || stream.headersSent) return
    stream.respond({ ':status': 502, 'content-type': 'text/plain' })
    stream.end(why)
  }
  if (!to) {
    refuse(`«${authority}» is no host and port`)
    return
  }
  const socket = connect({ ...to, noDelay: true, allowHalfOpen: true })
  const late = setTimeout(() => {
    refuse('connection timed out')
    socket.destroy()
  }, CONNECT_MS)
  socket.on('timeout', () => socket.destroy())
  socket.on('error', (error: NodeJS.ErrnoException) => {
    // Reset as soon as it was made: it was made.
    if (error.code === 'ECONNRESET' && !stream.destroyed && !stream.headersSent)
      stream.respond({ ':status': 200 })
    else refuse(words(error))
  })
  socket.once('close', () => {
    clearTimeout(late)
    // A connection that was reset ends here as one that was closed: no protocol of mail tells the two apart.
    stream.end()
  })
  stream.once('close', () => {
    // Who asked is gone: what was written still leaves, what comes is not waited for.
    if (socket.connecting) socket.destroy()
    socket.setTimeout(HALF_MS).resume().destroySoon()
  })
  socket.once('connect', () => {
    clearTimeout(late)
    for (const half of [socket, stream]) half.once('end', () => socket.setTimeout(HALF_MS))
    stream.respond({ ':status': 200 })
    stream.pipe(socket)
    socket.pipe(stream)
  })
}
