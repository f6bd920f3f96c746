/** The path of steps on the landing page: one's own progress on it, and the button that goes on from there. */
import { fill } from '../i18n/index.ts'
import { fetchMe } from './me.ts'
import { el, memory, words } from './page.ts'

const me = await fetchMe()
const progress = me?.progress ?? {}

for (const item of document.querySelectorAll<HTMLElement>('[data-step-id]')) {
  const all = Number(item.dataset.tasks)
  const held = Math.min(Object.keys(progress[item.dataset.stepId ?? ''] ?? {}).length, all)
  const place = item.querySelector('[data-progress]')
  if (!held || !place) continue
  item.dataset.held = held === all ? 'all' : 'some'
  const label = held === all ? fill(words.home.allHeld, { all }) : fill(words.home.held, { n: held, all })
  const dots = el('span', { class: 'dots', 'aria-hidden': 'true' })
  for (let i = 0; i < all; i++) dots.append(el('i', i < held ? { class: 'held' } : {}))
  place.replaceChildren(dots, label)
}

// Where one left off: the step that was open last, if it is still there.
const last = memory.get('last-step')
const item = last ? document.querySelector<HTMLElement>(`[data-slug="${CSS.escape(last)}"] a`) : null
const start = document.querySelector<HTMLAnchorElement>('[data-start]')
if (start && item instanceof HTMLAnchorElement) {
  start.href = item.href
  start.textContent = fill(words.home.continue, { n: item.closest<HTMLElement>('li')?.dataset.number ?? '' })
}
