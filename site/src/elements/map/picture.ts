/** The picture: places that stand still, drawn once for a size, and a layer above them in which envelopes travel. */
import type { MapMail, MapPlace } from '../../../protocol.ts'
import { el } from '../page.ts'
import { Flights } from './flight.ts'
import { ownLayout, roomLayout, type Spot } from './layout.ts'
import { placeMark, svg } from './marks.ts'

/** More of them would stand on each other's feet. */
const MOST_MET = 14
/** A name longer than this would run into its neighbour's. */
const LONGEST_NAME = 12
const shorten = (name: string) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name)

export class Picture {
  /** The picture says nothing that the list beside it doesn't say: readers of the list need not hear it. */
  readonly node: HTMLElement
  readonly #view: 'own' | 'room'
  readonly #words: { own: string; elsewhere: string }
  readonly #drawing = svg('svg')
  readonly #flights: Flights
  readonly #spots = new Map<string, Spot>()
  #places: MapPlace[] = []
  #own = ''
  #drawn = ''
  /** On one's own map: the servers with which one has exchanged mail, the last ones. */
  readonly #met = new Set<string>()

  constructor(view: 'own' | 'room', words: { own: string; elsewhere: string }, onPick: (id: string) => void) {
    this.#view = view
    this.#words = words
    const ground = el('div', { class: 'map-ground' })
    const air = el('div', { class: 'map-air' })
    const lines = svg('g', { class: 'map-ways' })
    const drawn = svg('svg', { class: 'map-lines' }, lines)
    this.node = el('div', { class: 'map-picture', 'aria-hidden': 'true' }, this.#drawing, drawn, ground, air)
    this.#flights = new Flights({
      air,
      ground,
      lines,
      pile: view === 'own' ? 3 : 1,
      at: place => this.#spots.get(place) ?? null,
    })
    this.node.addEventListener('click', event => {
      const id =
        event.target instanceof Element ? event.target.closest<HTMLElement>('[data-id]')?.dataset.id : null
      if (id) onPick(id)
    })
    new ResizeObserver(() => this.#draw()).observe(this.node)
  }

  places(own: string, places: MapPlace[]): void {
    this.#own = own
    this.#places = places
    this.#draw()
  }

  /** Mail that was or is now, on its way or listed: who has to be on the map for it. */
  meet(mail: readonly MapMail[]): void {
    for (const { from, to } of mail) {
      const other = from === this.#own ? to : from
      this.#met.delete(other)
      this.#met.add(other)
    }
    for (const one of this.#met) {
      if (this.#met.size <= MOST_MET) break
      this.#met.delete(one)
    }
    this.#draw()
  }

  fly(mail: MapMail): void {
    this.#flights.fly(mail)
  }

  #draw(): void {
    const size = { width: this.node.clientWidth, height: this.node.clientHeight }
    const own = this.#view === 'own'
    const places = this.#places.filter(({ id, kind }) => !own || kind === 'provider' || this.#met.has(id))
    const key = `${size.width} ${size.height} ${this.#own} ${places.map(({ id }) => id).join(' ')}`
    if (size.width === 0 || this.#own === '' || key === this.#drawn) return
    this.#drawn = key
    const spots = own ? ownLayout(places, this.#own, size) : roomLayout(places, size)
    this.#spots.clear()
    for (const spot of spots) this.#spots.set(spot.place.id, spot)
    this.#flights.clear()
    const centre = own ? spots[0] : undefined
    const routes = centre
      ? spots
          .slice(1)
          .map(({ x, y }) => svg('path', { d: `M${centre.x} ${centre.y}L${x} ${y}`, class: 'route' }))
      : []
    this.#drawing.replaceChildren(...routes, ...spots.map(spot => this.#mark(spot, own)))
  }

  #mark({ place, x, y, named, scale }: Spot, own: boolean): SVGElement {
    const mine = place.id === this.#own
    const large = mine && own
    const provider = place.kind === 'provider' || place.kind === 'spammer'
    const mark = placeMark(place.kind, large, place.id.charAt(0).toUpperCase())
    const name =
      place.kind === 'elsewhere'
        ? this.#words.elsewhere
        : large
          ? place.id
          : shorten(place.id.replace(/\.test$/, ''))
    const below = provider ? 40 : large ? 38 : place.kind === 'elsewhere' ? 30 : 25
    const label = provider ? place.id : name
    const group = svg('g', {
      transform: `translate(${Math.round(x)} ${Math.round(y)})`,
      class: `place${mine ? ' mine' : ''}${provider ? ' post' : ''}`,
    })
    if (scale !== 1) mark.setAttribute('transform', `scale(${scale.toFixed(2)})`)
    group.append(mark)
    if (named || mine)
      group.append(svg('text', { y: Math.round(below * Math.max(scale, 0.6)), class: 'name' }, label))
    if (large) group.append(svg('text', { y: below + 17, class: 'note' }, this.#words.own))
    return group
  }
}
