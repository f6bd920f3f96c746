/** What stands in the place of the terminals while there are none: a title, what is happening, what one can do. */
import { fill } from '../i18n/index.ts'
import { building, unfinished } from './building.ts'
import { live } from './live.ts'
import { button, el, words } from './page.ts'
import { returns, stepsInWords } from './servers.ts'
import { secondsSince, type Ticks } from './ticks.ts'

const text = words.lab

const title = (words: string) => el('h3', {}, words)

/** Two scenes with the same key look the same but for what counts by itself. */
export function sceneKey(): string {
  const { link, lab } = live
  if (link.state === 'absent' || link.state === 'lost') return link.state
  if (lab?.state === 'opening') return `opening ${lab.what}`
  if (lab?.state === 'trouble') return `trouble ${lab.code} ${lab.message}`
  if (lab?.state === 'closed' || lab?.state === 'unfinished')
    return JSON.stringify([lab, live.servers?.kept, live.servers?.catchUp])
  return lab?.state ?? 'connecting'
}

export function countdown(node: HTMLElement): void {
  const n = live.link.state === 'lost' ? Math.ceil((live.link.retryAt - Date.now()) / 1000) : 0
  node.textContent = n > 0 ? fill(text.lost, { n }) : text.lostNow
}

/** `done` are the things that were happening before what happens now, in their order. */
export function scene(ticks: Ticks, done: readonly string[]): Node[] {
  const { link, lab } = live
  if (link.state === 'absent')
    return [title(text.absentTitle), el('p', {}, text.absent), button(text.absentTry, () => live.connect())]
  if (link.state === 'lost') {
    const when = el('p')
    ticks.add(() => countdown(when))
    return [title(text.lostTitle), when, button(text.retry, () => live.retry())]
  }
  if (lab?.state === 'closed') {
    const open = button(text.openButton, () => live.send({ type: 'open' }), { class: 'primary big' })
    const { steps = [], seconds = 0 } = live.servers?.catchUp ?? {}
    const said = steps.length
      ? fill(text.closedBuilt, { steps: stepsInWords(steps), n: seconds })
      : text.closed
    const kept = returns()
    return [
      title(text.closedTitle),
      el('p', {}, said),
      open,
      ...(kept.length ? [el('p', {}, text.closedKept), el('ul', { class: 'kept' }, ...kept)] : []),
    ]
  }
  if (lab?.state === 'building') return building(ticks, lab)
  if (lab?.state === 'unfinished') return unfinished(lab)
  if (lab?.state === 'opening')
    return [title(text.openingTitle), steps(done), clock(ticks, text.seconds, lab.since)]
  if (lab?.state === 'trouble') {
    const trying = clock(ticks, text.trying, lab.since)
    return [title(text.troubleTitle), el('p', { class: 'why' }, lab.message), trying]
  }
  return [title(text.connecting)]
}

function steps(done: readonly string[]): HTMLElement {
  return el('ol', { class: 'progress' }, ...done.map(what => el('li', {}, what)))
}

function clock(ticks: Ticks, words: string, since: number): HTMLElement {
  const node = el('p', { class: 'clock' })
  ticks.add(() => {
    node.textContent = fill(words, { n: secondsSince(since) })
  })
  return node
}
