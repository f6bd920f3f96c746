/**
 * <lab-terminal machines="server desk">: terminals on the lab's machines, in tabs. `type()` writes into one as if
 * typed; the bubbling event `terminal-activity` ({ machine, kind }) tells that something was typed or printed.
 *
 * Keys go to the shell, Tab too; Ctrl+Shift+Escape or Ctrl+F6 leaves it for the bar below.
 */
import type { MachineName } from '../../protocol.ts'
import { isMachine, MACHINE_NAMES } from '../data/machines.ts'
import { button, el, lang, memory } from './page.ts'
import './terminal/lab-terminal.css'
import { Status } from './terminal/status.ts'
import { Tab } from './terminal/tab.ts'
import { onTheme } from './terminal/theme.ts'
import { terminalWords } from './terminal/words.ts'

const words = terminalWords(lang)
const FONT = { least: 9, most: 28, usual: 14 }
/** The holder in a machine keeps 32 for all pages. */
const MOST_TABS = 6
const ACTIVITY_MS = 500

class LabTerminal extends HTMLElement {
  readonly #tabs: Tab[] = []
  #current: Tab | undefined
  readonly #list = el('div', { role: 'tablist', 'aria-label': words.tabs, class: 'terminal-tabs' })
  readonly #panels = el('div', { class: 'terminal-panels' })
  readonly #status = new Status(words)
  readonly #close = button('×', () => this.#closeCurrent(), { class: 'terminal-close' })
  readonly #reader = button(words.reader, () => this.#toggleReader(), { class: 'terminal-reader' })
  readonly #after = el('span', { tabindex: '-1', class: 'terminal-after' })
  #fontSize = clampFont(Number(memory.get('terminal-font') ?? FONT.usual))
  #readerOn = memory.get('terminal-reader') === 'on'
  #lastActivity = 0
  readonly #ends: (() => void)[] = []

  connectedCallback(): void {
    if (!this.firstChild) this.#build()
    const hurry = () => {
      if (!document.hidden) for (const tab of this.#tabs) tab.hurry()
    }
    const fit = () => this.#current?.fit()
    addEventListener('online', hurry)
    addEventListener('pageshow', hurry)
    addEventListener('resize', fit)
    document.addEventListener('visibilitychange', hurry)
    this.#ends.push(
      () => removeEventListener('online', hurry),
      () => removeEventListener('pageshow', hurry),
      () => removeEventListener('resize', fit),
      () => document.removeEventListener('visibilitychange', hurry),
      onTheme(() => {
        for (const tab of this.#tabs) tab.dress()
      }),
    )
    if (this.#current) this.#show(this.#current)
  }

  disconnectedCallback(): void {
    for (const end of this.#ends.splice(0)) end()
    // Moved within the page it comes back in the same turn; otherwise the shells are let go of, and stay.
    queueMicrotask(() => {
      if (!this.isConnected) for (const tab of this.#tabs.splice(0)) tab.leave()
    })
  }

  /**
   * Writes a text into a terminal of `machine`, opening one if there is none; `run` also presses Enter. Several lines
   * wait for Enter together where the shell knows bracketed paste. Rejects when no shell answers in time.
   */
  async type(text: string, options: { machine: MachineName; run?: boolean }): Promise<void> {
    const { machine } = options
    const tab =
      this.#current?.machine === machine
        ? this.#current
        : (this.#tabs.find(one => one.machine === machine) ?? this.#add(machine))
    this.#show(tab)
    await tab.type(text.replace(/\n+$/, ''), options.run ?? false)
    tab.focus()
  }

  /** Puts the keyboard into the terminal that is shown. */
  override focus(): void {
    this.#current?.focus()
  }

  /** The machines are others: empty terminals on them, in the place of those that showed the ones of before. */
  renew(): void {
    for (const tab of this.#tabs.splice(0)) tab.drop()
    for (const machine of this.#machines) this.#add(machine)
    const [first] = this.#tabs
    if (first) this.#show(first)
  }

  get #machines(): MachineName[] {
    return (this.getAttribute('machines') ?? 'server desk').split(/\s+/).filter(isMachine)
  }

  #build(): void {
    const machines = this.#machines
    const skip = button(words.skip, () => this.#after.focus(), { class: 'terminal-skip' })
    const more = machines.map(machine =>
      button(`+ ${words.machine[machine]}`, () => this.#open(machine), {
        class: 'terminal-more',
        title: words.more[machine],
      }),
    )
    // The signs are the style sheet's: a name must hold the text that one sees, and «A−» is none to say.
    const font = (name: 'smaller' | 'larger', by: number) =>
      button('', () => this.#setFont(this.#fontSize + by), {
        class: `terminal-${name}`,
        'aria-label': words[name],
        title: words[name],
      })
    this.append(
      skip,
      el(
        'div',
        { class: 'terminal-head' },
        this.#list,
        this.#close,
        el('span', { class: 'terminal-gap' }),
        ...more,
      ),
      this.#panels,
      el(
        'div',
        { class: 'terminal-foot' },
        this.#status.node,
        el('span', { class: 'terminal-hint' }, words.leave),
        font('smaller', -1),
        font('larger', 1),
        this.#reader,
      ),
      this.#after,
    )
    this.#reader.setAttribute('aria-pressed', String(this.#readerOn))
    this.#list.addEventListener('keydown', event => this.#arrow(event))
    for (const [machine, n] of openBefore(machines)) this.#add(machine, n)
    this.#current = this.#tabs[0]
  }

  #add(machine: MachineName, wanted?: number): Tab {
    const taken = new Set(this.#tabs.filter(tab => tab.machine === machine).map(tab => tab.n))
    let n = wanted ?? 1
    while (taken.has(n)) n++
    const tab = new Tab({
      machine,
      n,
      words,
      lang,
      look: () => ({ fontSize: this.#fontSize, reader: this.#readerOn }),
      changed: one => one === this.#current && this.#tell(),
      activity: (one, kind) => this.#activity(one, kind),
      leave: () => this.#reader.focus(),
    })
    tab.button.addEventListener('click', () => {
      this.#show(tab)
      tab.focus()
    })
    // Server terminals stand before those of the desk.
    const rank = (one: Tab) => MACHINE_NAMES.indexOf(one.machine) * 100 + one.n
    const at = this.#tabs.findIndex(one => rank(one) > rank(tab))
    const place = at < 0 ? this.#tabs.length : at
    this.#list.insertBefore(tab.button, this.#tabs[place]?.button ?? null)
    this.#panels.append(tab.panel)
    this.#tabs.splice(place, 0, tab)
    tab.show(false)
    this.#remember()
    return tab
  }

  #open(machine: MachineName, n?: number): void {
    const tab = this.#add(machine, n)
    this.#show(tab)
    void tab.start().then(() => tab.focus())
  }

  #show(tab: Tab): void {
    this.#current = tab
    for (const one of this.#tabs) one.show(one === tab)
    tab.start().catch(() => this.#status.say(words.failed, { label: words.now, act: () => this.#show(tab) }))
    this.#tell()
  }

  #closeCurrent(): void {
    const tab = this.#current
    if (!tab) return
    const { machine, n, name } = tab
    const at = this.#tabs.indexOf(tab)
    this.#tabs.splice(at, 1)
    void tab.close()
    this.#remember()
    this.#current = this.#tabs[Math.min(at, this.#tabs.length - 1)]
    if (this.#current) {
      this.#show(this.#current)
      this.#current.button.focus()
    } else this.#tell()
    this.#status.say(words.closed(name), { label: words.reopen, act: () => this.#open(machine, n) })
  }

  #tell(): void {
    const tab = this.#current
    this.#close.hidden = !tab
    if (tab) this.#close.setAttribute('aria-label', words.closeTab(tab.name))
    if (tab) this.#close.title = words.closeTab(tab.name)
    for (const more of this.querySelectorAll<HTMLElement>('.terminal-more'))
      more.hidden = this.#tabs.length >= MOST_TABS
    this.#status.follow(tab)
  }

  #arrow(event: KeyboardEvent): void {
    const at = this.#current ? this.#tabs.indexOf(this.#current) : 0
    const all = this.#tabs.length
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all - 1 }[event.key]
    if (event.key === 'Delete') this.#closeCurrent()
    else if (to === undefined) return
    const next = to === undefined ? undefined : this.#tabs[(to + all) % all]
    if (next) {
      this.#show(next)
      next.button.focus()
    }
    event.preventDefault()
  }

  #setFont(size: number): void {
    this.#fontSize = clampFont(size)
    memory.set('terminal-font', String(this.#fontSize))
    for (const tab of this.#tabs) tab.look()
  }

  #toggleReader(): void {
    this.#readerOn = !this.#readerOn
    memory.set('terminal-reader', this.#readerOn ? 'on' : 'off')
    this.#reader.setAttribute('aria-pressed', String(this.#readerOn))
    for (const tab of this.#tabs) tab.look()
    this.#status.say(this.#readerOn ? words.readerOn : words.readerOff)
  }

  #activity(tab: Tab, kind: 'input' | 'output'): void {
    const now = performance.now()
    if (now - this.#lastActivity < ACTIVITY_MS) return
    this.#lastActivity = now
    this.dispatchEvent(
      new CustomEvent('terminal-activity', { bubbles: true, detail: { machine: tab.machine, kind } }),
    )
  }

  #remember(): void {
    memory.set('terminals', this.#tabs.map(tab => `${tab.machine}.${tab.n}`).join(' '))
  }
}

const clampFont = (size: number): number =>
  Number.isFinite(size) ? Math.max(FONT.least, Math.min(FONT.most, Math.round(size))) : FONT.usual

/** The terminals that were open in this browser, and in any case the first of each machine. */
function openBefore(machines: MachineName[]): [MachineName, number][] {
  const found = new Map<string, [MachineName, number]>()
  for (const machine of machines) found.set(`${machine}.1`, [machine, 1])
  for (const entry of (memory.get('terminals') ?? '').split(' ')) {
    const [machine = '', n = ''] = entry.split('.')
    if (isMachine(machine) && machines.includes(machine) && /^[1-9]$/.test(n) && found.size < MOST_TABS)
      found.set(entry, [machine, Number(n)])
  }
  return [...found.values()]
}

customElements.define('lab-terminal', LabTerminal)

declare global {
  interface HTMLElementTagNameMap {
    'lab-terminal': LabTerminal
  }
}
