/** Why a message is where it is: the fate, the rules that spoke, who vouches for it, and the dialogue. */
import type { Authentication, MailEvent, MailSummary, Reason } from '../../../protocol.ts'
import { fill } from '../../i18n/index.ts'
import { frenchSpaces } from '../../lib/french.ts'
import { el, lang, words } from '../page.ts'

const text = words.inbox

export const fateChip = (fate: keyof typeof text.fate): HTMLElement =>
  el('span', { class: 'fate', 'data-fate': fate }, text.fate[fate])

/** What scrolls can be scrolled with the keyboard. */
export const folded = (label: string, content: string, note?: string): HTMLElement =>
  el(
    'details',
    { class: 'folded' },
    el('summary', {}, label),
    note ? el('p', { class: 'fine' }, note) : null,
    el('pre', { tabindex: '0', 'aria-label': label, role: 'region' }, content),
  )

function reasons(list: readonly Reason[]): HTMLElement {
  if (list.length === 0) return el('p', {}, text.noReasons)
  return el(
    'ul',
    { class: 'reasons' },
    ...list.map(({ rule, text: say }) =>
      el(
        'li',
        {},
        lang === 'fr' ? frenchSpaces(say.fr) : say.en,
        ' ',
        el('code', {}, rule),
        ...(rule === 'blocklisted' ? [' ', el('a', { href: `/${lang}/blocklist/` }, text.toBlocklist)] : []),
      ),
    ),
  )
}

function authentication(found: Authentication | undefined): Node[] {
  if (!found) return [el('p', {}, text.noAuthentication)]
  const rows = (['spf', 'dkim', 'dmarc', 'arc'] as const).map(method =>
    el(
      'div',
      { 'data-result': found[method] },
      el('dt', {}, method.toUpperCase()),
      el('dd', {}, el('b', {}, found[method]), ' ', el('span', {}, text.method[method])),
    ),
  )
  return [el('dl', { class: 'vouchers' }, ...rows), folded(text.authHeader, found.header)]
}

const part = (title: string, ...content: Node[]): HTMLElement =>
  el('section', { class: 'why-part' }, el('h3', {}, title), ...content)

/** For a message that lies in a mailbox. */
export function whyHere(message: MailSummary, provider: string): Node[] {
  const { verdict, folder } = message
  if (!verdict) return [el('p', { class: 'sentence' }, text.unknownVerdict)]
  const moved = (folder === 'junk') !== (verdict.fate === 'spam')
  const parts: Node[] = [
    el(
      'p',
      { class: 'sentence' },
      fateChip(verdict.fate),
      ' ',
      fill(text.fateLong[verdict.fate], { provider }),
      moved ? ` ${fill(text.moved, { folder: text.folder[folder] })}` : null,
    ),
    part(text.why, reasons(verdict.reasons)),
    part(text.authentication, ...authentication(verdict.authentication)),
  ]
  if (verdict.transcript) parts.push(folded(text.transcript, verdict.transcript))
  return parts
}

/** For an attempt that a provider did not accept. */
export function whyNot(event: MailEvent): Node[] {
  const parts: Node[] = [
    el(
      'p',
      { class: 'sentence' },
      fateChip(event.fate),
      ' ',
      fill(text.fateLong[event.fate], { provider: event.to }),
    ),
    part(text.reply, el('p', {}, el('code', { class: 'reply' }, event.reply))),
    part(text.why, reasons(event.reasons)),
  ]
  if (event.authentication) parts.push(part(text.authentication, ...authentication(event.authentication)))
  if (event.transcript) parts.push(folded(text.transcript, event.transcript))
  return parts
}
