/**
 * <lab-tasks>: the list of the step's tasks. Titles, goals, hints and solutions are in the page already;
 * this adds what the checks see, the ladder of hints and the button that checks at once.
 */
import { fill } from '../i18n/index.ts'
import { live } from './live.ts'
import { button, el, memory, stepId, words } from './page.ts'
import { report } from './task-report.ts'
import { nameOf, viewOf } from './task-view.ts'

class LabTasks extends HTMLElement {
  readonly #items = new Map<string, HTMLElement>()
  readonly #said = new Map<string, string>()
  /** Tasks whose own button was pressed, with the time of the verdict that was there then. */
  readonly #pressed = new Map<string, number | undefined>()
  readonly #voice = el('p', { class: 'visually-hidden', role: 'status' })

  connectedCallback(): void {
    for (const item of this.querySelectorAll<HTMLElement>('[data-task]')) {
      const task = item.dataset.task ?? ''
      this.#items.set(task, item)
      ladder(item, task)
    }
    this.append(this.#voice)
    this.#buttons()
    live.on('tasks', tasks => {
      for (const task of tasks) this.#renderTask(task)
      this.#renderHead()
    })
    live.on('progress', () => {
      for (const task of this.#items.keys()) this.#renderTask(task)
      this.#renderHead()
    })
    live.on('link', () => this.#renderHead())
    live.on('lab', () => this.#renderHead())
    this.#renderHead()
    this.#openFirst()
    addEventListener('hashchange', () => this.#reveal(location.hash))
    // The event is not fired for a click on the link whose anchor is there already.
    document.addEventListener('click', event => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="#task-"]') : null
      if (link) this.#reveal(link.getAttribute('href') ?? '')
    })
    this.#reveal(location.hash)
  }

  #buttons(): void {
    for (const node of document.querySelectorAll<HTMLButtonElement>('[data-check]')) {
      node.addEventListener('click', () => {
        if (node.getAttribute('aria-disabled') === 'true') return
        const task = node.dataset.check || undefined
        if (live.send({ type: 'check', task }) && task) this.#pressed.set(task, live.verdicts.get(task)?.at)
        this.#renderHead()
      })
    }
  }

  #renderTask(task: string): void {
    const item = this.#items.get(task)
    if (!item) return
    const { verdict, solvedAt, steady, checking } = viewOf(live, task)
    item.dataset.look = steady
    // What was read a moment ago stays while it is looked at again.
    if (checking) return
    const place = item.querySelector('[data-report]')
    const open = place?.querySelector('details')?.open
    place?.replaceChildren(...report(verdict, solvedAt))
    const dialogue = place?.querySelector('details')
    if (dialogue && open) dialogue.open = true
    this.#announce(item, task, nameOf(steady), verdict !== undefined)
  }

  #announce(item: HTMLElement, task: string, status: string, checked: boolean): void {
    const before = this.#said.get(task)
    this.#said.set(task, status)
    if (!checked || before === status) return
    const title = item.querySelector('[data-title]')?.textContent ?? task
    this.#voice.textContent = fill(words.task.announce, { task: title, status })
  }

  #renderHead(): void {
    const ready = live.link.state === 'open' && live.lab?.state === 'open'
    for (const [task, before] of this.#pressed)
      if (!ready || live.verdicts.get(task)?.at !== before) this.#pressed.delete(task)
    const busy = live.checking.size > 0
    for (const node of document.querySelectorAll<HTMLElement>('[data-check]')) {
      node.hidden = live.link.state === 'absent'
      const task = node.dataset.check
      // A task's own button waits for its own press alone, whatever else is being checked.
      const waits = task ? this.#pressed.has(task) : busy
      node.setAttribute('aria-disabled', String(!ready || waits))
      const { checkingAll, checkOne, checkAll } = words.task
      node.textContent = waits ? checkingAll : task ? checkOne : checkAll
    }
    const hint = this.querySelector('[data-check-note]')
    const absent = live.link.state === 'absent'
    if (hint)
      hint.textContent = absent
        ? words.lab.absent
        : ready
          ? [words.task.automatic, ...replayed()].join(' ')
          : words.task.needsLab
    const all = this.#items.size
    const holding = [...this.#items.keys()].filter(task => viewOf(live, task).steady === 'pass').length
    for (const node of document.querySelectorAll('[data-tasks-progress]'))
      node.textContent = live.verdicts.size ? fill(words.task.progress, { n: holding, all }) : ''
    for (const node of document.querySelectorAll('[data-tasks-count]'))
      node.textContent = live.verdicts.size ? `${holding}/${all}` : ''
  }

  /** The first task stands open, so that the pane is never a list of closed drawers. */
  #openFirst(): void {
    const first = this.querySelector('details[data-drawer]')
    if (first instanceof HTMLDetailsElement) first.open = true
  }

  /** A link from the lesson opens the task it leads to, and brings the tasks to the front. */
  #reveal(hash: string): void {
    const item = hash.startsWith('#task-') ? this.querySelector<HTMLElement>(hash) : null
    if (!item) return
    const drawer = item.querySelector<HTMLDetailsElement>('details[data-drawer]')
    if (drawer) drawer.open = true
    this.dispatchEvent(new CustomEvent('pane-wanted', { bubbles: true, detail: 'tasks' }))
    requestAnimationFrame(() => item.scrollIntoView({ block: 'start' }))
  }
}

/** What holds on a server that was built past this step is nobody's success: said, where it is so. */
function replayed(): string[] {
  const { lab } = live
  if (lab?.state !== 'open' || stepId === undefined || !lab.replayed.includes(stepId)) return []
  return [fill(words.lab.replayed, { n: Number.parseInt(stepId, 10) })]
}

/** Hints come one by one, the solution last; how far one went is remembered. */
function ladder(item: HTMLElement, task: string): void {
  const rungs = [...item.querySelectorAll<HTMLElement>('[data-rung]')]
  const place = item.querySelector('[data-ladder]')
  if (!rungs.length || !place) return
  const key = `hints.${stepId}.${task}`
  let shown = Math.min(Number(memory.get(key)) || 0, rungs.length)
  const more = button('', () => {
    const next = rungs[shown]
    shown += 1
    memory.set(key, String(shown))
    show()
    next?.focus()
  })
  place.append(more)
  const show = () => {
    rungs.forEach((rung, i) => {
      rung.hidden = i >= shown
    })
    more.hidden = shown >= rungs.length
    const { hintFirst, hintNext, solutionButton } = words.task
    more.textContent = shown === rungs.length - 1 ? solutionButton : shown === 0 ? hintFirst : hintNext
  }
  show()
}

customElements.define('lab-tasks', LabTasks)
