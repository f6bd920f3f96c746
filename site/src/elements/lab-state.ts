/**
 * <lab-state>: the state of the lab in words above the terminals, and on a stage in their place while there are
 * none. Nothing is ever left blank: closed, opening, in trouble, out of reach, each says what it is and what to do.
 */
import type { LabState as State } from '../../protocol.ts'
import { fill } from '../i18n/index.ts'
import { countdown, scene, sceneKey } from './lab-scenes.ts'
import { live } from './live.ts'
import { el, words } from './page.ts'
import { choices, isElsewhere, stepsInWords } from './servers.ts'
import { mountTerminal } from './terminal-mount.ts'
import { Ticks } from './ticks.ts'

const text = words.lab

class LabStateElement extends HTMLElement {
  readonly #lineTicks = new Ticks()
  readonly #stageTicks = new Ticks()
  /** What has been happening since the opening began. */
  #done: string[] = []
  #wasOpen = false
  #shown = ''
  #chosen = ''
  /** Of the lab whose terminals are shown. */
  #mark = ''

  connectedCallback(): void {
    live.on('lab', () => this.#render())
    live.on('link', () => this.#render())
    live.on('servers', () => this.#render())
    live.on('refused', refusal => this.#refuse(refusal.message))
    const dialog = this.querySelector('dialog')
    this.querySelector('[data-reset]')?.addEventListener('click', () => {
      this.#resetWords()
      dialog?.showModal()
    })
    const toggle = this.querySelector('[data-my-servers]')
    toggle?.addEventListener('click', () => {
      toggle.setAttribute('aria-expanded', String(toggle.getAttribute('aria-expanded') !== 'true'))
      this.#render()
    })
    dialog?.addEventListener('close', () => {
      const { returnValue: choice } = dialog
      if (choice === 'reset' || choice === 'keep') live.send({ type: 'reset', keep: choice === 'keep' })
      dialog.returnValue = ''
    })
    this.#render()
  }

  #render(): void {
    const { lab, link } = live
    this.dataset.state =
      link.state === 'lost' || link.state === 'absent' ? link.state : (lab?.state ?? 'connecting')
    if (lab?.state === 'opening') {
      if (this.#done.at(-1) !== lab.what) this.#done.push(lab.what)
    } else this.#done = []
    if (lab?.state === 'open') this.#openTerminals(lab.mark)
    if (lab?.state === 'closed') this.#wasOpen = false
    const reset = this.querySelector<HTMLElement>('[data-reset]')
    if (reset) reset.hidden = lab?.state !== 'open' || link.state !== 'open'
    this.#line(lab)
    this.#servers(lab?.state === 'open' && link.state === 'open')
    // A lab that was seen open keeps its terminals on the screen: they say themselves what they wait for.
    this.#stage(!(this.#wasOpen && (lab?.state === 'open' || lab?.state === 'trouble')))
  }

  /** The one line above the terminals. */
  #line(lab: State | null): void {
    const line = this.querySelector('[data-line]')
    if (!line) return
    this.#lineTicks.clear()
    if (live.link.state === 'lost' && this.#wasOpen) {
      const when = el('span')
      this.#lineTicks.add(() => countdown(when))
      line.replaceChildren(el('strong', {}, text.lostTitle), '. ', when)
    } else if (lab?.state === 'open') line.replaceChildren(...addresses(lab))
    else if (lab?.state === 'trouble' && this.#wasOpen) line.replaceChildren(el('strong', {}, lab.message))
    else line.replaceChildren()
  }

  /** What there is to choose while a lab is open: of itself where it is at another step, else behind a button. */
  #servers(open: boolean): void {
    const place = this.querySelector<HTMLElement>('[data-servers]')
    const toggle = this.querySelector<HTMLElement>('[data-my-servers]')
    if (!place || !toggle) return
    const elsewhere = open && isElsewhere()
    toggle.hidden = !open || elsewhere || !live.servers?.kept.length
    if (toggle.hidden) toggle.setAttribute('aria-expanded', 'false')
    place.hidden = !elsewhere && toggle.getAttribute('aria-expanded') !== 'true'
    // Drawing the same again would take the focus from its button.
    const key = place.hidden ? '' : JSON.stringify([live.lab, live.servers])
    if (key === this.#chosen) return
    this.#chosen = key
    place.replaceChildren(...(key ? choices() : []))
  }

  #stage(wanted: boolean): void {
    const stage = this.querySelector<HTMLElement>('.stage')
    const terminals = this.querySelector<HTMLElement>('[data-terminals]')
    if (!stage || !terminals) return
    stage.hidden = !wanted
    terminals.hidden = wanted
    const key = wanted ? sceneKey() : ''
    // Drawing the same scene again would take the focus from its button.
    if (key === this.#shown) return
    this.#shown = key
    this.#stageTicks.clear()
    if (wanted) this.querySelector('[data-stage]')?.replaceChildren(...scene(this.#stageTicks, this.#done))
  }

  #openTerminals(mark: string): void {
    this.#wasOpen = true
    const place = this.querySelector('[data-terminals]')
    const another = this.#mark !== '' && this.#mark !== mark
    this.#mark = mark
    if (place && another)
      mountTerminal(place).then(
        terminal => terminal.renew(),
        () => {},
      )
    if (!place || place.childElementCount) return
    place.append(el('p', { class: 'loading' }, text.terminalLoading))
    mountTerminal(place).catch(() =>
      place.replaceChildren(el('p', { class: 'loading' }, text.terminalMissing)),
    )
  }

  #resetWords(): void {
    const place = this.querySelector('[data-reset-built]')
    const { steps = [], seconds = 0 } = live.servers?.catchUp ?? {}
    if (place)
      place.textContent = steps.length
        ? fill(text.resetBuilt, { steps: stepsInWords(steps), n: seconds })
        : ''
  }

  #refuse(message: string): void {
    this.#lineTicks.clear()
    this.querySelector('[data-line]')?.replaceChildren(el('strong', {}, fill(text.refused, { message })))
  }
}

function addresses(lab: Extract<State, { state: 'open' }>): Node[] {
  return (['server', 'desk'] as const).map(machine =>
    el(
      'span',
      { class: `address on-${machine}`, title: lab[machine].ipv6 },
      el('b', {}, words.machine[machine]),
      machine === 'server' ? el('span', {}, `mail.${lab.domain}`) : null,
      el('code', {}, lab[machine].ipv4),
    ),
  )
}

customElements.define('lab-state', LabStateElement)
