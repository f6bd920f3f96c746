/** A holder on this machine, under a name and from a copy of its own, and attachments to it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode, FrameReader, type Fresh, type Opening } from '../../site/server/terminal/frames.ts'

const SOURCE = new URL('../../containers/terminal', import.meta.url).pathname

/** Waits for a condition; the message says for which. */
export async function until(condition: () => boolean, what: string, ms = 10_000): Promise<void> {
  const end = Date.now() + ms
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`)
    await new Promise(done => setTimeout(done, 5))
  }
}

/** The command lines of all processes that hold `part`, with their ids. */
export function processes(part: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(part)
      } catch {
        return false
      }
    })
    .map(Number)
}

export class Holder implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'holder-'))
  readonly #attached: Attachment[] = []

  constructor() {
    cpSync(SOURCE, this.folder, { recursive: true })
  }

  attach(): Attachment {
    const script = join(this.folder, 'holder.py')
    const attachment = new Attachment(
      spawn('python3', ['-ISE', script, 'attach', this.folder], { stdio: ['pipe', 'pipe', 'inherit'] }),
    )
    this.#attached.push(attachment)
    return attachment
  }

  /** Attaches and opens; resolves when the holder has said where the output is. */
  async open(opening: Partial<Opening> = {}): Promise<Attachment> {
    const attachment = this.attach()
    attachment.open(opening)
    await until(() => attachment.at !== undefined || attachment.over, 'AT')
    return attachment
  }

  /** The holder's own process ids. */
  pids(): number[] {
    return processes(`${this.folder}/holder.py\0hold`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const attachment of this.#attached) attachment.process.kill('SIGKILL')
    for (const pid of this.pids()) process.kill(pid, 'SIGKILL')
    await until(() => this.pids().length === 0, 'the holder is gone')
    rmSync(this.folder, { recursive: true })
  }
}

export class Attachment {
  readonly process: ChildProcess
  at: { seq: number; shown: number; fresh: Fresh; shell: string; modes: string } | undefined
  /** All output since AT. */
  output = Buffer.alloc(0)
  got: number | undefined
  size: [cols: number, rows: number] | undefined
  exit: number | undefined
  refused: string | undefined
  over = false
  /** Acknowledges output as it comes. */
  acks = true
  #written = 0
  #acked = 0

  constructor(child: ChildProcess) {
    this.process = child
    const reader = new FrameReader({
      at: at => {
        this.at = at
      },
      data: bytes => {
        this.output = Buffer.concat([this.output, bytes])
        if (this.acks) this.ack()
      },
      got: seq => {
        this.got = seq
      },
      size: (cols, rows) => {
        this.size = [cols, rows]
      },
      exit: code => {
        this.exit = code
      },
      refused: word => {
        this.refused = word
      },
    })
    child.stdout?.on('data', (chunk: Buffer) => reader.push(chunk))
    child.stdin?.on('error', () => {})
    child.on('close', () => {
      this.over = true
    })
  }

  get seq(): number {
    return (this.at?.seq ?? 0) + this.output.length
  }

  get text(): string {
    return this.output.toString('latin1')
  }

  send(bytes: Uint8Array): void {
    this.process.stdin?.write(bytes)
  }

  open(opening: Partial<Opening> = {}): void {
    this.send(
      encode.open({
        terminal: '1',
        shell: '',
        from: 0,
        window: 65_536,
        cols: 80,
        rows: 24,
        writer: 'w',
        user: String(process.getuid?.()),
        lang: 'en_US.UTF-8',
        argv: ['/bin/bash', '--norc', '--noprofile'],
        readOnly: false,
        ...opening,
      }),
    )
  }

  type(text: string): void {
    const bytes = Buffer.from(text)
    this.send(encode.input(this.#written, bytes))
    this.#written += bytes.length
  }

  /** Output that came after the last acknowledgement. */
  get owed(): number {
    return this.seq - this.#acked
  }

  ack(): void {
    this.#acked = this.seq
    this.send(encode.ack(this.seq))
  }

  async prints(mark: string): Promise<void> {
    await until(() => this.text.includes(mark), `«${mark}» in «${this.text.slice(-500)}»`)
  }

  /** As a server that is killed, or an engine that goes away. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL')
    await until(() => this.over, 'the attachment is gone')
  }
}
