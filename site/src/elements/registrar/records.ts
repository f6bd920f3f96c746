/** The domain's records as a table: each with what is wrong with it, and a form in the place of the one that is open. */
import type { DomainNames, DomainState, ZoneRecord } from '../../../protocol.ts'
import { fill } from '../../i18n/index.ts'
import { button, el } from '../page.ts'
import { keyOf } from './change.ts'
import type { EditForm } from './form.ts'
import { type Kept, kept } from './kept.ts'
import { keepingFocus, mistakeNotes, nameOf, type Office } from './office.ts'
import { draftOf, type RecordDraft, recordForm, recordOf } from './record-form.ts'

interface Open {
  draft: RecordDraft
  base: DomainNames
}

const COLUMNS = 5

export class Records {
  readonly node = el('section', { class: 'records' })
  readonly #office: Office
  readonly #kept: Kept<Open>
  #open: (Open & { form: EditForm }) | null = null

  constructor(office: Office) {
    this.#office = office
    this.#kept = kept('record', office.state.domain)
    const before = this.#kept.get()
    if (before) this.#edit(before)
  }

  render(): void {
    keepingFocus(this.node, () => this.#draw())
  }

  #draw(): void {
    const { words, state } = this.#office
    const open = this.#open
    const rows = state.records.flatMap(record =>
      open?.draft.of && keyOf(open.draft.of) === keyOf(record)
        ? [this.#formRow(open.form, ''), ...this.#mistakes(record, state)]
        : this.#row(record, state),
    )
    const there = open?.draft.of && state.records.some(one => keyOf(one) === keyOf(open.draft.of ?? one))
    if (open && !there) rows.push(this.#formRow(open.form, open.draft.of ? words.gone : ''))
    const empty = rows.length === 0
    const heads = [words.name, words.type, words.ttl, words.data]
    const table = el(
      'table',
      { role: 'table', 'aria-label': words.records },
      el(
        'thead',
        { role: 'rowgroup' },
        el(
          'tr',
          { role: 'row' },
          ...heads.map((head, i) =>
            el('th', { scope: 'col', role: 'columnheader', title: i === 2 && words.ttlLong }, head),
          ),
          el(
            'th',
            { scope: 'col', role: 'columnheader' },
            el('span', { class: 'visually-hidden' }, words.actions),
          ),
        ),
      ),
      el('tbody', { role: 'rowgroup' }, ...rows),
    )
    this.node.replaceChildren(
      el('h3', {}, words.records),
      empty ? el('p', { class: 'none' }, words.none) : table,
      el(
        'p',
        {},
        button(words.add, () => this.#begin(null), { class: empty ? 'primary' : '', 'data-key': 'add' }),
      ),
    )
  }

  #row(record: ZoneRecord, state: DomainState): HTMLElement[] {
    const { words } = this.#office
    const key = keyOf(record)
    const wrong = this.#mistakes(record, state)
    const what = nameOf(record)
    const act = (verb: 'edit' | 'remove', run: () => void) =>
      button(words[verb], run, {
        class: 'quiet',
        'data-key': `${verb} ${key}`,
        'aria-label': fill(words[`${verb}Of`], { what }),
      })
    const cell = (name: string, ...content: (Node | string)[]) =>
      el('td', { role: 'cell', class: name }, ...content)
    const row = el(
      'tr',
      { role: 'row', class: wrong.length > 0 && 'wrong', 'data-record': key },
      el('th', { scope: 'row', role: 'rowheader', class: 'of-name' }, record.name),
      cell('of-type', record.type),
      cell('of-ttl', `${record.ttl ?? 300}`),
      cell('of-data', el('code', { tabindex: record.data.length > 300 && '0' }, record.data)),
      cell(
        'of-actions',
        act('edit', () => this.#begin(record)),
        act('remove', () => this.#remove(record)),
      ),
    )
    return [row, ...wrong]
  }

  #mistakes(record: ZoneRecord, { mistakes }: DomainState): HTMLElement[] {
    const wrong = mistakes.filter(
      ({ name, type, data }) => name === record.name && type === record.type && data === record.data,
    )
    return wrong.length ? [wide('mistake-row', mistakeNotes(this.#office.words, wrong))] : []
  }

  #formRow(form: EditForm, note: string): HTMLElement {
    return wide('form-row', note ? el('p', { class: 'gone' }, note) : null, form.node)
  }

  #begin(of: ZoneRecord | null): void {
    const { words, state } = this.#office
    if (this.#open) {
      this.#office.say(words.openFirst)
      this.#open.form.focus()
      return
    }
    const form = this.#edit({
      draft: draftOf(of),
      base: { records: state.records, reverse: state.reverse },
    })
    this.render()
    form.focus()
  }

  #edit(open: Open): EditForm {
    const form = recordForm(this.#office, open.draft, {
      onInput: () => this.#kept.set(open),
      onSave: draft => this.#save(draft, open.base),
      onCancel: () => this.#close(open.draft.of ? `edit ${keyOf(open.draft.of)}` : 'add'),
    })
    this.#open = { ...open, form }
    return form
  }

  #save(draft: RecordDraft, base: DomainNames): Promise<void> {
    const record = recordOf(draft)
    const what = nameOf(record)
    return this.#office.apply({
      change: { remove: draft.of ? [draft.of] : [], add: [record], reverse: {} },
      base,
      what,
      done: fill(this.#office.words.saved, { what }),
      finish: () => this.#close('add'),
    })
  }

  /** `focus`: the key of the control that the keyboard goes back to. */
  #close(focus: string): void {
    this.#open = null
    this.#kept.set(null)
    this.render()
    const find = (key: string) => this.node.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
    ;(find(focus) ?? find('add'))?.focus()
  }

  #remove(record: ZoneRecord): void {
    const { words, state } = this.#office
    const what = nameOf(record)
    this.#office
      .apply({
        change: { remove: [record], add: [], reverse: {} },
        base: state,
        what,
        done: fill(words.removed, { what }),
        finish: () => this.node.querySelector<HTMLElement>('[data-key="add"]')?.focus(),
      })
      .catch((error: Error) => this.#office.say(fill(words.failed, { message: error.message })))
  }
}

const wide = (name: string, ...content: (Node | null)[]): HTMLElement =>
  el('tr', { role: 'row', class: name }, el('td', { role: 'cell', colspan: `${COLUMNS}` }, ...content))
