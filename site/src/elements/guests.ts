/**
 * Fetches the mail map or the registrar the first time that its pane is opened. While the pane is closed it asks for
 * nothing.
 */
import type { Guest } from './lab-bench.ts'
import { el, words } from './page.ts'

interface Kind {
  tag: string
  attributes: Record<string, string>
  missing: string
  load(): Promise<unknown>
}

const GUESTS: Record<Guest, Kind> = {
  map: {
    tag: 'lab-map',
    attributes: { view: 'own' },
    missing: words.step.mapMissing,
    load: () => import('./lab-map.ts'),
  },
  registrar: {
    tag: 'lab-registrar',
    attributes: {},
    missing: words.step.registrarMissing,
    load: () => import('./registrar/lab-registrar.ts'),
  },
}

document.addEventListener('guest-shown', event => {
  const shown = (event as CustomEvent<Guest | null>).detail
  for (const [name, { tag, attributes, missing, load }] of Object.entries(GUESTS)) {
    const place = document.querySelector(`[data-guest-place="${name}"]`)
    const there = place?.querySelector(tag)
    if (there) there.toggleAttribute('asleep', name !== shown)
    else if (place && name === shown)
      load().then(
        () => place.querySelector(tag) ?? place.replaceChildren(el(tag as 'div', attributes)),
        () => place.replaceChildren(el('p', { class: 'loading' }, missing)),
      )
  }
})
