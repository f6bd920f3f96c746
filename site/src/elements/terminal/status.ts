/** The line below the terminals: what the connection does, in words, and what one can do about it. */
import { button, el } from '../page.ts'
import type { Tab } from './tab.ts'
import type { TerminalWords } from './words.ts'

interface Action {
  label: string
  act(): void
}

/** Shorter interruptions are over before anybody could read of them. */
const BLIP_MS = 500
const NEWS_MS = 8000

export class Status {
  readonly node: HTMLElement
  readonly #words: TerminalWords
  readonly #text = el('span')
  /** Changes each second: not for the ears. */
  readonly #count = el('span', { 'aria-hidden': 'true' })
  readonly #action = el('span')
  #tab: Tab | undefined
  #news: { text: string; action: Action | undefined } | undefined
  #newsTimer: ReturnType<typeof setTimeout> | undefined
  #blip: ReturnType<typeof setTimeout> | undefined
  #clock: ReturnType<typeof setInterval> | undefined
  #lostSince: number | undefined

  constructor(words: TerminalWords) {
    this.#words = words
    this.node = el('p', { class: 'terminal-status', role: 'status' }, this.#text, this.#count, this.#action)
  }

  /** Says a thing for some seconds. */
  say(text: string, action?: Action): void {
    clearTimeout(this.#newsTimer)
    this.#news = { text, action }
    this.#newsTimer = setTimeout(() => {
      this.#news = undefined
      this.#render()
    }, NEWS_MS)
    this.#render()
  }

  /** Shows how it stands with a terminal. */
  follow(tab: Tab | undefined): void {
    if (tab !== this.#tab) this.#lostSince = undefined
    this.#tab = tab
    const state = tab?.state.state
    if (state === 'open' || state === 'ended' || state === 'closed' || !state) this.#lostSince = undefined
    else this.#lostSince ??= performance.now()
    clearTimeout(this.#blip)
    if (this.#lostSince !== undefined) this.#blip = setTimeout(() => this.#render(), BLIP_MS)
    this.#render()
  }

  #render(): void {
    clearInterval(this.#clock)
    this.#count.textContent = ''
    const tab = this.#tab
    const state = tab?.state
    const words = this.#words
    const lost = this.#lostSince !== undefined && performance.now() - this.#lostSince >= BLIP_MS - 50
    if (tab && state?.state === 'ended')
      this.#put(words.ended(state.code), { label: words.next, act: () => tab.next() })
    else if (tab && lost && state?.state === 'waiting') {
      this.#put(state.message ?? words.lost, { label: words.now, act: () => tab.hurry() })
      const tick = () => {
        this.#count.textContent = ` ${words.again(Math.max(0, Math.ceil((state.retryAt - Date.now()) / 1000)))} `
      }
      tick()
      this.#clock = setInterval(tick, 1000)
    } else if (lost && state?.state === 'connecting') {
      // Between two tries the words stay as they were.
      if (!this.#text.textContent) this.#put(words.connecting)
    } else if (this.#news) this.#put(this.#news.text, this.#news.action)
    else this.#put(tab?.notice ?? '')
  }

  #put(text: string, action?: Action): void {
    // A status that is written again, even unchanged, is read aloud again.
    if (this.#text.textContent !== text) this.#text.textContent = text
    if (this.#action.textContent === (action?.label ?? '')) return
    this.#action.replaceChildren(...(action ? [button(action.label, action.act)] : []))
  }
}
