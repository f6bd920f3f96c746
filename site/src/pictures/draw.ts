/** A scene as SVG text: static pages and the page's script draw with the same hand. Nothing in it comes from a wire. */
import type { Lang } from '../../protocol.ts'
import { frenchSpaces } from '../lib/french.ts'
import type { Leg, Outcome, Place, Point, Scene } from './types.ts'

export interface PictureWords {
  network: string
  tls: string
  clear: string
  shut: string
  readable: string
}

const ENVELOPE = 'M-15-10h30v20h-30zM-15-10 0 2 15-10'
/** A stopped envelope stays in front of the door that it did not pass. */
const STOP_SHORT = 0.35

const safe = (text: string): string => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`)

/** The points that the envelope passes. */
export function waypoints({ legs }: Scene, { route }: Outcome): Point[] {
  return route.flatMap(({ leg, how }, i) => {
    const { from, to, rest } = find(legs, leg)
    const part = how === 'shut' ? STOP_SHORT : 1
    const end: Point = [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part]
    return how !== 'shut' && rest && i === route.length - 1 ? [from, end, rest] : [from, end]
  })
}

/** The inside of an `<svg viewBox="0 0 480 HEIGHT">`. The envelope lies at the end of its way. */
export function draw(scene: Scene, outcome: Outcome, lang: Lang, words: PictureWords): string {
  const say = (text: { en: string; fr: string }) => safe(lang === 'fr' ? frenchSpaces(text.fr) : text.en)
  const used = new Map(outcome.route.map(({ leg, how }) => [leg, how]))
  const last = outcome.route.at(-1)
  const arrived = last?.how !== 'shut'
  const [x, y] = waypoints(scene, outcome).at(-1) ?? [0, 0]
  return [
    scene.network && sheet(scene.network, words.network),
    ...scene.legs.map(leg => way(leg, used.get(leg.id), words)),
    ...scene.places.map(place => box(place, say, outcome.readers?.includes(place.id) ? words.readable : '')),
    `<g class="envelope${outcome.good ? '' : ' bad'}" transform="translate(${x} ${y})"><path d="${ENVELOPE}"/>`,
    `<path class="sign" d="${arrived ? 'M6 8l5 5 9-11' : 'M6 2l12 12M18 2 6 14'}"/></g>`,
  ].join('')
}

function find<T extends { id: string }>(all: readonly T[], id: string): T {
  const found = all.find(one => one.id === id)
  if (!found) throw new Error(`the picture has no «${id}»`)
  return found
}

const sheet = ([x, y, w, h]: readonly number[], label: string): string =>
  `<rect class="sheet" x="${x}" y="${y}" width="${w}" height="${h}" rx="3"/>` +
  `<text class="quiet" x="${(x ?? 0) + (w ?? 0) - 10}" y="${(y ?? 0) + 20}" text-anchor="end">${safe(label)}</text>`

function way(
  { from, to, word, align = 'middle' }: Leg,
  how: 'tls' | 'clear' | 'shut' | undefined,
  words: PictureWords,
) {
  const line = `<path class="way ${how ?? 'idle'}" d="M${from.join(' ')} ${to.join(' ')}"/>`
  if (!how) return line
  return `${line}<text class="how ${how}" x="${word[0]}" y="${word[1]}" text-anchor="${align}">${safe(words[how])}</text>`
}

function box(
  { at: [x, y], size: [w, h], look, label, note }: Place,
  say: (text: Place['label']) => string,
  reads: string,
): string {
  const middle = x + w / 2
  const below = reads ? safe(reads) : note ? say(note) : ''
  const baseline = y + h / 2 + (below ? -4 : 5)
  return [
    `<g class="place ${look ?? 'person'}"><rect x="${x}" y="${y}" width="${w}" height="${h}" rx="3"/>`,
    `<text class="name" x="${middle}" y="${baseline}" text-anchor="middle">${say(label)}</text>`,
    below && `<text class="note" x="${middle}" y="${baseline + 19}" text-anchor="middle">${below}</text>`,
    '</g>',
  ].join('')
}
