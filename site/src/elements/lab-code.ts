/** <lab-code machine="server">: adds «type into the terminal» and «copy» to a code block. */

import { isMachine } from '../data/machines.ts'
import { fill } from '../i18n/index.ts'
import { live } from './live.ts'
import { button, el, words } from './page.ts'
import { terminal } from './terminal-mount.ts'

const text = words.code
const SAID_MS = 4000

class LabCode extends HTMLElement {
  readonly #voice = el('span', { class: 'code-said', role: 'status' })
  #timer: ReturnType<typeof setTimeout> | undefined

  connectedCallback(): void {
    if (this.querySelector('.code-buttons')) return
    const machine = this.getAttribute('machine') ?? ''
    const buttons = el('div', { class: 'code-buttons' }, this.#voice)
    if (isMachine(machine)) {
      const name = words.machine[machine]
      buttons.append(
        button(text.type, () => void this.#type(), { title: fill(text.typeHint, { machine: name }) }),
      )
    }
    buttons.append(button(text.copy, () => void this.#copy()))
    this.querySelector('.code-head')?.append(buttons)
  }

  get code(): string {
    return [...this.querySelectorAll('pre .code')]
      .map(line => line.textContent?.replace(/\n$/, '') ?? '')
      .join('\n')
  }

  async #type(): Promise<void> {
    const machine = this.getAttribute('machine') ?? ''
    if (!isMachine(machine)) return
    this.dispatchEvent(new CustomEvent('pane-wanted', { bubbles: true, detail: 'terminal' }))
    if (live.link.state !== 'open') return this.#say(text.notTyped)
    if (live.lab?.state === 'closed') live.send({ type: 'open' })
    if (live.lab?.state !== 'open') this.#say(text.waiting)
    try {
      await (await terminal).type(this.code, { machine, run: false })
      this.#say(fill(text.typed, { machine: words.machine[machine] }))
    } catch {
      this.#say(text.notTyped)
    }
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.code)
      this.#say(text.copied)
    } catch {
      // Plain HTTP on another computer's address is no secure context: the clipboard is closed there.
      this.#say(text.notCopied)
    }
  }

  #say(words: string): void {
    clearTimeout(this.#timer)
    this.#voice.textContent = words
    this.#timer = setTimeout(() => {
      this.#voice.textContent = ''
    }, SAID_MS)
  }
}

customElements.define('lab-code', LabCode)
