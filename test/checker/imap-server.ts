/**
 * A scripted IMAP server: right by default, for one user «ada» with the password «secret» and a list of messages.
 * A test overrides single commands.
 */
import type { Server, Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { cert, key } from './certificate.ts'
import { serverThat } from './lab.ts'

/** Answers one command: `rest` is what follows its name; what it gives is sent as it is. */
type Answer = (tag: string, rest: string, socket: Socket) => string

export interface ImapScript {
  greeting?: string
  capability?: string
  messages?: string[]
  tls?: 'implicit' | 'starttls'
  commands?: Record<string, Answer>
}

export function imapServer(script: ImapScript = {}): Promise<Server> {
  const messages = script.messages ?? []
  const capability = script.capability ?? 'IMAP4rev1 STARTTLS AUTH=PLAIN'
  const hits = (rest: string) => {
    const text = /TEXT "?([^"\s)]+)"?/i.exec(rest)?.[1] ?? ''
    return messages.flatMap((source, i) => (source.includes(text) ? [i + 1] : []))
  }
  const right: Record<string, Answer> = {
    CAPABILITY: tag => `* CAPABILITY ${capability}\r\n${tag} OK done\r\n`,
    NOOP: tag => `${tag} OK done\r\n`,
    LOGOUT: tag => `* BYE bye\r\n${tag} OK done\r\n`,
    STARTTLS: tag => `${tag} OK begin\r\n`,
    LOGIN: (tag, rest) => login(tag, rest.replaceAll('"', '').split(' ')),
    NAMESPACE: tag => `* NAMESPACE (("" ".")) NIL NIL\r\n${tag} OK done\r\n`,
    LIST: tag => `* LIST () "." INBOX\r\n${tag} OK done\r\n`,
    SELECT: tag => opened(tag, 'READ-WRITE'),
    EXAMINE: tag => opened(tag, 'READ-ONLY'),
    UID: (tag, rest) => uid(tag, rest),
    EXPUNGE: tag => `${tag} OK done\r\n`,
  }
  const opened = (tag: string, mode: string) =>
    `* ${messages.length} EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n${tag} OK [${mode}] done\r\n`
  const login = (tag: string, [user, password]: string[]) =>
    user === 'ada' && password === 'secret'
      ? `${tag} OK welcome\r\n`
      : `${tag} NO [AUTHENTICATIONFAILED] Authentication failed.\r\n`
  const uid = (tag: string, rest: string) => {
    const [verb = '', set = ''] = rest.split(' ')
    if (verb === 'SEARCH') return `* SEARCH ${hits(rest).join(' ')}\r\n${tag} OK done\r\n`
    if (verb !== 'FETCH') return `${tag} OK done\r\n`
    const source = messages[Number(set) - 1] ?? ''
    return `* ${set} FETCH (UID ${set} BODY[] {${Buffer.byteLength(source)}}\r\n${source})\r\n${tag} OK done\r\n`
  }

  const serve = (socket: Socket, greeting: string) => {
    let rest = ''
    let plain = ''
    if (greeting) socket.write(greeting)
    socket.on('data', function hear(chunk: Buffer) {
      const lines = (rest + chunk).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        // RFC 4616: the answer to the `+` of AUTHENTICATE PLAIN.
        if (plain) {
          const [, user = '', password = ''] = Buffer.from(line, 'base64').toString().split('\0')
          socket.write(login(plain, [user, password]))
          plain = ''
          continue
        }
        const [tag = '', verb = '', ...words] = line.split(' ')
        const answer = script.commands?.[verb.toUpperCase()] ?? right[verb.toUpperCase()]
        if (verb === 'AUTHENTICATE' && !answer) {
          plain = tag
          socket.write('+ \r\n')
        } else socket.write(answer?.(tag, words.join(' '), socket) ?? `${tag} BAD unknown\r\n`)
        if (verb === 'STARTTLS' && script.tls === 'starttls') {
          socket.off('data', hear)
          serve(encrypted(socket), '')
        }
      }
    })
  }
  const greeting = script.greeting ?? '* OK ready\r\n'
  return serverThat(socket => serve(script.tls === 'implicit' ? encrypted(socket) : socket, greeting))
}

function encrypted(socket: Socket): TLSSocket {
  const secured = new TLSSocket(socket, { isServer: true, key, cert })
  secured.on('error', () => {})
  return secured
}
