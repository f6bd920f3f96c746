/** The form of one record: fields of its type, what to write in them, and what it will say to the world. */
import type { ZoneRecord } from '../../../protocol.ts'
import { fill } from '../../i18n/index.ts'
import { el } from '../page.ts'
import { FIELDS, type FieldName, printed, type RecordType, read, TYPES, type Values, write } from './data.ts'
import { type EditForm, editForm, labelled } from './form.ts'
import { nameOf, type Office } from './office.ts'

/** What is in the form; `of` is the record that it changes, null for a new one. */
export interface RecordDraft {
  of: ZoneRecord | null
  name: string
  type: RecordType
  ttl: string
  values: Values
}

export const draftOf = (of: ZoneRecord | null): RecordDraft =>
  of
    ? { of, name: of.name, type: of.type, ttl: `${of.ttl ?? 300}`, values: read(of.type, of.data) }
    : { of, name: '', type: 'A', ttl: '300', values: Object.fromEntries(FIELDS.A) }

export function recordOf({ name, type, ttl, values }: RecordDraft): ZoneRecord {
  const plain = name.trim().replace(/\.$/, '')
  return { name: plain || '@', type, data: write(type, values), ttl: Number(ttl.trim() || 300) }
}

export function recordForm(
  office: Office,
  draft: RecordDraft,
  actions: { onInput(draft: RecordDraft): void; onSave(draft: RecordDraft): Promise<void>; onCancel(): void },
): EditForm {
  const { words, state } = office
  const { domain, addresses } = state
  const name = el('input', { 'data-field': 'name', value: draft.name, placeholder: '@', ...plainText })
  const type = el(
    'select',
    { 'data-field': 'type' },
    ...TYPES.map(one => el('option', { value: one, selected: one === draft.type }, one)),
  )
  const ttl = el('input', { 'data-field': 'ttl', value: draft.ttl, inputmode: 'numeric', ...plainText })
  const fields = el('div', { class: 'fields' })
  const help = el('p', { class: 'fine help' })
  const preview = el('code')

  const show = () => {
    const { data } = recordOf(draft)
    preview.textContent = printed({ ...recordOf(draft), data }, domain)
  }
  const changed = () => {
    actions.onInput(draft)
    show()
  }
  const typeFields = () => {
    help.textContent = words.help[draft.type]
    fields.replaceChildren(
      ...FIELDS[draft.type].map(([field]) => {
        const node = control(field, draft.values[field] ?? '')
        node.addEventListener('input', () => {
          draft.values[field] = node.value
          changed()
        })
        if (field !== 'address') return labelled(words.field[field], node, { class: `for-${field}` })
        const id = `addresses-${draft.type}`
        node.setAttribute('list', id)
        const own = addresses.filter(one => one.includes(':') === (draft.type === 'AAAA'))
        const list = el('datalist', { id }, ...own.map(value => el('option', { value })))
        return el('div', { class: 'field for-address' }, labelled(words.field[field], node), list)
      }),
    )
  }
  name.addEventListener('input', () => {
    draft.name = name.value
    changed()
  })
  ttl.addEventListener('input', () => {
    draft.ttl = ttl.value
    changed()
  })
  type.addEventListener('change', () => {
    draft.type = type.value as RecordType
    // What both types have stays: an MX that becomes an SRV leads to the same host.
    draft.values = Object.fromEntries(
      FIELDS[draft.type].map(([field, first]) => [field, draft.values[field] || first]),
    )
    typeFields()
    changed()
  })
  typeFields()
  show()

  return editForm({
    label: draft.of ? fill(words.oneRecord, { what: nameOf(draft.of) }) : words.newRecord,
    save: words.save,
    cancel: words.cancel,
    content: [
      el(
        'div',
        { class: 'fields' },
        labelled(words.name, name, { help: `.${domain} · ${words.nameHelp}`, class: 'for-name' }),
        labelled(words.type, type, { class: 'for-type' }),
        labelled(words.ttl, ttl, { class: 'for-ttl' }),
      ),
      fields,
      help,
      el('p', { class: 'preview' }, el('span', {}, words.preview), ' ', preview),
    ],
    onSave: () => actions.onSave(draft),
    onCancel: actions.onCancel,
  })
}

/** Names and keys are no prose. */
export const plainText = { autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false' } as const

function control(field: FieldName, value: string): HTMLInputElement | HTMLTextAreaElement {
  const long = field === 'text' || field === 'hash'
  if (!long) return el('input', { 'data-field': field, value, ...plainText })
  const node = el('textarea', { 'data-field': field, rows: field === 'text' ? '3' : '2', ...plainText })
  node.value = value
  return node
}
