/**
 * <lab-bench>: the three panes of a step page (lesson, terminal, tasks), the switch that shows and hides them, and
 * the sizes that one chose. On a narrow screen one pane is shown at a time.
 * public/first.js puts the remembered state on <html> before the page is drawn; the style sheet does the rest.
 */
import { memory } from './page.ts'

export const PANES = ['lesson', 'terminal', 'tasks'] as const
export type Pane = (typeof PANES)[number]

const isPane = (name: unknown): name is Pane => PANES.includes(name as Pane)

const root = document.documentElement
/** Same width as in styles/bench.css. */
const narrow = matchMedia('(width < 56rem)')

class LabBench extends HTMLElement {
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
    else if (this.#hidden().has(pane)) this.#toggle(pane)
  }

  #hidden(): Set<string> {
    return new Set((root.dataset.hiddenPanes ?? '').split(' ').filter(Boolean))
  }

  #toggle(pane: Pane): void {
    const hidden = this.#hidden()
    if (!hidden.delete(pane)) hidden.add(pane)
    // Something is always left to look at.
    if (hidden.size === PANES.length) hidden.delete(pane === 'lesson' ? 'terminal' : 'lesson')
    root.dataset.hiddenPanes = [...hidden].join(' ')
    memory.set('hidden-panes', root.dataset.hiddenPanes)
    this.#mark()
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
      const shown = narrow.matches ? pane === front : !hidden.has(pane ?? '')
      node.setAttribute('aria-pressed', String(shown))
    }
    // Terminals measure themselves again.
    dispatchEvent(new Event('resize'))
  }
}

customElements.define('lab-bench', LabBench)
