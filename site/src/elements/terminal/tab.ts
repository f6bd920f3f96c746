/** One terminal of the page: its tab, its panel, the line to its shell and the screen that shows it. */
import type { MachineName } from '../../../protocol.ts'
import { el } from '../page.ts'
import { type At, Line, type LineState } from './line.ts'
import type { Screen } from './screen.ts'
import type { TerminalWords } from './words.ts'

export interface TabOptions {
  machine: MachineName
  /** The terminal's number on its machine, from 1. */
  n: number
  words: TerminalWords
  lang: string
  look(): { fontSize: number; reader: boolean }
  changed(tab: Tab): void
  activity(tab: Tab, kind: 'input' | 'output'): void
  leave(): void
}

const BACK_MS = 2000
const OPEN_MS = 15_000
const PROMPT_MS = 2000

let ids = 0

export class Tab {
  readonly machine: MachineName
  readonly n: number
  readonly name: string
  readonly button: HTMLButtonElement
  readonly panel: HTMLElement
  readonly #options: TabOptions
  readonly #line: Line
  #screen: Screen | undefined
  #starting: Promise<void> | undefined
  /** What the status line says instead of the line's state: a thing that has just happened. */
  notice: string | null = null
  #noticeTimer: ReturnType<typeof setTimeout> | undefined
  #wasLost = false

  constructor(options: TabOptions) {
    const { machine, n, words } = options
    this.#options = options
    this.machine = machine
    this.n = n
    this.name = words.tab(words.machine[machine], n)
    const id = `lab-terminal-${++ids}`
    this.button = el(
      'button',
      { type: 'button', role: 'tab', id: `${id}-tab`, 'aria-controls': id },
      this.name,
    )
    this.panel = el('div', { role: 'tabpanel', id, 'aria-labelledby': `${id}-tab`, class: 'terminal-panel' })
    const url = new URL(`/api/terminals/${machine}/${n}`, location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    this.#line = new Line({
      url: url.href,
      lang: options.lang,
      shell: remembered(this.#key) ?? '',
      size: () => this.#screen?.size ?? { cols: 80, rows: 24 },
      events: {
        at: (at, anew) => this.#at(at, anew),
        data: bytes => {
          this.#screen?.draw(bytes)
          options.activity(this, 'output')
        },
        size: (cols, rows) => this.#screen?.resize(cols, rows),
        state: state => this.#changed(state),
      },
    })
  }

  get state(): LineState {
    return this.#line.state
  }

  /** Loads the emulator and connects, once. Rejects where the emulator can't be fetched; then it may be asked again. */
  start(): Promise<void> {
    this.#starting ??= this.#start().catch(error => {
      this.#starting = undefined
      throw error
    })
    return this.#starting
  }

  /** As a paste, at the prompt; resolves when the line has it. Rejects when no shell comes. */
  async type(text: string, run: boolean): Promise<void> {
    await this.start()
    await until(() => this.#line.state.state === 'open', OPEN_MS)
    // A shell that has just started would run each line of a text on its own.
    if (text.includes('\n')) await until(() => this.#screen?.pastesWhole ?? false, PROMPT_MS).catch(() => {})
    this.#screen?.paste(text)
    if (run) this.#screen?.press('\r')
  }

  show(shown: boolean): void {
    this.panel.hidden = !shown
    this.button.setAttribute('aria-selected', String(shown))
    this.button.tabIndex = shown ? 0 : -1
    if (shown) this.#screen?.fit()
  }

  focus(): void {
    this.#screen?.focus()
  }

  /** Tries the line at once, or asks it whether it is still there. */
  hurry(): void {
    if (this.#screen) this.#line.hurry()
  }

  /** Starts another shell where one has ended. */
  next(): void {
    this.#line.anew()
    this.focus()
  }

  fit(): void {
    this.#screen?.fit()
  }

  look(): void {
    const screen = this.#screen
    if (!screen) return
    const { fontSize, reader } = this.#options.look()
    screen.fontSize = fontSize
    screen.reader = reader
  }

  dress(): void {
    this.#screen?.dress()
  }

  /** Ends the shell. */
  async close(): Promise<void> {
    forget(this.#key)
    this.leave(this.#line.close())
  }

  /** Takes the terminal from the page; the shell stays. */
  leave(after: Promise<void> | null = null): void {
    clearTimeout(this.#noticeTimer)
    if (!after) this.#line.leave()
    this.button.remove()
    this.panel.remove()
    this.#screen?.dispose()
    this.#screen = undefined
  }

  /** The machine is another one: whichever shell was here is nothing to ask for. */
  drop(): void {
    forget(this.#key)
    this.leave()
  }

  get #key(): string {
    return `ten-steps.shell.${this.machine}.${this.n}`
  }

  async #start(): Promise<void> {
    const { Screen } = await import('./screen.ts')
    const { words, look } = this.#options
    this.#screen = await Screen.open(
      this.panel,
      {
        typed: bytes => this.#typed(bytes),
        shown: seq => this.#line.shown(seq),
        fits: (cols, rows) => this.#line.resize(cols, rows),
        leave: this.#options.leave,
      },
      { ...look(), label: words.region(this.name) },
    )
    this.#line.connect()
  }

  #typed(bytes: Uint8Array): void {
    if (this.#line.state.state === 'ended') {
      if (bytes[0] === 13) this.next()
      return
    }
    if (!this.#line.type(bytes)) this.#say(this.#options.words.tooMuch)
    this.#options.activity(this, 'input')
  }

  #at(at: At, anew: boolean): void {
    const screen = this.#screen
    if (!screen) return
    remember(this.#key, at.shell)
    const { fresh } = this.#options.words
    const other = at.fresh === 'machine-restarted' || at.fresh === 'shell-ended'
    if (!anew || at.fresh === 'new' || other) screen.go(at.seq, at.shown)
    else screen.replay(at.seq, at.shown, at.modes)
    if (at.fresh && at.fresh !== 'new') screen.note(fresh[at.fresh], other)
  }

  #changed(state: LineState): void {
    if (state.state === 'waiting') this.#wasLost = true
    if (state.state === 'open' && this.#wasLost) {
      this.#wasLost = false
      this.#say(this.#options.words.back)
    }
    this.#options.changed(this)
  }

  #say(text: string): void {
    clearTimeout(this.#noticeTimer)
    this.notice = text
    this.#noticeTimer = setTimeout(() => {
      this.notice = null
      this.#options.changed(this)
    }, BACK_MS)
    this.#options.changed(this)
  }
}

async function until(condition: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms
  while (!condition()) {
    if (performance.now() > end) throw new Error('not in time')
    await new Promise(done => setTimeout(done, 30))
  }
}

// Which shell was here is the tab's to know: another window of the same course has its own screen.
function remembered(key: string): string | null {
  try {
    return sessionStorage.getItem(key)
  } catch {
    return null
  }
}

function remember(key: string, shell: string): void {
  try {
    sessionStorage.setItem(key, shell)
  } catch {
    // Without storage a reload still returns to the shell; only a fresh one can't say why it is.
  }
}

function forget(key: string): void {
  try {
    sessionStorage.removeItem(key)
  } catch {
    // As above.
  }
}
