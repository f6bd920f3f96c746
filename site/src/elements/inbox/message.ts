/** One message, or one attempt that was sent back, as the reader sees it. Whatever it says is shown as text. */
import type { MailDetail, MailEvent } from '../../../protocol.ts'
import { fill } from '../../i18n/index.ts'
import { longDate } from '../dates.ts'
import { button, el, words } from '../page.ts'
import { folded, whyHere, whyNot } from './why.ts'

const text = words.inbox

const fact = (label: string, value: string): HTMLElement =>
  el('div', {}, el('dt', {}, label), el('dd', {}, value))

/** The heading takes the focus when a message is opened. */
const title = (subject: string): HTMLElement =>
  el('h2', { tabindex: '-1', class: 'message-title' }, subject || text.noSubject)

export interface Actions {
  move(folder: 'inbox' | 'junk'): void
  remove(): void
}

function removeButton(remove: () => void): HTMLElement {
  let sure = false
  const node = button(text.delete, () => {
    if (sure) return remove()
    sure = true
    node.textContent = text.deleteSure
    node.classList.add('danger')
  })
  node.addEventListener('blur', () => {
    sure = false
    node.textContent = text.delete
    node.classList.remove('danger')
  })
  return node
}

function attachments(list: MailDetail['attachments']): HTMLElement | null {
  if (list.length === 0) return null
  const rows = list.map(({ name, type, size }) =>
    el(
      'li',
      {},
      `${name || type} `,
      el('span', { class: 'fine' }, `${type}, ${fill(text.size, { n: size })}`),
    ),
  )
  return el('section', { class: 'why-part' }, el('h3', {}, text.attachments), el('ul', {}, ...rows))
}

export function messageView(message: MailDetail, provider: string, actions: Actions): Node[] {
  const { envelope, folder } = message
  const facts = [
    fact(text.from, message.from || text.noSender),
    fact(text.to, message.to),
    fact(text.date, longDate(message.at)),
  ]
  if (envelope)
    facts.push(
      fact(
        text.envelope,
        fill(text.envelopeText, {
          from: `<${envelope.from}>`,
          helo: envelope.helo,
          address: envelope.remoteAddress,
          tls: envelope.tls ? text.encrypted : text.clear,
        }),
      ),
    )
  const other = folder === 'junk' ? 'inbox' : 'junk'
  return [
    el(
      'div',
      { class: 'message-sheet' },
      title(message.subject),
      el('dl', { class: 'facts' }, ...facts),
      message.text
        ? el('pre', { class: 'letter', tabindex: '0', role: 'region', 'aria-label': text.text }, message.text)
        : el('p', { class: 'letter' }, text.noText),
      attachments(message.attachments),
      el(
        'p',
        { class: 'message-buttons' },
        button(other === 'junk' ? text.spam : text.notSpam, () => actions.move(other)),
        removeButton(actions.remove),
      ),
    ),
    el('div', { class: 'why' }, ...whyHere(message, provider)),
    folded(text.headers, message.headers.map(({ name, value }) => `${name}: ${value}`).join('\n')),
    folded(text.source, message.source, text.sourceNote),
  ]
}

export function refusedView(event: MailEvent): Node[] {
  return [
    el(
      'div',
      { class: 'message-sheet' },
      title(event.subject ?? event.envelope.to.join(', ')),
      el(
        'dl',
        { class: 'facts' },
        fact(text.from, event.envelope.from),
        fact(text.to, event.envelope.to.join(', ')),
        fact(text.tried, longDate(event.at)),
      ),
    ),
    el('div', { class: 'why' }, ...whyNot(event)),
  ]
}
