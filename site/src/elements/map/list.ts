/** The same mail in words: a list to read, to walk through with the keyboard, and a voice that sums up what is new. */
import type { MapMail } from '../../../protocol.ts'
import { fill } from '../../i18n/index.ts'
import type { MapWords } from '../../i18n/map.ts'
import { clockTime } from '../dates.ts'
import { button, el } from '../page.ts'
import { envelope, FATES } from './marks.ts'

const MOST_ROWS = 100
/** Rows are put in together: reading a list that moves at each message is not possible. */
const DRAW_MS = 500
const SPEAK_MS = 4000

export class MailList {
  readonly node: HTMLElement
  readonly #list: HTMLOListElement
  readonly #empty: HTMLElement
  readonly #voice = el('p', { class: 'visually-hidden', role: 'status' })
  readonly #words: MapWords
  readonly #name: (place: string) => string
  readonly #onPick: (id: string) => void
  readonly #seen = new Set<string>()
  readonly #counts = new Map<string, HTMLElement>()
  readonly #sums = new Map<string, number>()
  #waiting: MapMail[] = []
  #drawing: ReturnType<typeof setTimeout> | undefined
  #unsaid: MapMail[] = []
  #speaking: ReturnType<typeof setTimeout> | undefined

  constructor(options: {
    words: MapWords
    empty: string
    name(place: string): string
    onPick(id: string): void
  }) {
    const { words, empty, name, onPick } = options
    this.#words = words
    this.#name = name
    this.#onPick = onPick
    const heading = el('h3', { id: 'map-list' }, words.list)
    this.#list = el('ol', { class: 'map-rows', 'aria-labelledby': 'map-list' })
    this.#empty = el('p', { class: 'map-empty' }, empty)
    const hint = el('p', { class: 'visually-hidden' }, words.listHint)
    this.node = el(
      'div',
      { class: 'map-list' },
      el('div', { class: 'map-list-head' }, heading, this.#legend()),
      hint,
      this.#empty,
      this.#list,
      this.#voice,
    )
    this.#list.addEventListener('keydown', event => this.#walk(event))
  }

  /** Gives those that are new: after a lost line the server tells again what it told. */
  add(mail: readonly MapMail[], past: boolean, missed: number): MapMail[] {
    const fresh = mail.filter(({ id }) => !this.#seen.has(id))
    for (const one of fresh) {
      this.#seen.add(one.id)
      this.#sums.set(one.fate, (this.#sums.get(one.fate) ?? 0) + 1)
    }
    // The server keeps 500; what it can't tell again need not be known.
    for (const id of this.#seen) {
      if (this.#seen.size <= 1000) break
      this.#seen.delete(id)
    }
    this.#waiting.push(...fresh)
    if (this.#waiting.length > MOST_ROWS) this.#waiting.splice(0, this.#waiting.length - MOST_ROWS)
    if (fresh.length > 0) this.#drawing ??= setTimeout(() => this.#draw(), past ? 0 : DRAW_MS)
    if (!past) this.#speak(fresh)
    if (missed > 0) this.#voice.textContent = fill(this.#words.missed, { n: missed })
    return fresh
  }

  #legend(): HTMLElement {
    const items = FATES.map(fate => {
      const count = el('b', {}, '0')
      this.#counts.set(fate, count)
      return el(
        'li',
        { class: `fate-${fate}`, title: this.#words.fateLong[fate] },
        envelope(fate),
        this.#words.fate[fate],
        ' ',
        count,
      )
    })
    return el('ul', { class: 'map-legend', 'aria-label': this.#words.legend }, ...items)
  }

  #draw(): void {
    this.#drawing = undefined
    const fresh = this.#waiting
    this.#waiting = []
    this.#empty.hidden = true
    for (const mail of fresh) this.#insert(mail)
    while (this.#list.childElementCount > MOST_ROWS) {
      const last = this.#list.lastElementChild
      // The row that one reads stays, as old as it may be.
      if (!last || last.contains(document.activeElement)) break
      last.remove()
    }
    for (const [fate, node] of this.#counts) node.textContent = String(this.#sums.get(fate) ?? 0)
    this.#oneTab()
  }

  /** Nearly always the newest; a learner's log may tell of an earlier moment. */
  #insert(mail: MapMail): void {
    const row = this.#row(mail)
    let before = this.#list.firstElementChild
    while (before instanceof HTMLElement && Number(before.dataset.at) > mail.at)
      before = before.nextElementSibling
    this.#list.insertBefore(row, before)
  }

  #row(mail: MapMail): HTMLLIElement {
    const fate = this.#words.fate[mail.fate]
    const node = button('', () => this.#onPick(mail.id), {
      class: `map-row fate-${mail.fate}`,
      tabindex: '-1',
    })
    node.append(
      envelope(mail.fate),
      el('time', { datetime: new Date(mail.at).toISOString() }, clockTime(mail.at)),
      el(
        'span',
        { class: 'map-who' },
        `${this.#name(mail.from)} `,
        el('span', { 'aria-hidden': 'true' }, '→'),
        el('span', { class: 'visually-hidden' }, this.#words.to),
        ` ${this.#name(mail.to)}`,
      ),
      el('span', { class: 'map-fate' }, mail.code >= 400 ? `${fate} ${mail.code}` : fate),
    )
    return el('li', { 'data-at': String(mail.at), 'data-id': mail.id }, node)
  }

  /** A hundred rows are one stop of the tab key. */
  #oneTab(wanted?: HTMLElement): void {
    const rows = [...this.#list.querySelectorAll<HTMLElement>('button')]
    const active = document.activeElement
    const one = wanted ?? rows.find(row => row === active) ?? rows[0]
    for (const row of rows) row.tabIndex = row === one ? 0 : -1
  }

  #walk(event: KeyboardEvent): void {
    const rows = [...this.#list.querySelectorAll<HTMLElement>('button')]
    const at = rows.indexOf(event.target as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key]
    const row = to === undefined ? undefined : rows[to]
    if (!row) return
    event.preventDefault()
    this.#oneTab(row)
    row.focus()
  }

  #speak(fresh: MapMail[]): void {
    this.#unsaid.push(...fresh)
    if (this.#unsaid.length === 0) return
    this.#speaking ??= setTimeout(() => {
      this.#speaking = undefined
      const all = this.#unsaid
      this.#unsaid = []
      const { fate, newOne, newMany } = this.#words
      const [only] = all
      if (only && all.length === 1) {
        const names = { from: this.#name(only.from), to: this.#name(only.to), fate: fate[only.fate] }
        this.#voice.textContent = fill(newOne, names)
      } else {
        const counts = FATES.map(one => [one, all.filter(mail => mail.fate === one).length] as const)
        const fates = counts.filter(([, n]) => n > 0).map(([one, n]) => `${n} ${fate[one]}`)
        this.#voice.textContent = fill(newMany, { n: all.length, fates: fates.join(', ') })
      }
    }, SPEAK_MS)
  }
}
