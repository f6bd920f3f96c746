/** The boxes, and what lies in the one that is shown, as envelopes in a list. */
import type { MailEvent, PersonAnswer } from '../../../protocol.ts'
import { fill } from '../../i18n/index.ts'
import { longDate } from '../dates.ts'
import { button, el, words } from '../page.ts'
import { fateChip } from './why.ts'

const text = words.inbox

/** A provider's name, or what was sent back. */
export type Box = string
export const REFUSED: Box = 'refused'

const domainOf = (answer: PersonAnswer): string => `${answer.mailboxes[0]?.address.split('@')[0] ?? ''}.test`

export function boxButtons(answer: PersonAnswer, shown: Box, choose: (box: Box) => void): HTMLElement {
  const one = (box: Box, label: string, count: number, unread: boolean) => {
    const node = button('', () => choose(box), { 'data-box': box, 'aria-pressed': String(box === shown) })
    node.append(
      el('span', {}, label),
      ...(count
        ? [el('span', { class: unread ? 'count unread' : 'count', 'aria-hidden': 'true' }, `${count}`)]
        : []),
    )
    if (unread) node.append(el('span', { class: 'visually-hidden' }, fill(text.unreadCount, { n: count })))
    return node
  }
  return el(
    'div',
    { class: 'boxes', role: 'group', 'aria-label': text.boxes },
    ...answer.mailboxes.map(({ provider, messages }) => {
      const unread = messages.filter(message => message.unread).length
      return one(provider, `${provider}.test`, unread, unread > 0)
    }),
    one(REFUSED, text.refusedBox, answer.refused.length, false),
  )
}

function envelope(
  key: string,
  shown: boolean,
  parts: { from: string; subject: string; at: number; chip: HTMLElement | null; unread: boolean },
  open: () => void,
): HTMLElement {
  const node = button('', open, {
    class: parts.unread ? 'envelope unread' : 'envelope',
    'data-key': key,
    ...(shown ? { 'aria-current': 'true' } : {}),
  })
  node.append(
    el('span', { class: 'envelope-from' }, parts.from),
    el('span', { class: 'envelope-subject' }, parts.subject),
    el('span', { class: 'envelope-foot' }, el('time', {}, longDate(parts.at)), parts.chip),
  )
  if (parts.unread) node.prepend(el('span', { class: 'visually-hidden' }, `${text.unread}: `))
  return el('li', {}, node)
}

export const refusedKey = (event: MailEvent): string => `event-${event.id}`

/** What the shown box holds; `open` gets the key of the chosen one. */
export function envelopes(
  answer: PersonAnswer,
  box: Box,
  current: string | null,
  open: (key: string) => void,
): HTMLElement {
  const mailbox = answer.mailboxes.find(({ provider }) => provider === box)
  const label = mailbox ? fill(text.list, { address: mailbox.address }) : text.refusedList
  const items = mailbox
    ? mailbox.messages.map(message =>
        envelope(
          message.id,
          message.id === current,
          {
            from: message.from || text.noSender,
            subject: message.subject || text.noSubject,
            at: message.at,
            chip: fateChip(message.folder === 'junk' ? 'spam' : 'inbox'),
            unread: message.unread,
          },
          () => open(message.id),
        ),
      )
    : answer.refused.map(event =>
        envelope(
          refusedKey(event),
          refusedKey(event) === current,
          {
            from: event.envelope.to.join(', '),
            subject: event.subject ?? event.reply,
            at: event.at,
            chip: fateChip(event.fate),
            unread: false,
          },
          () => open(refusedKey(event)),
        ),
      )
  const empty = mailbox ? text.empty : fill(text.emptyRefused, { domain: domainOf(answer) })
  return el(
    'section',
    { class: 'envelopes', 'aria-label': label },
    mailbox ? el('p', { class: 'address' }, mailbox.address) : null,
    items.length ? el('ul', {}, ...items) : el('p', { class: 'empty' }, empty),
  )
}

/** Who answers, and in which language. */
export const friendList = ({ friends }: PersonAnswer): HTMLElement =>
  el(
    'section',
    { class: 'friends', 'aria-labelledby': 'friends-title' },
    el('h2', { id: 'friends-title' }, text.friendsTitle),
    el('p', {}, text.friends),
    el(
      'ul',
      {},
      ...friends.map(({ name, address, language }) =>
        el('li', {}, el('b', {}, name), el('code', {}, address), el('span', {}, text.language[language])),
      ),
    ),
  )
