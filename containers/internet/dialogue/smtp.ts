/** SMTP over a dialogue: command by command, each with its reply, whatever it is. */
import type { Dialogue } from './dialogue.ts'

export interface SmtpReply {
  code: number
  /** All lines, joined by a space, with the code in front once: `550 5.1.1 no such user`. */
  text: string
  /** The keywords of an EHLO's reply, in capitals. */
  keywords: string[]
}

export async function reply(dialogue: Dialogue): Promise<SmtpReply> {
  const texts: string[] = []
  // An endless reply is no reply.
  for (let count = 0; count < 60; count++) {
    const line = await dialogue.line()
    const [, code = '', more, text = ''] = /^(\d{3})([ -]?)(.*)$/.exec(line) ?? []
    if (code === '') throw new Error(`this is no reply of SMTP: ${line.slice(0, 100)}`)
    texts.push(text)
    if (more !== '-')
      return {
        code: Number(code),
        text: `${code} ${texts.join(' ')}`.slice(0, 1000),
        keywords: texts.slice(1).map(one => one.toUpperCase()),
      }
  }
  throw new Error('the reply has no end')
}

export function command(dialogue: Dialogue, line: string, shown = line): Promise<SmtpReply> {
  dialogue.write(line, shown)
  return reply(dialogue)
}

/** The message after DATA's 354, with its dots doubled (RFC 5321, 4.5.2). */
export function message(dialogue: Dialogue, source: string): Promise<SmtpReply> {
  const lines = source.replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..').replace(/\r\n$/, '')
  dialogue.write(`${lines}\r\n.`, `(message, ${Buffer.byteLength(source)} bytes)`)
  return reply(dialogue)
}

export const plainAuth = (user: string, password: string): string =>
  `AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}`
