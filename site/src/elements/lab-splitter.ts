/**
 * <lab-splitter name="columns" orientation="vertical">: the bar between two panes, moved by pointer or keyboard
 * (arrows, Page Up and Down, Home, End; Enter goes back to the middle). Its value is the first pane's share in
 * percent, kept as the custom property --split-NAME on <html> and remembered.
 * Pattern: https://www.w3.org/WAI/ARIA/apg/patterns/windowsplitter/
 */
import { memory } from './page.ts'

const MIN = 20
const MAX = 80
const KEYS: Record<string, number> = {
  ArrowLeft: -2,
  ArrowUp: -2,
  ArrowRight: 2,
  ArrowDown: 2,
  PageUp: -10,
  PageDown: 10,
  Home: -100,
  End: 100,
}

const root = document.documentElement

class LabSplitter extends HTMLElement {
  get #name(): string {
    return this.getAttribute('name') ?? ''
  }

  get #vertical(): boolean {
    return this.getAttribute('aria-orientation') === 'vertical'
  }

  get #middle(): number {
    return Number(this.getAttribute('middle')) || 50
  }

  get value(): number {
    return Number.parseFloat(root.style.getPropertyValue(`--split-${this.#name}`)) || this.#middle
  }

  connectedCallback(): void {
    this.tabIndex = 0
    this.#set(this.value)
    this.addEventListener('keydown', event => this.#key(event))
    this.addEventListener('dblclick', () => this.#keep(this.#middle))
    this.addEventListener('pointerdown', event => {
      if (event.button !== 0) return
      event.preventDefault()
      this.setPointerCapture(event.pointerId)
      this.focus()
    })
    this.addEventListener('pointermove', event => {
      if (this.hasPointerCapture(event.pointerId)) this.#set(this.#share(event))
    })
    this.addEventListener('lostpointercapture', () => this.#keep(this.value))
  }

  #share(event: PointerEvent): number {
    const box = (this.parentElement ?? this).getBoundingClientRect()
    const [at, size] = this.#vertical
      ? [event.clientX - box.left, box.width]
      : [event.clientY - box.top, box.height]
    return size ? (at / size) * 100 : this.#middle
  }

  #key(event: KeyboardEvent): void {
    const by = KEYS[event.key]
    if (by === undefined && event.key !== 'Enter') return
    event.preventDefault()
    this.#keep(by === undefined ? this.#middle : this.value + by)
  }

  #set(percent: number): void {
    const value = Math.round(Math.min(MAX, Math.max(MIN, percent)) * 10) / 10
    root.style.setProperty(`--split-${this.#name}`, `${value}%`)
    this.setAttribute('aria-valuemin', String(MIN))
    this.setAttribute('aria-valuemax', String(MAX))
    this.setAttribute('aria-valuenow', String(Math.round(value)))
    dispatchEvent(new Event('resize'))
  }

  #keep(percent: number): void {
    this.#set(percent)
    memory.set(`split-${this.#name}`, String(this.value))
  }
}

customElements.define('lab-splitter', LabSplitter)
