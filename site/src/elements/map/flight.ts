/**
 * Envelopes that travel. Each is an element of its own, moved by the browser's compositor: with a hundred places and
 * twenty messages a second that was as even as an empty page, where a canvas of a projector's size was not.
 */
import type { MapMail } from '../../../protocol.ts'
import { el } from '../page.ts'
import { envelope, svg } from './marks.ts'

export interface Point {
  x: number
  y: number
}

export interface Sky {
  /** Where envelopes travel. */
  air: HTMLElement
  /** Where they lie, below: what lies above something that moves costs the compositor a surface of its own. */
  ground: HTMLElement
  /** Where lines are drawn for those who want no motion. */
  lines: SVGElement
  /** Null for a place that is not on the map. */
  at(place: string): Point | null
  /** How many envelopes lie beside a place at most. */
  pile: number
}

export const TRAVEL_MS = 1200
const REST_MS = 6000
/** Messages of one fate on one way that leave within this time travel together. */
const TOGETHER_MS = 400
/** Under way at once; what is more joins one that is. */
const MOST = 60

/** How far along the way an envelope comes, and where it stays then: refused mail goes back, deferred mail waits there. */
const WAYS: Record<MapMail['fate'], { reach: number; stay: 0 | 1 }> = {
  inbox: { reach: 1, stay: 1 },
  spam: { reach: 1, stay: 1 },
  deferred: { reach: 0.5, stay: 0 },
  refused: { reach: 0.86, stay: 0 },
}

interface Flying {
  node: HTMLElement
  key: string
  since: number
  count: number
}

const still = matchMedia('(prefers-reduced-motion: reduce)')

export class Flights {
  readonly #sky: Sky
  readonly #flying = new Set<Flying>()
  readonly #resting = new Map<string, HTMLElement[]>()

  constructor(sky: Sky) {
    this.#sky = sky
  }

  fly(mail: MapMail): void {
    const from = this.#sky.at(mail.from)
    const to = this.#sky.at(mail.to)
    if (!from || !to || document.hidden) return
    const key = `${mail.from} ${mail.to} ${mail.fate}`
    if (this.#joins(key, mail.id)) return
    if (this.#flying.size >= MOST) return
    const node = el('div', { class: `envelope fate-${mail.fate}`, 'data-id': mail.id })
    node.append(envelope(mail.fate))
    this.#sky.air.append(node)
    const flying: Flying = { node, key, since: performance.now(), count: 1 }
    this.#flying.add(flying)
    if (still.matches) this.#appear(flying, mail, from, to)
    else this.#travel(flying, mail, from, to)
  }

  /** The map is drawn anew: nothing lies where it lay. */
  clear(): void {
    for (const { node } of this.#flying) node.remove()
    for (const pile of this.#resting.values()) for (const node of pile) node.remove()
    this.#flying.clear()
    this.#resting.clear()
    this.#sky.lines.replaceChildren()
  }

  /** Joins a bundle that left a moment ago. */
  #joins(key: string, id: string): boolean {
    const now = performance.now()
    const full = this.#flying.size >= MOST
    for (const flying of this.#flying) {
      if (flying.key !== key || (!full && now - flying.since > TOGETHER_MS)) continue
      flying.count++
      flying.node.dataset.id = id
      flying.node.dataset.count = flying.count > 99 ? '99+' : String(flying.count)
      return true
    }
    return false
  }

  #travel(flying: Flying, mail: MapMail, from: Point, to: Point): void {
    const { reach, stay } = WAYS[mail.fate]
    const on = way(from, to)
    const frame = (share: number, offset: number) => {
      const { x, y } = on(share)
      return { transform: `translate(${x}px, ${y}px)`, offset, easing: 'linear' }
    }
    const turn = stay < reach ? 0.6 : 1
    const frames = [frame(0, 0)]
    const STEPS = 10
    for (let i = 1; i <= STEPS; i++) frames.push(frame(reach * smooth(i / STEPS), (turn * i) / STEPS))
    if (turn < 1) {
      for (let i = 1; i <= 6; i++)
        frames.push(frame(reach + (stay - reach) * smooth(i / 6), turn + ((1 - turn) * i) / 6))
    }
    const motion = flying.node.animate(frames, { duration: TRAVEL_MS, fill: 'forwards' })
    motion.onfinish = () => {
      this.#rest(flying, mail, from, to)
      motion.cancel()
    }
  }

  /** Without motion: a line from place to place, and the envelope where it would have come to rest. */
  #appear(flying: Flying, mail: MapMail, from: Point, to: Point): void {
    const on = way(from, to)
    const points = Array.from({ length: 13 }, (_, i) => on(i / 12))
    const d = points.map(({ x, y }, i) => `${i ? 'L' : 'M'}${Math.round(x)} ${Math.round(y)}`).join('')
    const line = svg('path', { d, class: `way fate-${mail.fate}` })
    this.#sky.lines.append(line)
    while (this.#sky.lines.childElementCount > MOST) this.#sky.lines.firstElementChild?.remove()
    setTimeout(() => line.remove(), REST_MS / 2)
    this.#rest(flying, mail, from, to)
  }

  /** Stays a while where a pointer can find it. */
  #rest(flying: Flying, mail: MapMail, from: Point, to: Point): void {
    const { node } = flying
    this.#flying.delete(flying)
    if (!node.isConnected) return
    const { stay } = WAYS[mail.fate]
    const place = stay === 1 ? to : from
    const key = `${place.x} ${place.y}`
    const pile = this.#resting.get(key) ?? []
    this.#resting.set(key, pile)
    // Beside the place, not on it.
    const x = place.x + 30
    const y = place.y - 16 - 7 * (pile.length % this.#sky.pile)
    node.style.transform = `translate(${x}px, ${y}px)`
    this.#sky.ground.append(node)
    pile.push(node)
    while (pile.length > this.#sky.pile) pile.shift()?.remove()
    setTimeout(() => {
      const at = pile.indexOf(node)
      if (at >= 0) pile.splice(at, 1)
      if (pile.length === 0 && this.#resting.get(key) === pile) this.#resting.delete(key)
      node.remove()
    }, REST_MS)
  }
}

const smooth = (t: number) => t * t * (3 - 2 * t)

/** A flat arc, to the left of the way: what goes back goes another way. */
function way(from: Point, to: Point): (share: number) => Point {
  const bow = 0.12
  const middle = {
    x: (from.x + to.x) / 2 + (to.y - from.y) * bow,
    y: (from.y + to.y) / 2 - (to.x - from.x) * bow,
  }
  return t => ({
    x: (1 - t) ** 2 * from.x + 2 * t * (1 - t) * middle.x + t ** 2 * to.x,
    y: (1 - t) ** 2 * from.y + 2 * t * (1 - t) * middle.y + t ** 2 * to.y,
  })
}
