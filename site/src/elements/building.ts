/** A server that is being built, and one whose building came to no good end. */
import type { LabState } from '../../protocol.ts'
import { fill } from '../i18n/index.ts'
import { live } from './live.ts'
import { button, el, words } from './page.ts'
import { numberOf, returns, returnToOwn } from './servers.ts'
import { secondsSince, type Ticks } from './ticks.ts'

const text = words.lab
type Building = Extract<LabState, { state: 'building' }>
type Unfinished = Extract<LabState, { state: 'unfinished' }>

/** What happens now, in a sentence. */
function doing({ doing: what, step, part }: Building): string {
  const machine = words.machine[part?.machine ?? 'server'].toLowerCase()
  const n = step === undefined ? '' : numberOf(step)
  return fill(text.doing[what], { n, part: part?.n ?? 1, of: part?.of ?? 1, machine })
}

/** Drawn once; what moves in it follows the lab's state by itself. */
export function building(ticks: Ticks, first: Building): Node[] {
  const fillOf = el('span')
  const bar = el(
    'div',
    {
      class: 'bar-track',
      role: 'progressbar',
      'aria-label': text.buildingBar,
      'aria-valuemin': '0',
      'aria-valuemax': '100',
    },
    fillOf,
  )
  const what = el('p', { class: 'why', role: 'status' })
  const clock = el('p', { class: 'clock' })
  ticks.add(() => {
    const now = live.lab?.state === 'building' ? live.lab : first
    const { percent, left } = now
    const words = fill(left > 1 ? text.left : text.leftSoon, { percent, n: left })
    bar.setAttribute('aria-valuenow', String(percent))
    bar.setAttribute('aria-valuetext', words)
    fillOf.style.setProperty('width', `${percent}%`)
    const sentence = doing(now)
    // A live region speaks when it is written to: each sentence once.
    if (what.textContent !== sentence) what.textContent = sentence
    clock.textContent = `${words} · ${fill(text.elapsed, { n: secondsSince(now.since) })}`
  })
  const stop = button(text.cancelBuilding, () => live.send({ type: 'cancel' }))
  return [el('h3', {}, fill(text.buildingTitle, { n: numberOf(first.to) })), bar, clock, what, stop]
}

export function unfinished(lab: Unfinished): Node[] {
  const own = returnToOwn()
  const again = button(
    text.buildAgain,
    () => live.send({ type: 'open' }),
    own ? {} : { class: 'primary big' },
  )
  const said = lab.why === 'interrupted' ? text.interrupted : lab.message
  const others = returns().slice(1)
  return [
    el('h3', {}, fill(text.unfinishedTitle, { n: numberOf(lab.to) })),
    el('p', { class: 'why', role: 'status' }, said, own ? ` ${text.unfinishedKept}` : ''),
    el(
      'p',
      { class: 'buttons' },
      own,
      again,
      own ? null : button(text.leaveIt, () => live.send({ type: 'close' })),
    ),
    ...(others.length ? [el('ul', { class: 'kept' }, ...others)] : []),
    ...(lab.detail
      ? [
          el(
            'details',
            { class: 'transcript' },
            el('summary', {}, text.unfinishedDetail),
            el('pre', { tabindex: '0' }, lab.detail),
          ),
        ]
      : []),
  ]
}
