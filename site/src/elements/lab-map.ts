/**
 * <lab-map view="own|room">: the lab internet's mail, live: a picture, beside it a list that says the same, and the
 * history of what one picks. With the attribute `asleep` it lets its socket go, and what runs behind it.
 */
import { mapWords } from '../i18n/map.ts'
import { History } from './map/history.ts'
import { MapLink } from './map/link.ts'
import { MailList } from './map/list.ts'
import { Picture } from './map/picture.ts'
import { el, lang } from './page.ts'

const words = mapWords(lang)

class LabMap extends HTMLElement {
  static observedAttributes = ['asleep']
  #link: MapLink | undefined

  connectedCallback(): void {
    if (this.#link) {
      this.#wake()
      return
    }
    const view = this.getAttribute('view') === 'room' ? 'room' : 'own'
    const name = (place: string) => (place === 'elsewhere' ? words.elsewhere : place)
    const history = new History(words, name)
    const pick = (id: string) => void history.show(id, link.history(id))
    const picture = new Picture(view, words, pick)
    const empty = view === 'room' ? words.emptyRoom : words.empty
    const list = new MailList({ words, empty, name, onPick: pick })
    const state = el('p', { class: 'map-state', role: 'status' }, words.connecting)
    const link = new MapLink(view, {
      state: now => {
        state.textContent = now === 'open' ? '' : words[now]
      },
      places: (own, places) => picture.places(own, places),
      mail: (mail, past, missed) => {
        const fresh = list.add(mail, past, missed)
        picture.meet(fresh)
        if (!past) for (const one of fresh) picture.fly(one)
      },
    })
    this.#link = link
    const head =
      view === 'own'
        ? el(
            'div',
            { class: 'map-head' },
            el('h2', {}, words.title),
            el('a', { href: `/${lang}/map/` }, words.toRoom),
          )
        : null
    const body = el('div', { class: 'map-body' }, picture.node, list.node)
    this.append(...(head ? [head] : []), state, body, history.node)
    addEventListener('online', () => this.#wake())
    document.addEventListener('visibilitychange', () => this.#wake())
    // A page in the back-forward cache may keep no open socket.
    addEventListener('pagehide', () => link.leave())
    addEventListener('pageshow', event => event.persisted && this.#wake())
    this.#wake()
  }

  disconnectedCallback(): void {
    this.#link?.leave()
  }

  attributeChangedCallback(): void {
    if (this.hasAttribute('asleep')) this.#link?.leave()
    else this.#wake()
  }

  #wake(): void {
    if (this.isConnected && !this.hasAttribute('asleep') && !document.hidden) this.#link?.connect()
  }
}

customElements.define('lab-map', LabMap)
