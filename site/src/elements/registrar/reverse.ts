/** What one's addresses are called: one host name each, or none. */
import type { DomainNames } from '../../../protocol.ts'
import { fill } from '../../i18n/index.ts'
import { button, el, lang } from '../page.ts'
import { type EditForm, editForm, labelled } from './form.ts'
import { type Kept, kept } from './kept.ts'
import { keepingFocus, mistakeNotes, type Office } from './office.ts'
import { plainText } from './record-form.ts'

interface Open {
  address: string
  host: string
  base: DomainNames
}

export class Reverse {
  readonly node = el('section', { class: 'reverse' })
  readonly #office: Office
  readonly #kept: Kept<Open>
  #open: { address: string; form: EditForm } | null = null

  constructor(office: Office) {
    this.#office = office
    this.#kept = kept('reverse', office.state.domain)
    const before = this.#kept.get()
    if (before && office.state.addresses.includes(before.address)) this.#edit(before)
  }

  render(): void {
    keepingFocus(this.node, () => this.#draw())
  }

  #draw(): void {
    const { words, state } = this.#office
    this.node.replaceChildren(
      el('h3', {}, words.reverse),
      el('p', { class: 'fine' }, words.reverseHelp),
      el(
        'p',
        { class: 'fine' },
        el(
          'a',
          { href: `/${lang}/blocklist/`, target: 'blocklist', 'data-key': 'blocklist' },
          words.toBlocklist,
        ),
      ),
      el('ul', {}, ...state.addresses.map((address, i) => this.#row(address, i))),
    )
  }

  #row(address: string, place: number): HTMLElement {
    const { words, state } = this.#office
    const host = state.reverse[address]
    // The registrar has the server's two addresses first (containers/registration.ts).
    const machine = words.machine[place < 2 ? 'server' : 'desk']
    const head = el('div', { class: 'reverse-address' }, el('code', {}, address), el('span', {}, machine))
    if (this.#open?.address === address) return el('li', { class: 'open' }, head, this.#open.form.node)
    const wrong = state.mistakes.filter(({ type, name }) => type === 'PTR' && name === address)
    const act = (verb: 'edit' | 'remove', run: () => void) =>
      button(words[verb], run, {
        class: 'quiet',
        'data-key': `${verb} ${address}`,
        'aria-label': fill(words[`${verb}Of`], { what: `PTR ${address}` }),
      })
    return el(
      'li',
      { class: wrong.length > 0 && 'wrong' },
      head,
      host === undefined
        ? el('span', { class: 'no-host' }, words.noHost)
        : el('code', { class: 'host' }, host),
      el(
        'div',
        { class: 'of-actions' },
        act('edit', () => this.#begin(address)),
        host === undefined
          ? null
          : act('remove', () => void this.#set(address, null, state).catch(this.#fail)),
      ),
      wrong.length ? mistakeNotes(words, wrong) : null,
    )
  }

  #begin(address: string): void {
    const { words, state } = this.#office
    if (this.#open) {
      this.#office.say(words.openFirst)
      this.#open.form.focus()
      return
    }
    const base = { records: state.records, reverse: state.reverse }
    const form = this.#edit({ address, host: state.reverse[address] ?? '', base })
    this.render()
    form.focus()
  }

  #edit(open: Open): EditForm {
    const { words, state } = this.#office
    const input = el('input', {
      'data-field': 'host',
      value: open.host,
      placeholder: `mail.${state.domain}`,
      ...plainText,
    })
    input.addEventListener('input', () => {
      open.host = input.value
      this.#kept.set(open)
    })
    const form = editForm({
      label: fill(words.hostOf, { address: open.address }),
      save: words.save,
      cancel: words.cancel,
      content: [labelled(words.field.host, input)],
      onSave: () => this.#set(open.address, open.host.trim().replace(/\.$/, '') || null, open.base),
      onCancel: () => this.#close(open.address),
    })
    this.#open = { address: open.address, form }
    return form
  }

  #set(address: string, host: string | null, base: DomainNames): Promise<void> {
    const { words } = this.#office
    const what = `PTR ${address}`
    return this.#office.apply({
      change: {
        remove: [],
        add: [],
        reverse: { [address]: { from: base.reverse[address] ?? null, to: host } },
      },
      base,
      what,
      done: fill(host === null ? words.removed : words.saved, { what }),
      finish: () => this.#close(address),
    })
  }

  readonly #fail = (error: Error): void =>
    this.#office.say(fill(this.#office.words.failed, { message: error.message }))

  #close(address: string): void {
    if (this.#open?.address === address) {
      this.#open = null
      this.#kept.set(null)
    }
    this.render()
    this.node.querySelector<HTMLElement>(`[data-key="${CSS.escape(`edit ${address}`)}"]`)?.focus()
  }
}
