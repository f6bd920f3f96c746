/**
 * A small SMTP client of our own. nodemailer's connection sends whole messages: it neither gives every reply with its
 * code nor sends a command as it is, falls back to HELO by itself, and what a check has to see is precisely that.
 */
import { type Context, REPLY_MS } from './connect.ts'
import { ProbeError } from './error.ts'
import { noStartTls, protocol, silent, type Target } from './faults.ts'
import type { Lines } from './lines.ts'
import { secure } from './secure.ts'
import { readReply } from './smtp-reply.ts'
import { Transcript } from './transcript.ts'
import type { Reply, SmtpSession } from './types.ts'
import { within } from './within.ts'

/** How long a server may take for its goodbye; it is only there to keep the learner's log tidy. */
const QUIT_MS = 1000

export class SmtpClient implements SmtpSession {
  extensions: ReadonlyMap<string, string> = new Map()
  secure = false
  readonly #context: Context
  readonly #lines: Lines
  readonly #target: Target
  readonly #transcript = new Transcript()
  readonly #helo: string
  /** RFC 4954: after 334 the client's next line is a secret. */
  #secretNext = false

  constructor(context: Context, lines: Lines, target: Target, helo: string) {
    this.#context = context
    this.#lines = lines
    this.#target = target
    this.#helo = helo
  }

  get transcript(): string {
    return this.#transcript.text
  }

  get mechanisms(): readonly string[] {
    return (this.extensions.get('AUTH') ?? '').toUpperCase().split(/\s+/).filter(Boolean)
  }

  /** Banner, EHLO, TLS as asked. */
  async begin(tls: 'none' | 'starttls' | 'implicit'): Promise<void> {
    if (tls === 'implicit') await this.#encrypt()
    this.#expect(220, await this.#reply(''))
    this.#expect(250, await this.command(`EHLO ${this.#helo}`))
    if (tls !== 'starttls') return
    if (!this.extensions.has('STARTTLS')) throw noStartTls(this.#target)
    if ((await this.command('STARTTLS')).code !== 220) throw noStartTls(this.#target)
    await this.#encrypt()
    // RFC 3207 4.2: what was learned before is forgotten and asked anew.
    this.extensions = new Map()
    this.#expect(250, await this.command(`EHLO ${this.#helo}`))
  }

  async command(line: string): Promise<Reply> {
    if (/[\r\n]/.test(line)) throw new TypeError(`a command is one line, not ${JSON.stringify(line)}`)
    this.#transcript.add('C', this.#masked(line))
    this.#lines.write(`${line}\r\n`)
    const verb = line.split(' ', 1)[0]?.toUpperCase() ?? ''
    const reply = await this.#reply(this.#secretNext ? 'AUTH' : verb)
    this.#secretNext = reply.code === 334
    if (verb === 'EHLO' && reply.code === 250) this.extensions = extensionsOf(reply.text)
    return reply
  }

  async login(user: string, password: string): Promise<Reply> {
    const secret = Buffer.from(`\0${user}\0${password}`).toString('base64')
    return this.command(`AUTH PLAIN ${secret}`)
  }

  async send(
    envelope: { from: string; to: string[] },
    message: Uint8Array | string,
  ): Promise<Reply & { at: 'MAIL' | 'RCPT' | 'DATA' | 'END' }> {
    const mail = await this.command(`MAIL FROM:<${envelope.from}>`)
    if (mail.code !== 250) return { ...mail, at: 'MAIL' }
    for (const to of envelope.to) {
      const rcpt = await this.command(`RCPT TO:<${to}>`)
      if (rcpt.code !== 250 && rcpt.code !== 251) return this.#undone({ ...rcpt, at: 'RCPT' })
    }
    const data = await this.command('DATA')
    if (data.code !== 354) return this.#undone({ ...data, at: 'DATA' })
    const bytes = stuffed(message)
    this.#transcript.add('C', `(${bytes.length} bytes)`)
    this.#lines.write(bytes)
    return { ...(await this.#reply('DATA')), at: 'END' }
  }

  /** Says goodbye where somebody still listens; never throws. */
  async quit(): Promise<void> {
    this.#lines.write('QUIT\r\n')
    const late = () => silent(this.#target, 1, { en: 'QUIT', fr: 'QUIT' })
    const bye = readReply(this.#lines, this.#target, 'QUIT', () => {})
    await within(bye, { ms: QUIT_MS, signal: this.#context.signal, late }).catch(() => {})
  }

  /** The transaction is given up, so that the session can begin another (RFC 5321 4.1.1.5). */
  async #undone<T>(refusal: T): Promise<T> {
    await this.command('RSET').catch(error => {
      // A server that hangs up after a refusal has refused all the same.
      if (!(error instanceof ProbeError)) throw error
    })
    return refusal
  }

  async #encrypt(): Promise<void> {
    // CVE-2011-0411: what an attacker put behind STARTTLS in clear text would count as said under TLS.
    if (this.#lines.pending) {
      throw protocol(this.#target, {
        en: `Clear text came before the TLS handshake on port ${this.#target.port}.`,
        fr: `Du texte en clair est arrivé avant la négociation TLS sur le port ${this.#target.port}.`,
      })
    }
    this.#lines.replace(await secure(this.#context, this.#lines.duplex, this.#target))
    this.secure = true
  }

  #reply(command: string): Promise<Reply> {
    const reply = readReply(this.#lines, this.#target, command, line => this.#transcript.add('S', line))
    return within(reply, {
      ms: REPLY_MS,
      signal: this.#context.signal,
      late: s =>
        silent(
          this.#target,
          s,
          command
            ? { en: `the answer to ${command}`, fr: `la réponse à ${command}` }
            : { en: 'the banner', fr: 'la bannière' },
        ),
    })
  }

  #expect(code: number, reply: Reply): void {
    if (reply.code === code) return
    const seen = `${reply.code} ${reply.enhanced} ${reply.text}`
    throw protocol(this.#target, {
      en: `Expected ${code} on port ${this.#target.port}, got: ${seen}`,
      fr: `Attendu ${code} sur le port ${this.#target.port}, reçu : ${seen}`,
    })
  }

  #masked(line: string): string {
    if (this.#secretNext) return '***'
    return line.replace(/^(AUTH\s+\S+)\s+\S.*$/i, '$1 ***')
  }
}

/** The first line greets; the others are keyword and parameters (RFC 5321 4.1.1.1). */
function extensionsOf(text: string): Map<string, string> {
  const lines = text.split('\n').slice(1)
  return new Map(
    lines.map(line => {
      const [keyword = '', ...parameters] = line.trim().split(/[ =]/)
      return [keyword.toUpperCase(), parameters.join(' ')] as const
    }),
  )
}

/** RFC 5321 4.5.2: a dot at a line's begin is doubled; the end is a dot alone. Text gets CRLF, bytes stay as they are. */
function stuffed(message: Uint8Array | string): Buffer {
  const bytes = typeof message === 'string' ? Buffer.from(message.replace(/\r?\n/g, '\r\n')) : message
  const latin = Buffer.from(bytes).toString('latin1')
  const ended = latin.endsWith('\r\n') ? latin : `${latin}\r\n`
  return Buffer.from(`${ended.replace(/(^|\n)\./g, '$1..')}.\r\n`, 'latin1')
}
