/** Two changes of the same names at once: both are shown, and the reader decides. */
import type { RegistrarWords } from '../../i18n/registrar.ts'
import { button, el } from '../page.ts'
import type { Change } from './change.ts'
import { changeList } from './diff.ts'

export function conflictView(
  words: RegistrarWords,
  theirs: Change,
  mine: Change,
  actions: { apply(): void; leave(): void },
): { node: HTMLElement; focus(): void } {
  const title = el('h3', { tabindex: '-1' }, words.conflictTitle)
  const side = (head: string, change: Change) => el('div', {}, el('h4', {}, head), changeList(words, change))
  const node = el(
    'section',
    { class: 'conflict', 'aria-label': words.conflictTitle },
    title,
    el('p', {}, words.conflict),
    el('div', { class: 'sides' }, side(words.theirs, theirs), side(words.mine, mine)),
    el(
      'p',
      { class: 'edit-buttons' },
      button(words.applyMine, actions.apply, { class: 'primary' }),
      button(words.leave, actions.leave),
    ),
  )
  return { node, focus: () => title.focus() }
}
