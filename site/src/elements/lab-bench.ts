/**
 * <lab-bench>: the panes of a step page (lesson, terminal, tasks, and in the tasks' place the mail map or the
 * registrar), the switch that shows and hides them, and the sizes that one chose. On a narrow screen one pane is shown at a time.
 * public/first.js puts the remembered state on <html> before the page is drawn; the style sheet does the rest.
 */
import { memory } from './page.ts'

export const PANES = ['lesson', 'terminal', 'tasks', 'map', 'registrar'] as const
/** They stand where the tasks are: one of the three is seen. */
export const GUESTS = ['map', 'registrar'] as const
export type Guest = (typeof GUESTS)[number]
export type Pane = (typeof PANES)[number]

const isPane = (name: unknown): name is Pane => PANES.includes(name as Pane)

const isGuest = (name: unknown): name is Guest => GUESTS.includes(name as Guest)

const root = document.documentElement
/** Same width as in styles/bench.css. */
const narrow = matchMedia('(width < 56rem)')

class LabBench extends HTMLElement {
  #guest: Guest | null = null

  connectedCallback(): void {
    for (const node of document.querySelectorAll<HTMLElement>('[data-pane-switch] button')) {
      const pane = node.dataset.pane
      if (isPane(pane))
        node.addEventListener('click', () => (narrow.matches ? this.#front(pane) : this.#toggle(pane)))
    }
    document.addEventListener('pane-wanted', event => {
      const pane = (event as CustomEvent<unknown>).detail
      if (isPane(pane)) this.show(pane)
    })
    narrow.addEventListener('change', () => this.#mark())
    this.#mark()
  }

  /** Brings a pane into view, whatever the width. */
  show(pane: Pane): void {
    if (narrow.matches) this.#front(pane)
    else if (!this.#shows(pane, this.#hidden())) this.#toggle(pane)
  }

  #hidden(): Set<string> {
    return new Set((root.dataset.hiddenPanes ?? '').split(' ').filter(Boolean))
  }

  #toggle(pane: Pane): void {
    // A guest is not remembered: a page costs no map unasked.
    const { guest } = root.dataset
    if (isGuest(pane) || (pane === 'tasks' && guest !== undefined)) {
      if (isGuest(pane) && guest !== pane) root.dataset.guest = pane
      else delete root.dataset.guest
      if (isGuest(pane) || !this.#hidden().has('tasks')) {
        this.#mark()
        return
      }
    }
    const hidden = this.#hidden()
    if (!hidden.delete(pane)) hidden.add(pane)
    // Something is always left to look at.
    if (hidden.size === PANES.length - GUESTS.length) hidden.delete(pane === 'lesson' ? 'terminal' : 'lesson')
    root.dataset.hiddenPanes = [...hidden].join(' ')
    memory.set('hidden-panes', root.dataset.hiddenPanes)
    this.#mark()
  }

  #shows(pane: string, hidden: Set<string>): boolean {
    const { guest } = root.dataset
    return isGuest(pane) ? guest === pane : !hidden.has(pane) && !(pane === 'tasks' && guest !== undefined)
  }

  #front(pane: Pane): void {
    root.dataset.frontPane = pane
    this.#mark()
  }

  #mark(): void {
    const hidden = this.#hidden()
    const front = root.dataset.frontPane ?? 'lesson'
    for (const node of document.querySelectorAll<HTMLElement>('[data-pane-switch] button')) {
      const { pane } = node.dataset
      const shown = narrow.matches ? pane === front : this.#shows(pane ?? '', hidden)
      node.setAttribute('aria-pressed', String(shown))
    }
    const wanted = narrow.matches ? front : root.dataset.guest
    const guest = isGuest(wanted) ? wanted : null
    if (guest !== this.#guest) document.dispatchEvent(new CustomEvent('guest-shown', { detail: guest }))
    this.#guest = guest
    // Terminals measure themselves again.
    dispatchEvent(new Event('resize'))
  }
}

customElements.define('lab-bench', LabBench)
