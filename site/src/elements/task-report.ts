/** What a check saw, as the learner reads it: expected, seen, where to look, and the dialogue itself. */

import type { Text } from '../../../checker/step.ts'
import type { TaskVerdict } from '../../../checker/verdict.ts'
import { fill } from '../i18n/index.ts'
import { frenchSpaces } from '../lib/french.ts'
import { clockTime, inSeconds, longDate } from './dates.ts'
import { el, lang, words } from './page.ts'

const say = (text: Text): string => (lang === 'fr' ? frenchSpaces(text.fr) : text.en)

/** Text with `code` between backticks, as authors write it. */
function inline(text: string): Node[] {
  return text
    .split(/(`[^`]+`)/)
    .map(part =>
      part.startsWith('`') && part.length > 2
        ? el('code', {}, part.slice(1, -1))
        : document.createTextNode(part),
    )
}

function line(label: string, text: Text): HTMLElement {
  const value = el('dd')
  value.append(...inline(say(text)))
  return el('div', {}, el('dt', {}, label), value)
}

function transcript(label: string, text: string): HTMLElement {
  // A keyboard user must be able to scroll what does not fit.
  return el('details', { class: 'transcript' }, el('summary', {}, label), el('pre', { tabindex: '0' }, text))
}

/** The report on one task; empty when it was never checked and never held. */
export function report(at: TaskVerdict | undefined, solvedAt: number | undefined): Node[] {
  const parts: Node[] = []
  if (at) {
    const { verdict } = at
    if (verdict.status === 'error') {
      parts.push(el('p', { class: 'ours' }, words.task.ours), el('p', {}, ...inline(say(verdict.message))))
      parts.push(transcript(words.task.detail, verdict.detail))
    } else {
      const list = el('dl', { class: 'seen' })
      if (verdict.status === 'fail') list.append(line(words.task.expected, verdict.expected))
      list.append(line(words.task.observed, verdict.observed))
      if (verdict.status === 'fail' && verdict.next) list.append(line(words.task.next, verdict.next))
      parts.push(list)
      if (verdict.transcript) parts.push(transcript(words.task.transcript, verdict.transcript))
    }
  }
  const past: string[] = []
  if (solvedAt !== undefined) past.push(fill(words.task.firstSolved, { date: longDate(solvedAt) }))
  if (at) past.push(fill(words.task.took, { time: clockTime(at.at), seconds: inSeconds(at.took) }))
  if (past.length) parts.push(el('p', { class: 'when' }, past.join('. ')))
  return parts
}
