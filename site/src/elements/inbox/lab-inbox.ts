/** <lab-inbox>: the participant's mailboxes at the providers; asks again when one comes back to the page. */
import type { PersonAnswer } from '../../../protocol.ts'
import { fill } from '../../i18n/index.ts'
import { clockTime } from '../dates.ts'
import { labIsHere } from '../me.ts'
import { button, el, lang, words } from '../page.ts'
import { changeMessage, deleteMessage, fetchInbox, fetchMessage, type Place } from './api.ts'
import { type Box, boxButtons, envelopes, friendList, REFUSED, refusedKey } from './list.ts'
import { messageView, refusedView } from './message.ts'

const text = words.inbox

class LabInbox extends HTMLElement {
  readonly #status = el('p', { class: 'inbox-status', role: 'status' })
  readonly #boxes = el('div')
  readonly #list = el('div', { class: 'inbox-list' })
  readonly #message = el('div', { class: 'inbox-message' })
  readonly #rest = el('div')
  #answer: PersonAnswer | null = null
  #box: Box = ''
  #current: string | null = null
  /** The last thing asked for is shown, whatever answers first. */
  #asked = 0

  connectedCallback(): void {
    if (!labIsHere()) {
      this.replaceChildren(note(words.lab.absentTitle, words.lab.absent))
      return
    }
    const refresh = button(text.refresh, () => void this.#refresh(), { class: 'quiet' })
    this.replaceChildren(
      el('div', { class: 'inbox-bar' }, this.#boxes, refresh),
      this.#status,
      el('div', { class: 'inbox-desk' }, this.#list, this.#message),
      this.#rest,
    )
    this.#say(text.loading)
    // One comes back from a terminal, in another tab or another window.
    addEventListener('focus', () => void this.#refresh())
    void this.#refresh()
  }

  async #refresh(done = ''): Promise<void> {
    const asked = ++this.#asked
    try {
      const answer = await fetchInbox()
      if (asked !== this.#asked) return
      this.#answer = answer
      const time = fill(text.refreshed, { time: clockTime(Date.now()) })
      this.#say(done ? `${done} ${time}` : time)
      this.#render()
    } catch (error) {
      if (asked === this.#asked) this.#fail(error)
    }
  }

  #say(sentence: string): void {
    this.#status.textContent = sentence
  }

  #fail(error: unknown): void {
    this.#say(fill(text.failed, { message: error instanceof Error ? error.message : String(error) }))
  }

  #render(): void {
    const answer = this.#answer
    if (!answer) return
    const [first] = answer.mailboxes
    if (!first) {
      this.replaceChildren(
        note('', text.none, el('a', { class: 'button primary', href: `/${lang}/#steps` }, text.toSteps)),
      )
      return
    }
    const known = this.#box === REFUSED || answer.mailboxes.some(({ provider }) => provider === this.#box)
    // At first the box in which something lies.
    if (!known) this.#box = (answer.mailboxes.find(({ messages }) => messages.length > 0) ?? first).provider
    if (!this.#message.childElementCount) this.#close()
    this.#keepingFocus(() => {
      this.#boxes.replaceChildren(boxButtons(answer, this.#box, box => this.#choose(box)))
      this.#list.replaceChildren(envelopes(answer, this.#box, this.#current, key => void this.#open(key)))
    })
    if (!this.#rest.childElementCount)
      this.#rest.replaceChildren(friendList(answer), el('p', { class: 'inbox-note' }, text.passwords))
  }

  /** Drawing a list anew must not take the keyboard's place in it. */
  #keepingFocus(draw: () => void): void {
    const { dataset } = (document.activeElement ?? this) as HTMLElement
    const { box, key } = dataset
    draw()
    const find = (name: string, value: string | undefined) =>
      value === undefined ? null : this.querySelector<HTMLElement>(`[data-${name}="${CSS.escape(value)}"]`)
    ;(find('box', box) ?? find('key', key))?.focus()
  }

  #choose(box: Box): void {
    this.#box = box
    this.#close()
    this.#render()
  }

  #close(): void {
    this.#current = null
    this.#message.replaceChildren(el('p', { class: 'empty' }, text.choose))
  }

  async #open(key: string): Promise<void> {
    this.#current = key
    this.#render()
    if (this.#box === REFUSED) {
      const event = this.#answer?.refused.find(one => refusedKey(one) === key)
      if (event) this.#show(refusedView(event))
      return
    }
    const place: Place = { provider: this.#box, id: key }
    try {
      const message = await fetchMessage(place)
      if (this.#current !== key) return
      this.#show(
        messageView(message, `${place.provider}.test`, {
          move: folder => void this.#act(changeMessage(place, { folder, seen: true }), text.done[folder]),
          remove: () => void this.#act(deleteMessage(place), text.done.deleted),
        }),
      )
      if (!message.unread) return
      await changeMessage(place, { seen: true })
      await this.#refresh()
    } catch (error) {
      this.#fail(error)
    }
  }

  #show(view: Node[]): void {
    this.#message.replaceChildren(...view)
    const title = this.#message.querySelector<HTMLElement>('.message-title')
    title?.focus({ preventScroll: true })
    title?.scrollIntoView({ block: 'nearest' })
  }

  async #act(work: Promise<unknown>, done: string): Promise<void> {
    try {
      await work
      this.#close()
      await this.#refresh(done)
      // What had the focus is gone with the message.
      this.querySelector<HTMLElement>(`[data-box="${CSS.escape(this.#box)}"]`)?.focus()
    } catch (error) {
      this.#fail(error)
    }
  }
}

const note = (title: string, sentence: string, ...more: Node[]): HTMLElement =>
  el(
    'div',
    { class: 'inbox-none' },
    title ? el('h2', {}, title) : null,
    el('p', {}, sentence),
    more.length ? el('p', {}, ...more) : null,
  )

customElements.define('lab-inbox', LabInbox)
