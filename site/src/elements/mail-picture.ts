/**
 * <mail-picture scene="imap">: moves the envelope as the switches say. The markup is in the page already; the result
 * is said in words too, and the envelope jumps instead of travelling where motion is not wanted.
 */
import { frenchSpaces } from '../lib/french.ts'
import { draw, waypoints } from '../pictures/draw.ts'
import { scenes } from '../pictures/index.ts'
import type { Outcome, Point, Scene, State } from '../pictures/types.ts'
import { lang, words } from './page.ts'

/** Units of the drawing in a millisecond. */
const SPEED = 0.28
const still = matchMedia('(prefers-reduced-motion: reduce)')

class MailPicture extends HTMLElement {
  connectedCallback(): void {
    const scene = scenes[this.getAttribute('scene') ?? '']
    const form = this.querySelector('form')
    if (!scene || !form) return
    const switches = this.querySelector<HTMLFieldSetElement>('[data-switches]')
    const again = this.querySelector<HTMLElement>('[data-again]')
    if (switches) switches.disabled = false
    if (again) again.hidden = false
    form.addEventListener('change', () => this.#send(scene, form))
    form.addEventListener('submit', event => {
      event.preventDefault()
      this.#send(scene, form)
    })
  }

  #send(scene: Scene, form: HTMLFormElement): void {
    const outcome = scene.decide(stateOf(scene, form))
    const svg = this.querySelector('svg')
    // The drawing is made of our own constants.
    if (svg) svg.innerHTML = draw(scene, outcome, lang, words.picture)
    this.#say(outcome)
    const envelope = svg?.querySelector('.envelope')
    if (envelope && !still.matches) travel(envelope, waypoints(scene, outcome))
  }

  #say({ good, says, reply }: Outcome): void {
    const set = (name: string, text: string) => {
      const node = this.querySelector(`[data-${name}]`)
      if (node && node.textContent !== text) node.textContent = text
    }
    const result = this.querySelector<HTMLElement>('.picture-result')
    if (result) result.dataset.good = String(good)
    set('verdict', good ? '[OK]' : '[KO]')
    set('says', lang === 'fr' ? frenchSpaces(says.fr) : says.en)
    set('reply', reply)
  }
}

function stateOf({ switches }: Scene, form: HTMLFormElement): State {
  const data = new FormData(form)
  return Object.fromEntries(switches.map(({ id }) => [id, String(data.get(id) ?? 'off')]))
}

function travel(envelope: Element, points: Point[]): void {
  const lengths = points.map((point, i) => {
    const before = points[i - 1] ?? point
    return Math.hypot(point[0] - before[0], point[1] - before[1])
  })
  const all = lengths.reduce((sum, length) => sum + length, 0)
  let gone = 0
  const frames = points.map(([x, y], i) => {
    gone += lengths[i] ?? 0
    return { transform: `translate(${x}px, ${y}px)`, offset: all ? gone / all : i / points.length }
  })
  envelope.animate(frames, { duration: all / SPEED, easing: 'linear' })
}

customElements.define('mail-picture', MailPicture)
