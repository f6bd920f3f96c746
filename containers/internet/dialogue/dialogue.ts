/** A conversation in lines with a server of the event: what spammers and the blocklist's inspector speak. */
import { connect, isIPv4, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { getSystemErrorMap } from 'node:util'

export interface Where {
  /** Its name, for TLS and for those who read. */
  host: string
  address: string
  port: number
  /** From which of our own addresses. */
  from: { ipv4: string; ipv6: string }
}

/** What a server may say before it is asked again. */
const BUFFER = 64_000
const LINES = 300

export const inWords = ({ host, address, port }: Pick<Where, 'host' | 'address' | 'port'>): string =>
  `${host} [${address}] port ${port}`

export class Dialogue {
  /** `C: ` and `S: ` lines. */
  readonly lines: string[] = []
  secure: string | false = false
  readonly #where: Where
  readonly #deadline: number
  #socket: Socket
  #buffer = ''
  #over: Error | null = null
  #wake: () => void = () => {}

  private constructor(where: Where, socket: Socket, deadline: number) {
    this.#where = where
    this.#socket = socket
    this.#deadline = deadline
    this.#listen(socket)
  }

  /** Rejects in the system's words: `connection refused`. `ms`: for the whole conversation. */
  static async open(where: Where, ms: number, implicitTls = false): Promise<Dialogue> {
    const { host, address, port, from } = where
    const socket = connect({ host: address, port, localAddress: isIPv4(address) ? from.ipv4 : from.ipv6 })
    const dialogue = new Dialogue(where, socket, Date.now() + ms)
    dialogue.lines.push(`-- connecting to ${inWords({ host, address, port })}`)
    await dialogue.#until(() => (socket.connecting ? null : true))
    if (implicitTls) await dialogue.startTls()
    return dialogue
  }

  #listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => {
      this.#buffer += chunk.toString('latin1')
      if (this.#buffer.length > BUFFER) this.#end(new Error('the server said more than anybody reads'))
      this.#wake()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const [, words = error.message] = getSystemErrorMap().get(error.errno ?? 0) ?? []
      this.#end(new Error(words))
    })
    socket.on('connect', () => this.#wake())
    socket.on('close', () => this.#end(new Error('the server closed the connection')))
  }

  #end(error: Error): void {
    this.#over ??= error
    this.#socket.destroy()
    this.#wake()
  }

  /** Waits until `look` gives something; whatever happens on the socket is a reason to look. */
  async #until<T>(look: () => T | null): Promise<T> {
    for (;;) {
      const seen = look()
      if (seen !== null) return seen
      if (this.#over) {
        this.lines.push(`-- ${this.#over.message}`)
        throw this.#over
      }
      const left = this.#deadline - Date.now()
      if (left <= 0) {
        this.#end(new Error('no answer in time'))
        continue
      }
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  /** The next line of the server, without its end. */
  async line(): Promise<string> {
    const line = await this.#until(() => {
      const end = this.#buffer.indexOf('\n')
      if (end < 0) return null
      const text = this.#buffer.slice(0, end).replace(/\r$/, '')
      this.#buffer = this.#buffer.slice(end + 1)
      return text
    })
    this.#note(`S: ${line}`)
    return line
  }

  /** `shown` stands in the dialogue instead of a secret, or of a message. */
  write(text: string, shown = text): void {
    this.#note(`C: ${shown}`)
    if (!this.#over) this.#socket.write(`${text}\r\n`)
  }

  #note(line: string): void {
    if (this.lines.length < LINES) this.lines.push(line.slice(0, 500))
  }

  /** Whoever is there: spammers don't look at certificates. */
  async startTls(): Promise<void> {
    const plain = this.#socket
    plain.removeAllListeners('data')
    const secure = connectTls({ socket: plain, servername: this.#where.host, rejectUnauthorized: false })
    this.#socket = secure
    this.#buffer = ''
    this.#listen(secure)
    let done = false
    secure.once('secureConnect', () => {
      done = true
      this.#wake()
    })
    await this.#until(() => done || null)
    this.secure = secure.getProtocol() ?? 'TLS'
    this.#note(`-- ${this.secure}`)
  }

  close(): void {
    this.#over ??= new Error('closed')
    this.#socket.destroy()
  }
}
