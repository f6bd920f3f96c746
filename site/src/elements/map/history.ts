/** The history of one message: what became of it, why, what was proved of its sender, and the dialogue itself. */
import type { MapHistory } from '../../../protocol.ts'
import { fill } from '../../i18n/index.ts'
import type { MapWords } from '../../i18n/map.ts'
import { frenchSpaces } from '../../lib/french.ts'
import { clockTime } from '../dates.ts'
import { button, el, lang } from '../page.ts'
import { envelope } from './marks.ts'

const say = (text: string) => (lang === 'fr' ? frenchSpaces(text) : text)

export class History {
  readonly node: HTMLDialogElement
  readonly #words: MapWords
  readonly #name: (place: string) => string
  #wanted = ''

  constructor(words: MapWords, name: (place: string) => string) {
    this.#words = words
    this.#name = name
    this.node = el('dialog', { class: 'map-history', 'aria-labelledby': 'map-history-title' })
  }

  async show(id: string, fetched: Promise<MapHistory | null>): Promise<void> {
    this.#wanted = id
    this.#fill(el('p', {}, this.#words.waiting))
    if (!this.node.open) this.node.showModal()
    const history = await fetched
    if (this.#wanted !== id || !this.node.open) return
    this.#fill(...(history ? this.#parts(history) : [el('p', {}, this.#words.forgotten)]))
  }

  #fill(...parts: Node[]): void {
    const close = button(this.#words.close, () => this.node.close())
    const title = el('h3', { id: 'map-history-title', tabindex: '-1' }, this.#words.history)
    this.node.replaceChildren(title, ...parts, el('p', { class: 'dialog-buttons' }, close))
    // One reads from the top; the button is below all, and would scroll a long history to its end.
    title.focus()
  }

  #parts(history: MapHistory): Node[] {
    const words = this.#words
    const { fate, from, to, transcript, reasons, authentication, log } = history
    const verdict = el(
      'p',
      { class: `map-verdict fate-${fate}` },
      envelope(fate),
      el('span', {}, el('b', {}, `${this.#name(from)} → ${this.#name(to)}`), el('br'), words.fateLong[fate]),
    )
    const parts: Node[] = [verdict]
    if (reasons.length > 0) {
      parts.push(el('h4', {}, words.why))
      parts.push(
        el(
          'ul',
          { class: 'map-reasons' },
          ...reasons.map(({ text, rule }) =>
            el(
              'li',
              {},
              ...[say(text), ' ', el('code', {}, rule)],
              ...(rule === 'blocklisted'
                ? [' ', el('a', { href: `/${lang}/blocklist/`, target: 'blocklist' }, words.toBlocklist)]
                : []),
            ),
          ),
        ),
      )
    }
    parts.push(this.#facts(history))
    if (authentication) {
      const { header, ...results } = authentication
      parts.push(el('h4', {}, words.authentication))
      const list = el('ul', { class: 'map-proofs' })
      for (const [method, result] of Object.entries(results))
        list.append(el('li', { 'data-result': result }, `${method.toUpperCase()} `, el('b', {}, result)))
      parts.push(list)
      if (header) parts.push(el('pre', { tabindex: '0' }, header))
    }
    if (transcript) parts.push(el('h4', {}, words.dialogue), el('pre', { tabindex: '0' }, transcript))
    parts.push(
      el('p', { class: 'map-by' }, log === null ? words.byProvider : fill(words.byServer, { server: log })),
    )
    return parts
  }

  #facts(history: MapHistory): HTMLElement {
    const words = this.#words
    const { envelope, subject, size, tls, reply, at, log } = history
    const list = el('dl', { class: 'map-facts' })
    const fact = (label: string, value: string, code = false) => {
      list.append(el('div', {}, el('dt', {}, label), el('dd', {}, code ? el('code', {}, value) : value)))
    }
    if (reply) fact(words.reply, reply, true)
    fact(words.sender, envelope.from || words.noSender, envelope.from !== '')
    fact(words.recipients, envelope.to.join(', '), true)
    if (subject) fact(words.subject, subject)
    fact(words.when, clockTime(at))
    // A learner's log says neither.
    if (log === null) fact(words.connection, tls ? fill(words.encrypted, { tls }) : words.plain)
    if (size > 0)
      fact(words.size, fill(words.bytes, { n: size.toLocaleString(lang === 'fr' ? 'fr-FR' : 'en-GB') }))
    return list
  }
}
