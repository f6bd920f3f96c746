/** What the parts of the registrar's page share: the names as they are, and the one way to change them. */

import type { DomainNames, DomainState, Mistake, ZoneRecord } from '../../../protocol.ts'
import type { RegistrarWords } from '../../i18n/registrar.ts'
import { frenchSpaces } from '../../lib/french.ts'
import { el, lang } from '../page.ts'
import type { Change } from './change.ts'

export interface Wish {
  change: Change
  /** The names that one looked at when one decided on it. */
  base: DomainNames
  /** What it is, in a word or two, for what is said of it later. */
  what: string
  /** The sentence when it is done. */
  done: string
  /** Called when it is done, at once or after a conflict. */
  finish(): void
}

export interface Office {
  readonly words: RegistrarWords
  readonly state: DomainState
  /** Rejects with a CallError that says why; a conflict is shown to the reader, who decides. */
  apply(wish: Wish): Promise<void>
  say(sentence: string): void
}

/** `MX @`: enough to tell a record from its neighbours. */
export const nameOf = ({ name, type }: Pick<ZoneRecord, 'name' | 'type'>): string => `${type} ${name}`

/** Text in which `what is to be typed` stands between backticks. */
export const withCode = (text: string): Node[] =>
  (lang === 'fr' ? frenchSpaces(text) : text)
    .split('`')
    .map((part, i) => (i % 2 ? el('code', {}, part) : document.createTextNode(part)))

export function mistakeNotes(words: RegistrarWords, mistakes: readonly Mistake[]): HTMLElement {
  return el(
    'ul',
    { class: 'mistakes' },
    ...mistakes.map(({ text }) => el('li', {}, el('b', {}, `${words.mistake}. `), ...withCode(text[lang]))),
  )
}

/** Draws anew without taking the keyboard's place: in a field that stays, or at a control with the same `data-key`. */
export function keepingFocus(root: HTMLElement, draw: () => void): void {
  const active = document.activeElement
  const inside = active instanceof HTMLElement && root.contains(active) ? active : null
  draw()
  if (!inside || document.activeElement === inside) return
  const { key } = inside.dataset
  const again = inside.isConnected
    ? inside
    : key && root.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
  if (again) again.focus({ preventScroll: true })
}
