/** Fetches the mail map the first time that its pane is opened. While the pane is closed the map asks for nothing. */
import { el, words } from './page.ts'

const place = document.querySelector('[data-map]')

document.addEventListener('map-shown', event => {
  const shown = (event as CustomEvent<boolean>).detail
  const there = place?.querySelector('lab-map')
  if (there) there.toggleAttribute('asleep', !shown)
  else if (shown && place) {
    import('./lab-map.ts').then(
      () => place.querySelector('lab-map') ?? place.replaceChildren(el('lab-map' as 'div', { view: 'own' })),
      () => place.replaceChildren(el('p', { class: 'loading' }, words.step.mapMissing)),
    )
  }
})
