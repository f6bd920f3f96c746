/** One address at the blocklist: whether it is on it, why, what was seen, and the answer to a request. */
import type { BlocklistState, DelistAnswer } from '../../../protocol.ts'
import type { BlocklistWords } from '../../i18n/blocklist.ts'
import { fill } from '../../i18n/index.ts'
import { frenchSpaces } from '../../lib/french.ts'
import { longDate } from '../dates.ts'
import { folded } from '../inbox/why.ts'
import { button, el, lang } from '../page.ts'

interface Both {
  en: string
  fr: string
}
const said = (text: Both): string => (lang === 'fr' ? frenchSpaces(text.fr) : text.en)

/** What became of a request, kept while the page is open. `until`: milliseconds since the epoch. */
export interface Asked {
  answer: DelistAnswer
  until: number
}

export interface View {
  state: BlocklistState
  machine: string
  asked: Asked | undefined
  /** The list is looking at the server now. */
  asking: boolean
  ask(): void
}

export function listingView(words: BlocklistWords, view: View): HTMLElement {
  const { state, machine, asked } = view
  const { address, listing, history } = state
  const title = el(
    'h2',
    { tabindex: '-1', 'data-address': address },
    el('code', {}, address),
    ' ',
    el('span', { class: 'machine' }, machine),
  )
  const chip = el(
    'span',
    { class: 'fate', 'data-fate': listing ? 'refused' : 'inbox' },
    listing ? words.listed : words.free,
  )
  const parts: (Node | null)[] = [el('div', { class: 'listing-head' }, title, chip)]
  if (listing) {
    const dates = [
      fill(words.since, { date: longDate(listing.since) }),
      fill(words.lastSeen, { date: longDate(listing.lastSeen) }),
    ]
    parts.push(
      el('p', { class: 'reason' }, said(listing.reason)),
      el('p', { class: 'fine' }, listing.inherited ? dates[0] : dates.join(' · ')),
      listing.inherited ? el('p', {}, words.inherited) : null,
      evidence(words, listing.evidence),
      el('p', {}, words.mend),
      askButton(words, view),
    )
  }
  if (asked) parts.push(answerView(words, asked.answer))
  if (history.length > 0) {
    const lines = history.map(({ at, what, text }) =>
      el('li', {}, el('time', {}, longDate(at)), ' ', el('b', {}, words.event[what]), ' ', said(text)),
    )
    parts.push(
      el(
        'details',
        { class: 'folded', 'data-details': `history ${address}` },
        el('summary', {}, words.history),
        el('ul', { class: 'listing-history' }, ...lines),
      ),
    )
  }
  return el('section', { class: listing ? 'listing listed' : 'listing', 'aria-label': address }, ...parts)
}

function evidence(
  words: BlocklistWords,
  all: NonNullable<BlocklistState['listing']>['evidence'],
): HTMLElement {
  const items = all.map(({ at, to, what, dialogue }) =>
    el(
      'li',
      {},
      el('p', { class: 'fine' }, el('time', {}, longDate(at)), to ? `, ${fill(words.toWhom, { to })}` : null),
      el('p', {}, said(what)),
      dialogue ? folded(words.dialogue, dialogue) : null,
    ),
  )
  return el(
    'div',
    { class: 'evidence' },
    el('h3', {}, fill(words.evidence, { n: all.length })),
    el('ol', {}, ...items),
  )
}

function askButton(words: BlocklistWords, { state, asked, asking, ask }: View): HTMLElement {
  const left = asked ? Math.ceil((asked.until - Date.now()) / 1000) : 0
  const node = button(words.ask, ask, {
    class: 'primary',
    'data-ask': state.address,
    'aria-label': fill(words.askOf, { address: state.address }),
    ...(asking ? { 'aria-disabled': 'true' } : {}),
  })
  const note = asking ? words.asking : left > 0 ? fill(words.wait, { n: left }) : ''
  return el(
    'p',
    { class: 'ask' },
    node,
    ' ',
    el('span', { class: 'fine', 'data-wait': asked ? `${asked.until}` : '' }, note),
  )
}

function answerView(words: BlocklistWords, answer: DelistAnswer): HTMLElement {
  const { granted, why, inspections } = answer
  const looked = inspections.map(({ ok, saw, dialogue }) =>
    el(
      'li',
      { 'data-ok': String(ok) },
      el('b', {}, ok ? words.ok : words.notOk),
      ' ',
      said(saw),
      dialogue && !ok ? folded(words.dialogue, dialogue) : null,
    ),
  )
  return el(
    'div',
    { class: granted ? 'answer granted' : 'answer' },
    el('h3', {}, granted ? words.granted : words.refused),
    el('p', {}, said(why)),
    looked.length ? el('h4', {}, words.inspected) : null,
    looked.length ? el('ul', { class: 'inspections' }, ...looked) : null,
  )
}
