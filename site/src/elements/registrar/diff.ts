/** A change as lines: what goes, what comes. Told apart by sign, frame and words; colour only repeats it. */
import type { RegistrarWords } from '../../i18n/registrar.ts'
import { el } from '../page.ts'
import { type Change, isEmpty, keyOf } from './change.ts'

export function changeList(words: RegistrarWords, change: Change): HTMLElement {
  if (isEmpty(change)) return el('p', { class: 'fine' }, words.already)
  const reverse = Object.entries(change.reverse)
  const lines = (side: 'from' | 'to') =>
    reverse.flatMap(([address, ends]) => (ends[side] === null ? [] : [`${address} PTR ${ends[side]}`]))
  const line = (sign: '+' | '−', label: string) => (text: string) =>
    el(
      'li',
      { class: sign === '+' ? 'comes' : 'goes' },
      el('span', { 'aria-hidden': 'true' }, sign),
      el('span', { class: 'visually-hidden' }, `${label}: `),
      el('code', {}, text),
    )
  return el(
    'ul',
    { class: 'change' },
    ...[...change.remove.map(keyOf), ...lines('from')].map(line('−', words.taken)),
    ...[...change.add.map(keyOf), ...lines('to')].map(line('+', words.added)),
  )
}
