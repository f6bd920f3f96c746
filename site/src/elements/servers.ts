/** What one can do about one's servers, as parts of a page: going on, catching up, returning to one that is kept. */
import type { KeptServer, LiveClient } from '../../protocol.ts'
import { fill } from '../i18n/index.ts'
import { hourOrDay } from './dates.ts'
import { live } from './live.ts'
import { button, el, lang, stepId, words } from './page.ts'

const text = words.lab
const list = new Intl.ListFormat(lang, { type: 'conjunction' })

/** `05-fifty-users` is step 5. */
export const numberOf = (step: string): number => Number.parseInt(step, 10)

/** `step 5`, `steps 4 and 5` */
export function stepsInWords(steps: readonly string[]): string {
  const n = list.format(steps.map(step => String(numberOf(step))))
  return fill(steps.length > 1 ? text.stepNames : text.stepName, { n })
}

const wish = (label: string, message: LiveClient, note: string, attributes: Record<string, string> = {}) =>
  el(
    'li',
    {},
    button(label, () => live.send(message), attributes),
    note ? el('p', {}, note) : null,
  )

const named = (words: string, { at, step }: KeptServer) =>
  fill(words, { time: hourOrDay(at), step: stepsInWords([step]) })

/** One button a server that is kept. */
export const returns = (note = ''): HTMLElement[] =>
  (live.servers?.kept ?? []).map(kept =>
    wish(named(text.return, kept), { type: 'return', at: kept.at }, note, { 'data-return': '' }),
  )

/** The newest one that is kept, which is what somebody had before something went wrong. */
export function returnToOwn(): HTMLElement | null {
  const kept = live.servers?.kept[0]
  if (!kept) return null
  const label = named(text.returnOwn, kept)
  return button(label, () => live.send({ type: 'return', at: kept.at }), { class: 'primary big' })
}

/** Whether a lab is open that has not come to the step of this page. */
export function isElsewhere(): boolean {
  const { lab } = live
  return lab?.state === 'open' && stepId !== undefined && !lab.reached.includes(stepId)
}

/** The choice for a lab that is at another step; then those that are kept. */
export function choices(): Node[] {
  const { lab, servers } = live
  if (lab?.state !== 'open' || !servers || stepId === undefined) return []
  const { kept, most, catchUp } = servers
  if (!isElsewhere())
    return [el('p', {}, el('strong', {}, text.keptTitle)), el('ul', {}, ...returns(text.returnNote))]
  const at = numberOf(lab.step)
  const lacking = catchUp.steps.filter(step => !lab.reached.includes(step))
  const lacks = lacking.length ? ` ${fill(text.notSolved, { steps: stepsInWords(lacking) })}` : ''
  const built = catchUp.steps.length > 0
  const anew = built
    ? fill(text.catchUpNote, { steps: stepsInWords(catchUp.steps), n: catchUp.seconds })
    : text.freshNote
  const oldest = kept.length >= most ? kept.at(-1) : undefined
  const full = oldest ? ` ${fill(text.keptFull, { most, time: hourOrDay(oldest.at) })}` : ''
  return [
    el('p', {}, el('strong', {}, fill(text.elsewhere, { at, here: numberOf(stepId) }))),
    el(
      'ul',
      {},
      wish(text.goOn, { type: 'advance' }, text.goOnNote + lacks),
      wish(built ? text.catchUp : text.fresh, { type: 'reset', keep: true }, anew + full),
      ...returns(text.returnNote),
    ),
  ]
}
