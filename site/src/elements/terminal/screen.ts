/** The emulator of one terminal. Fetched when the first terminal is opened: xterm.js is larger than all else together. */
import { FitAddon } from '@xterm/addon-fit'
import { WebLinksAddon } from '@xterm/addon-web-links'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { themeOf } from './theme.ts'

export interface ScreenEvents {
  /** Bytes for the program. */
  typed(bytes: Uint8Array): void
  /** Output up to this number has been drawn. */
  shown(seq: number): void
  /** The pane has room for another size now. */
  fits(cols: number, rows: number): void
  /** The reader wants out, without a mouse. */
  leave(): void
}

export interface ScreenOptions {
  /** In pixels. */
  fontSize: number
  reader: boolean
  label: string
}

const SCROLLBACK = 5000
const FONTS_MS = 800

// What a terminal answers by itself: attributes, positions, modes, sizes, colours, focus.
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const REPORT = /^\x1b(\[[?>=]?[\d;]*(\$y|[cnRtxyIO])|P[\s\S]*\x1b\\|\][\s\S]*(\x07|\x1b\\))$/
/** Leaves the alternate screen, mouse, paste and key modes of a program that is gone, but not the scrollback. */
const CALM = '\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[!p\r\n'

export class Screen {
  readonly #terminal: Terminal
  readonly #fit = new FitAddon()
  readonly #place: HTMLElement
  readonly #events: ScreenEvents
  readonly #observer: ResizeObserver
  /** The number of the next byte to draw, and of the last that has been drawn. */
  #stream = 0
  #seq = 0
  #drawn = 0
  /** Until here the output was on a screen before, and its queries were answered. */
  #answered = 0
  #fitted = { cols: 80, rows: 24 }

  private constructor(place: HTMLElement, events: ScreenEvents, options: ScreenOptions) {
    this.#place = place
    this.#events = events
    const terminal = new Terminal({
      theme: themeOf(place),
      fontFamily: fontOf(place),
      fontSize: options.fontSize,
      screenReaderMode: options.reader,
      scrollback: SCROLLBACK,
      minimumContrastRatio: 4.5,
    })
    this.#terminal = terminal
    terminal.loadAddon(this.#fit)
    terminal.loadAddon(new WebLinksAddon())
    terminal.open(place)
    terminal.textarea?.setAttribute('aria-label', options.label)
    const encoder = new TextEncoder()
    terminal.onData(text => this.#type(text, encoder.encode(text)))
    terminal.onBinary(text =>
      this.#type(
        text,
        Uint8Array.from(text, letter => letter.charCodeAt(0)),
      ),
    )
    terminal.attachCustomKeyEventHandler(event => this.#key(event))
    this.#observer = new ResizeObserver(() => this.fit())
    this.#observer.observe(place)
    this.fit()
  }

  static async open(place: HTMLElement, events: ScreenEvents, options: ScreenOptions): Promise<Screen> {
    const { fontSize } = options
    // Letters measured before their font is there would leave gaps; a font that does not come must not hold us up.
    const late = new Promise(done => setTimeout(done, FONTS_MS))
    await Promise.race([document.fonts.load(`${fontSize}px ${fontOf(place)}`).catch(() => {}), late])
    return new Screen(place, events, options)
  }

  /** What the pane has room for. */
  get size(): { cols: number; rows: number } {
    return this.#fitted
  }

  get pastesWhole(): boolean {
    return this.#terminal.modes.bracketedPasteMode
  }

  /** Output goes on at `seq`, on an empty screen in the modes given. */
  replay(seq: number, answered: number, modes: string): void {
    this.#terminal.reset()
    if (modes) this.#terminal.write(modes)
    this.go(seq, answered)
  }

  /** Output goes on at `seq`, below what is there. */
  go(seq: number, answered: number): void {
    this.#stream++
    this.#seq = this.#drawn = seq
    this.#answered = answered
  }

  /** A line of ours, not the shell's. */
  note(text: string, calm: boolean): void {
    this.#terminal.write(`${calm ? CALM : ''}\x1b[2m${text}\x1b[22m\r\n`)
  }

  draw(bytes: Uint8Array): void {
    const old = Math.min(bytes.length, Math.max(0, this.#answered - this.#seq))
    for (const part of [bytes.subarray(0, old), bytes.subarray(old)]) {
      if (part.length === 0) continue
      this.#seq += part.length
      const end = this.#seq
      const stream = this.#stream
      this.#terminal.write(part, () => {
        // What is still to be drawn of another shell has numbers of its own.
        if (stream !== this.#stream) return
        this.#drawn = end
        this.#events.shown(end)
      })
    }
  }

  resize(cols: number, rows: number): void {
    if (cols !== this.#terminal.cols || rows !== this.#terminal.rows) this.#terminal.resize(cols, rows)
  }

  fit(): void {
    const room = this.#fit.proposeDimensions()
    // A pane that is folded away has no size worth telling.
    if (!room || !this.#place.offsetParent || Number.isNaN(room.cols) || room.cols < 2 || room.rows < 2)
      return
    const changed = room.cols !== this.#fitted.cols || room.rows !== this.#fitted.rows
    this.#fitted = { cols: room.cols, rows: room.rows }
    this.resize(room.cols, room.rows)
    if (changed) this.#events.fits(room.cols, room.rows)
  }

  /** Types a text as a paste: several lines wait for Enter in a shell that knows bracketed paste. */
  paste(text: string): void {
    this.#terminal.paste(text)
  }

  press(key: string): void {
    this.#terminal.input(key)
  }

  focus(): void {
    this.#terminal.focus()
  }

  set fontSize(size: number) {
    this.#terminal.options.fontSize = size
    this.fit()
  }

  set reader(on: boolean) {
    this.#terminal.options.screenReaderMode = on
  }

  dress(): void {
    this.#terminal.options.theme = themeOf(this.#place)
  }

  dispose(): void {
    this.#observer.disconnect()
    this.#terminal.dispose()
  }

  #type(text: string, bytes: Uint8Array): void {
    if (this.#drawn < this.#answered && REPORT.test(text)) return
    this.#events.typed(bytes)
  }

  /** False keeps a key from the program. */
  #key(event: KeyboardEvent): boolean {
    const { code, ctrlKey, shiftKey } = event
    // Windows keeps Ctrl+Shift+Escape for itself; Ctrl+F6 goes to the next part of a window there.
    if ((ctrlKey && shiftKey && code === 'Escape') || (ctrlKey && code === 'F6')) {
      if (event.type === 'keydown') this.#events.leave()
      event.preventDefault()
      return false
    }
    if (ctrlKey && shiftKey && code === 'KeyC') {
      if (event.type === 'keydown' && this.#terminal.hasSelection()) copy(this.#terminal.getSelection())
      event.preventDefault()
      return false
    }
    // The browser pastes by itself; as a key it would also send ^V.
    return !(ctrlKey && shiftKey && code === 'KeyV')
  }
}

function copy(text: string): void {
  if (navigator.clipboard) void navigator.clipboard.writeText(text).catch(() => {})
  // Over plain HTTP on another computer's address there is no clipboard object; xterm answers this event.
  else document.execCommand('copy')
}

function fontOf(node: HTMLElement): string {
  return getComputedStyle(node).getPropertyValue('--font-mono').trim() || 'ui-monospace, monospace'
}
