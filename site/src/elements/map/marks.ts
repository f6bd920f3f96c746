/** What places and envelopes look like: SVG made once and copied. Each fate has its colour, its shape and its line. */
import type { Fate, MapPlace } from '../../../protocol.ts'
import { perforated } from '../../lib/perforation.ts'

const NS = 'http://www.w3.org/2000/svg'

export const FATES = ['inbox', 'spam', 'deferred', 'refused'] as const satisfies readonly Fate[]

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number> = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[K] {
  const node = document.createElementNS(NS, tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value))
  node.append(...children)
  return node
}

const path = (d: string, name: string) => svg('path', { d, class: name })

/** Sealed; hatched; dashed with a clock; crossed out. */
const INSIDES: Record<Fate, () => Node[]> = {
  inbox: () => [path('M1 1h28v18H1z', 'body'), path('m1 1 14 10L29 1', 'line')],
  spam: () => [
    path('M1 1h28v18H1z', 'body'),
    path('M1 8l7-7M1 15 15 1M4 19 22 1M11 19 29 1M18 19 29 8M25 19l4-4', 'line'),
  ],
  deferred: () => [
    path('M1 1h28v18H1z', 'body dashed'),
    path('m1 1 8 5.500', 'line'),
    path('m29 1-8 5.500', 'line'),
    svg('circle', { cx: 15, cy: 10, r: 5.5, class: 'body' }),
    path('M15 6.800V10l2.500 1.500', 'line'),
  ],
  refused: () => [path('M1 1h28v18H1z', 'body'), path('M8 4.500l14 11M22 4.500l-14 11', 'line thick')],
}

const made = new Map<Fate, SVGElement>()

/** An envelope, 30 by 20, in the colour of what became of it. */
export function envelope(fate: Fate): SVGElement {
  const known =
    made.get(fate) ??
    svg('svg', { viewBox: '0 0 30 20', class: `fate-${fate}`, 'aria-hidden': 'true' }, ...INSIDES[fate]())
  made.set(fate, known)
  return known.cloneNode(true) as SVGElement
}

/** Providers are stamps, servers are machines, nobody is a ring with nothing in it. Their middle is at 0, 0. */
export function placeMark(kind: MapPlace['kind'], own: boolean, initial: string): SVGElement {
  if (kind === 'provider' || kind === 'spammer') {
    const letter = svg('text', { y: 8, class: 'initial' }, initial)
    const stamp = perforated(-19, -23, 38, 46, 6.4, 1.7)
    return svg(
      'g',
      { class: `stamp ${kind}` },
      path(stamp, 'paper'),
      path('M-14-18h28v36h-28z', 'field'),
      letter,
    )
  }
  if (kind === 'elsewhere')
    return svg('g', { class: 'nobody' }, svg('circle', { r: 13 }), svg('text', { y: 5 }, '?'))
  const [w, h] = own ? [30, 20] : [15, 10]
  return svg(
    'g',
    { class: own ? 'machine own' : 'machine' },
    path(`M${-w}${-h}h${2 * w}v${2 * h}h${-2 * w}z`, 'case'),
    path(own ? 'M-18-2H18M-18 6H4' : 'M-8-1H8', 'slot'),
  )
}
