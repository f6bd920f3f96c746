/** <lab-blocklist>: one's addresses at the blocklist; looks again when one comes back to the page. */
import type { BlocklistAnswer, DelistAnswer } from '../../../protocol.ts'
import { blocklistWords } from '../../i18n/blocklist.ts'
import { fill } from '../../i18n/index.ts'
import { clockTime } from '../dates.ts'
import { labIsHere } from '../me.ts'
import { button, words as common, el, lang } from '../page.ts'
import { type Asked, listingView } from './listing.ts'

const words = blocklistWords(lang)

async function call<T>(method: 'GET' | 'POST', path: string): Promise<T> {
  const headers = { accept: 'application/json' }
  const answer = await fetch(`/api/blocklist${path}?lang=${lang}`, { method, headers }).catch(() => {
    throw new Error(words.unreachable)
  })
  const value = (await answer.json().catch(() => ({}))) as T & { message?: string }
  if (!answer.ok) throw new Error(value.message ?? `${answer.status}`)
  return value
}

class LabBlocklist extends HTMLElement {
  readonly #status = el('p', { class: 'inbox-status', role: 'status' })
  readonly #sum = el('p', { class: 'sum' })
  readonly #list = el('div', { class: 'listings' })
  readonly #asked = new Map<string, Asked>()
  #answer: BlocklistAnswer = { addresses: [] }
  #asking: string | null = null
  /** The last look is shown, whatever answers first. */
  #looks = 0

  connectedCallback(): void {
    if (!labIsHere()) {
      this.replaceChildren(el('h2', {}, common.lab.absentTitle), el('p', {}, common.lab.absent))
      return
    }
    const again = button(words.refresh, () => void this.#refresh(), { class: 'quiet' })
    this.replaceChildren(el('div', { class: 'blocklist-bar' }, this.#sum, again), this.#status, this.#list)
    // One comes back from a terminal, in another tab or another window.
    addEventListener('focus', () => void this.#refresh())
    setInterval(() => this.#tick(), 1000)
    void this.#refresh()
  }

  async #refresh(): Promise<void> {
    const look = ++this.#looks
    try {
      const answer = await call<BlocklistAnswer>('GET', '')
      if (look !== this.#looks) return
      this.#answer = answer
      this.#draw()
      this.#say(fill(words.looked, { time: clockTime(Date.now()) }))
    } catch (error) {
      if (look === this.#looks) this.#fail(error)
    }
  }

  #say(sentence: string): void {
    this.#status.textContent = sentence
  }

  #fail(error: unknown): void {
    this.#say(fill(words.failed, { message: (error as Error).message }))
  }

  #draw(): void {
    const { addresses } = this.#answer
    const all = addresses.length
    if (all === 0) {
      const toSteps = el('a', { class: 'button primary', href: `/${lang}/#steps` }, words.toSteps)
      this.#sum.textContent = words.noAddresses
      this.#list.replaceChildren(el('p', {}, toSteps))
      return
    }
    const n = addresses.filter(({ listed }) => listed).length
    const sentence = n === 0 ? words.noneListed : n === 1 ? words.oneListed : words.someListed
    this.#sum.textContent = fill(sentence, { n, all })
    const open = new Set(
      [...this.querySelectorAll<HTMLDetailsElement>('details[open]')].map(node => node.dataset.details),
    )
    const { ask, address } = (document.activeElement as HTMLElement | null)?.dataset ?? {}
    this.#list.replaceChildren(
      ...addresses.map((state, place) =>
        listingView(words, {
          state,
          // The registry has the server's two addresses first (containers/registration.ts).
          machine: words.machine[place < 2 ? 'server' : 'desk'],
          asked: this.#asked.get(state.address),
          asking: this.#asking === state.address,
          ask: () => void this.#ask(state.address),
        }),
      ),
    )
    for (const node of this.querySelectorAll('details'))
      if (node.dataset.details && open.has(node.dataset.details)) node.open = true
    const focus = ask ? `[data-ask="${ask}"]` : address ? `[data-address="${address}"]` : null
    if (focus) this.querySelector<HTMLElement>(focus)?.focus()
  }

  async #ask(address: string): Promise<void> {
    if (this.#asking) return
    this.#asking = address
    this.#draw()
    this.#say(words.asking)
    try {
      const answer = await call<DelistAnswer>('POST', `/${encodeURIComponent(address)}/delist`)
      this.#asked.set(address, { answer, until: Date.now() + answer.waitSeconds * 1000 })
      this.#asking = null
      await this.#refresh()
      this.#say(`${address}: ${answer.granted ? words.granted : words.refused}. ${answer.why[lang]}`)
      // The button is gone with the listing.
      if (answer.granted) this.querySelector<HTMLElement>(`[data-address="${address}"]`)?.focus()
    } catch (error) {
      this.#asking = null
      this.#draw()
      this.#fail(error)
    }
  }

  #tick(): void {
    for (const node of this.querySelectorAll<HTMLElement>('[data-wait]')) {
      const left = Math.ceil((Number(node.dataset.wait) - Date.now()) / 1000)
      if (!this.#asking) node.textContent = node.dataset.wait && left > 0 ? fill(words.wait, { n: left }) : ''
    }
  }
}

customElements.define('lab-blocklist', LabBlocklist)
