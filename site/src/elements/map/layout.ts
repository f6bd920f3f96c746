/** Where the places of the map stand: the same places in the same window stand at the same spots on every screen. */
import type { MapPlace } from '../../../protocol.ts'

export interface Spot {
  place: MapPlace
  x: number
  y: number
  /** Whether there is room for its name. */
  named: boolean
  /** Of its mark: a hundred servers on a telephone are dots. */
  scale: number
}

export interface Size {
  width: number
  height: number
}

interface Point {
  x: number
  y: number
}

/** In pixels: one's own map has room for marks of full size from here on. */
const CRAMPED = 290

/** `count` points at equal distances along an ellipse around the middle, clockwise from its left. */
function around({ width, height }: Size, rx: number, ry: number, count: number): Point[] {
  const FINE = 720
  const at = (i: number) => {
    const angle = Math.PI + (i / FINE) * 2 * Math.PI
    return { x: width / 2 + rx * Math.cos(angle), y: height / 2 + ry * Math.sin(angle) }
  }
  const lengths = [0]
  for (let i = 1; i <= FINE; i++) {
    const [a, b] = [at(i - 1), at(i)]
    lengths.push((lengths[i - 1] ?? 0) + Math.hypot(b.x - a.x, b.y - a.y))
  }
  const whole = lengths[FINE] ?? 0
  return Array.from({ length: count }, (_, i) =>
    at(lengths.findIndex(length => length >= (i / count) * whole)),
  )
}

const perimeter = (rx: number, ry: number) =>
  Math.PI * (3 * (rx + ry) - Math.sqrt((3 * rx + ry) * (rx + 3 * ry)))

/** One's own server in the middle, everybody else around it. */
export function ownLayout(places: readonly MapPlace[], own: string, size: Size): Spot[] {
  const others = places.filter(({ id }) => id !== own)
  const [rx, ry] = [Math.max(40, size.width / 2 - 58), Math.max(30, size.height / 2 - 46)]
  const points = around(size, rx, ry, others.length)
  const named = perimeter(rx, ry) / Math.max(1, others.length) > 70
  // In a small pane the names of neighbours would lie on one's own server.
  const scale = Math.min(size.width, size.height) < CRAMPED ? 0.75 : 1
  const centre = {
    place: { id: own, kind: 'server' as const },
    x: size.width / 2,
    y: size.height / 2,
    named: true,
    scale,
  }
  return [centre, ...others.map((place, i) => ({ place, ...(points[i] ?? centre), named, scale }))]
}

/** Servers come and go: rings are made for these numbers, so that one newcomer does not move everybody. */
const SIZES = [6, 12, 24, 40, 60, 80, 100, 120, 160, 200, 300, 500]
/** Between two servers of a ring, names included. */
const STEP = 78
const LEAST_NAMED = 56
const RINGS = [1, 0.76, 0.54]

/** Providers in the middle, servers in rings around them. */
export function roomLayout(places: readonly MapPlace[], size: Size): Spot[] {
  const inner = places.filter(({ kind }) => kind !== 'server')
  const servers = places.filter(({ kind }) => kind === 'server')
  const [rx, ry] = [Math.max(60, size.width / 2 - 60), Math.max(60, size.height / 2 - 44)]
  const seats = SIZES.find(n => n >= servers.length) ?? servers.length
  const lengths = RINGS.map(share => perimeter(rx * share, ry * share))
  const total = (rings: number) => lengths.slice(0, rings).reduce((sum, length) => sum + length, 0)
  const rings = [1, 2].find(n => total(n) / STEP >= seats) ?? 3
  const middle = inner.length > 1 ? 0.3 : 0
  const spacious = middle ? perimeter(rx * middle, ry * middle) / inner.length : Number.POSITIVE_INFINITY
  const spots: Spot[] = around(size, rx * middle, ry * middle, inner.length).map((point, i) => ({
    place: inner[i] ?? { id: 'elsewhere', kind: 'elsewhere' },
    ...(middle ? point : { x: size.width / 2, y: size.height / 2 }),
    named: spacious >= 90,
    scale: Math.min(1, Math.max(0.4, spacious / 90)),
  }))
  const spacing = total(rings) / seats
  const named = spacing >= LEAST_NAMED
  const scale = Math.min(1, Math.max(0.25, spacing / 45))
  let next = 0
  for (let ring = 0; ring < rings; ring++) {
    const share = RINGS[ring] ?? 1
    const left = seats - next
    const here = ring === rings - 1 ? left : Math.round((seats * (lengths[ring] ?? 0)) / total(rings))
    for (const point of around(size, rx * share, ry * share, here)) {
      const place = servers[next++]
      if (place) spots.push({ place, ...point, named, scale })
    }
  }
  return spots
}
