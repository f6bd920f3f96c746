/** A small form in the place of what it changes: Enter saves, Escape leaves it, what the server refuses is said beside it. */
import { button, el } from '../page.ts'
import { CallError } from './api.ts'

export interface EditForm {
  node: HTMLFormElement
  focus(): void
}

export function editForm(options: {
  label: string
  save: string
  cancel: string
  content: (Node | null)[]
  onSave(): Promise<void>
  onCancel(): void
}): EditForm {
  const problem = el('p', { class: 'problem', role: 'alert' })
  const save = el('button', { type: 'submit', class: 'primary' }, options.save)
  const node = el(
    'form',
    { class: 'edit', 'aria-label': options.label, novalidate: true },
    ...options.content,
    problem,
    el('p', { class: 'edit-buttons' }, save, button(options.cancel, options.onCancel)),
  )
  const fields = () => [...node.querySelectorAll<HTMLElement>('[data-field]')]
  let busy = false

  node.addEventListener('submit', event => {
    event.preventDefault()
    if (busy) return
    busy = true
    save.setAttribute('aria-disabled', 'true')
    problem.textContent = ''
    for (const field of fields()) field.removeAttribute('aria-invalid')
    options
      .onSave()
      .catch((error: Error) => {
        problem.textContent = error.message
        const wrong = error instanceof CallError ? error.field : undefined
        const all = fields()
        // `data` is no field of the form: the last of its fields is the one that can be long.
        const field =
          all.find(({ dataset }) => dataset.field === wrong) ?? (wrong === 'data' ? all.at(-1) : undefined)
        field?.setAttribute('aria-invalid', 'true')
        field?.focus()
      })
      .finally(() => {
        busy = false
        save.removeAttribute('aria-disabled')
      })
  })
  node.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    options.onCancel()
  })
  return { node, focus: () => fields()[0]?.focus() }
}

let count = 0

/** A label and its field, joined by an id of their own. */
export function labelled(
  label: string,
  field: HTMLElement,
  more: { help?: string; class?: string } = {},
): HTMLElement {
  field.id = `registrar-${++count}`
  const help =
    more.help === undefined ? null : el('span', { class: 'fine', id: `${field.id}-help` }, more.help)
  if (help) field.setAttribute('aria-describedby', help.id)
  return el('div', { class: `field ${more.class ?? ''}` }, el('label', { for: field.id }, label), field, help)
}
