/**
 * <task-status task="mail-arrives"> says in a word and a mark how the task stands, wherever it is placed.
 * With `postmark`, a task that holds gets its whole postmark with the day it first held.
 */
import { postmark } from '../lib/postmark.ts'
import { stampDay, stampHour } from './dates.ts'
import { live } from './live.ts'
import { el, words } from './page.ts'
import { nameOf, viewOf } from './task-view.ts'

const MARKS: Record<string, string> = {
  pass: '<circle cx="10" cy="10" r="8.8"/><circle cx="10" cy="10" r="6.2" stroke-width=".8"/><path d="m6.8 10.200 2.3 2.4 4.2-4.8"/>',
  stored: '<circle cx="10" cy="10" r="8.8" stroke-dasharray="2 2"/><path d="m6.8 10.200 2.3 2.4 4.2-4.8"/>',
  fail: '<rect x="2" y="4" width="16" height="12"/><path d="m2 4 8 6.5L18 4M5 18.5 15 1.5"/>',
  again: '<rect x="2" y="4" width="16" height="12"/><path d="m2 4 8 6.5L18 4M5 18.5 15 1.5"/>',
  error: '<path d="M10 2 18.5 17h-17zM10 7.5v4.5M10 14v1"/>',
  waiting: '<rect x="2" y="4" width="16" height="12" stroke-dasharray="2.5 2"/>',
}

let marks = 0

class TaskStatus extends HTMLElement {
  #stampedAt: number | undefined

  connectedCallback(): void {
    const task = this.getAttribute('task') ?? ''
    this.#render(task)
    live.on('tasks', tasks => tasks.includes(task) && this.#render(task))
    live.on('progress', () => this.#render(task))
  }

  #render(task: string): void {
    const { steady, checking, solvedAt } = viewOf(live, task)
    this.dataset.look = steady
    this.toggleAttribute('data-checking', checking)
    const mark = svg('0 0 20 20', 'mark', MARKS[steady] ?? '')
    const parts: Node[] = [mark, el('span', {}, checking ? words.task.checking : nameOf(steady))]
    if (this.hasAttribute('postmark') && steady === 'pass' && solvedAt !== undefined)
      parts.push(this.#stamp(solvedAt))
    else this.#stampedAt = undefined
    this.replaceChildren(...parts)
  }

  #stamp(at: number): SVGElement {
    const drawing = postmark({
      id: `postmark-${marks++}`,
      top: (live.lab?.state === 'open' ? `mail.${live.lab.domain}` : 'mail').toUpperCase(),
      bottom: words.postmark.holds,
      lines: [stampDay(at), stampHour(at)],
    })
    const node = svg('0 0 150 100', 'postmark', drawing)
    if (this.#stampedAt === at) node.classList.add('dry')
    this.#stampedAt = at
    return node
  }
}

/** Drawings are our own constants and dates: nothing of them comes from the wire. */
function svg(viewBox: string, name: string, inside: string): SVGElement {
  const node = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  node.setAttribute('viewBox', viewBox)
  node.setAttribute('class', name)
  node.setAttribute('aria-hidden', 'true')
  node.innerHTML = inside
  return node
}

customElements.define('task-status', TaskStatus)
