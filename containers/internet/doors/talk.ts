/** What a door of a stranger's house says: enough of SMTP or IMAP to be recognised by, and no mail. */
import type { Socket } from 'node:net'
import type { Door } from '../api.ts'

/** What the house answers to a line; `next`: then TLS begins, or it hangs up. */
interface Answer {
  lines: string[]
  next?: 'upgrade' | 'bye'
}

const LONGEST_LINE = 1000
const IDLE_MS = 60_000

const smtp = (line: string, name: string, offer: boolean): Answer => {
  const command = line.trim().split(/\s/)[0]?.toUpperCase() ?? ''
  if (command === 'EHLO')
    return { lines: [`250-${name}`, ...(offer ? ['250-STARTTLS'] : []), '250 8BITMIME'] }
  if (command === 'HELO') return { lines: [`250 ${name}`] }
  if (command === 'STARTTLS' && offer) return { lines: ['220 2.0.0 Ready to start TLS'], next: 'upgrade' }
  if (command === 'QUIT') return { lines: ['221 2.0.0 Bye'], next: 'bye' }
  if (command === 'NOOP' || command === 'RSET') return { lines: ['250 2.0.0 OK'] }
  if (command === 'MAIL' || command === 'RCPT' || command === 'DATA')
    return { lines: ['554 5.7.1 Nobody takes mail in this house'] }
  return { lines: ['502 5.5.2 Command not recognised'] }
}

const imap = (line: string, offer: boolean): Answer => {
  const [tag = '*', command = ''] = line.trim().split(/\s+/)
  const end = (text: string) => `${tag} ${text}`
  switch (command.toUpperCase()) {
    case 'CAPABILITY':
      return {
        lines: [
          `* CAPABILITY IMAP4rev1${offer ? ' STARTTLS LOGINDISABLED' : ''}`,
          end('OK Capability completed'),
        ],
      }
    case 'STARTTLS':
      if (offer) return { lines: [end('OK Begin TLS negotiation now')], next: 'upgrade' }
      return { lines: [end('BAD There is no TLS here')] }
    case 'LOGIN':
    case 'AUTHENTICATE':
      return { lines: [end('NO [AUTHENTICATIONFAILED] Nobody lives in this house')] }
    case 'NOOP':
      return { lines: [end('OK Nothing happened')] }
    case 'LOGOUT':
      return { lines: ['* BYE Logging out', end('OK Logout completed')], next: 'bye' }
    default:
      return { lines: [end('BAD Command not recognised')] }
  }
}

/**
 * Greets, unless the conversation goes on under TLS, and answers until the visitor leaves or is silent. `upgrade` is
 * there where STARTTLS is offered; the socket is its own from then on.
 */
export function talk(
  socket: Socket,
  { speaks, name, greet }: { speaks: Door['speaks']; name: string; greet: boolean },
  upgrade?: (socket: Socket) => void,
): void {
  const say = (lines: string[]) => socket.write(lines.map(line => `${line}\r\n`).join(''))
  const leave = () => socket.destroy()
  let rest = ''
  const hear = (chunk: Buffer) => {
    // A visitor who begins TLS where there is none would wait for an answer that never comes.
    if (chunk[0] === 0x16 && rest === '') return void leave()
    rest += chunk.toString('latin1')
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end).replace(/\r$/, '')
      rest = rest.slice(end + 1)
      const offer = upgrade !== undefined
      const { lines, next } = speaks === 'smtp' ? smtp(line, name, offer) : imap(line, offer)
      say(lines)
      if (next === 'bye') {
        socket.end()
        rest = ''
        return
      }
      if (next === 'upgrade' && upgrade) {
        // What was sent along in clear is dropped: it must not count as said under TLS (CVE-2011-0411).
        socket.off('data', hear)
        socket.off('timeout', leave)
        upgrade(socket)
        return
      }
    }
    if (rest.length > LONGEST_LINE) leave()
  }
  socket.setTimeout(IDLE_MS)
  socket.on('timeout', leave)
  socket.on('error', leave)
  socket.on('data', hear)
  if (greet) say(speaks === 'smtp' ? [`220 ${name} ESMTP`] : [`* OK ${name} IMAP4rev1 ready`])
}
