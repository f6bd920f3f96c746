/**
 * <task-answers task="ask-the-dns">: the form in which one answers a task's questions. What is typed is kept in the
 * browser until it is sent; what is right is known to the server alone, which says right or wrong for each question.
 */
import type { AnswerMark } from '../../../checker/verdict.ts'
import { fill } from '../i18n/index.ts'
import { live } from './live.ts'
import { memory, stepId, words } from './page.ts'
import { Ticks } from './ticks.ts'

const text = words.answers

interface Draft {
  /** The lab that it is about; empty while none is open. */
  lab: string
  values: Record<string, string>
}

class TaskAnswers extends HTMLElement {
  readonly #ticks = new Ticks()
  #lab = ''
  #waitUntil = 0
  /** Of what was sent from this page: its end is spoken out. */
  #phase: 'idle' | 'sent' | 'judging' = 'idle'

  get #task(): string {
    return this.getAttribute('task') ?? ''
  }

  get #key(): string {
    return `answers.${stepId}.${this.#task}`
  }

  connectedCallback(): void {
    const form = this.querySelector('form')
    form?.addEventListener('submit', event => {
      event.preventDefault()
      this.#send()
    })
    form?.addEventListener('input', () => {
      this.#keep()
      this.#marks()
    })
    this.#fill(this.#draft()?.values ?? {})
    live.on('answers', () => this.#receive())
    live.on('tasks', tasks => tasks.includes(this.#task) && this.#marks())
    live.on('lab', () => this.#foot())
    live.on('link', () => this.#foot())
    this.#receive()
  }

  get #questions(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('[data-question]')]
  }

  #values(): Record<string, string> {
    const form = this.querySelector('form')
    const values: Record<string, string> = {}
    for (const [name, value] of form ? new FormData(form) : [])
      if (typeof value === 'string' && value.trim()) values[name] = value.trim()
    return values
  }

  #fill(values: Record<string, string>): void {
    for (const input of this.querySelectorAll('input')) {
      const value = values[input.name] ?? ''
      if (input.type === 'radio') input.checked = input.value === value
      else if (input.value.trim() !== value) input.value = value
    }
  }

  #draft(): Draft | null {
    try {
      const draft = JSON.parse(memory.get(this.#key) ?? 'null') as Draft | null
      return draft && typeof draft.lab === 'string' && typeof draft.values === 'object' ? draft : null
    } catch {
      return null
    }
  }

  #keep(): void {
    memory.set(this.#key, JSON.stringify({ lab: this.#lab, values: this.#values() } satisfies Draft))
  }

  /** The server's word: what it keeps of this lab. Drafts of a lab that is gone are dropped. */
  #receive(): void {
    const { answers } = live
    if (answers) {
      const mine = answers.tasks[this.#task]
      this.#waitUntil = Date.now() + (mine?.waitMs ?? 0)
      if (answers.lab !== this.#lab) {
        const draft = this.#draft()
        const fits = draft && (draft.lab === answers.lab || draft.lab === '')
        this.#lab = answers.lab
        this.#fill(fits ? { ...mine?.given, ...draft.values } : (mine?.given ?? {}))
        this.#keep()
      }
    }
    this.#marks()
    this.#follow(answers?.tasks[this.#task]?.judging ?? false)
  }

  #follow(judging: boolean): void {
    if (this.#phase === 'sent') {
      this.#phase = judging ? 'judging' : 'idle'
      if (!judging) this.#say('')
    } else if (this.#phase === 'judging' && !judging) {
      this.#phase = 'idle'
      const marks = this.#judged()
      const right = Object.values(marks ?? {}).filter(one => one === 'right').length
      // Without marks the check ended before it looked at the answers: its report says at what.
      this.#say(marks ? fill(text.score, { n: right, all: Object.keys(marks).length }) : text.seeReport)
    }
  }

  #judged(): Record<string, AnswerMark> | undefined {
    const at = live.verdicts.get(this.#task)
    return at && at.verdict.status !== 'error' ? at.verdict.answers : undefined
  }

  #send(): void {
    if (!this.#ready()) return
    const strange = this.#questions.find(question => {
      const input = question.querySelector<HTMLInputElement>('.answer-number')
      return input?.value.trim() && !/^[+-]?[\d\s]+([.,]\d+)?$/.test(input.value.trim())
    })
    if (strange) {
      strange.querySelector('input')?.focus()
      this.#say(text.number)
      return
    }
    const sent = live.send({ type: 'answer', task: this.#task, answers: this.#values() })
    this.#phase = sent ? 'sent' : 'idle'
    this.#say(sent ? text.sending : text.notSent)
  }

  #ready(): boolean {
    const open = live.link.state === 'open' && live.lab?.state === 'open'
    return open && Date.now() >= this.#waitUntil && !live.answers?.tasks[this.#task]?.judging
  }

  /** Right or wrong beside each question, as long as what stands there is what was judged. */
  #marks(): void {
    const marks = this.#judged()
    const given = live.answers?.tasks[this.#task]?.given ?? {}
    const values = this.#values()
    const sent = Object.keys(given).length > 0
    for (const question of this.#questions) {
      const id = question.dataset.question ?? ''
      const judged = (values[id] ?? '') === (given[id] ?? '')
      mark(question, judged && sent ? marks?.[id] : undefined)
    }
    this.#foot()
  }

  #foot(): void {
    this.#ticks.clear()
    const button = this.querySelector('button')
    const wait = this.querySelector('[data-wait]')
    if (!button || !wait) return
    const absent = live.link.state === 'absent'
    button.hidden = absent
    const show = () => {
      button.setAttribute('aria-disabled', String(!this.#ready()))
      const seconds = Math.ceil((this.#waitUntil - Date.now()) / 1000)
      const open = live.lab?.state === 'open'
      wait.textContent = !open
        ? absent
          ? words.lab.absent
          : text.needsLab
        : seconds > 0
          ? fill(text.wait, { n: seconds })
          : ''
      if (seconds <= 0) this.#ticks.clear()
    }
    if (this.#waitUntil > Date.now()) this.#ticks.add(show)
    else show()
  }

  #say(said: string): void {
    const place = this.querySelector('[data-said]')
    if (place) place.textContent = said
  }
}

function mark(question: HTMLElement, value: AnswerMark | undefined): void {
  const place = question.querySelector('[data-mark]')
  question.dataset.mark = value ?? ''
  if (place) place.textContent = value ? text[value] : ''
  const input = question.querySelector('input[type=text]')
  if (value === 'wrong') input?.setAttribute('aria-invalid', 'true')
  else input?.removeAttribute('aria-invalid')
}

customElements.define('task-answers', TaskAnswers)
