/** The zone as a file: taken home, or brought, with what it would change shown before it does. */
import { fill } from '../../i18n/index.ts'
import { button, el } from '../page.ts'
import type { RegistrarApi } from './api.ts'
import { between, type Change, isEmpty } from './change.ts'
import { changeList } from './diff.ts'
import { labelled } from './form.ts'
import { type Kept, kept } from './kept.ts'
import type { Office } from './office.ts'
import { plainText } from './record-form.ts'

/** As the server takes it. */
const LARGEST = 200_000

type Mode = 'replace' | 'merge'

export class ZoneFileView {
  readonly node: HTMLElement
  readonly #office: Office
  readonly #api: RegistrarApi
  readonly #kept: Kept<string>
  readonly #export = el('pre', { tabindex: '0', role: 'region' })
  readonly #text = el('textarea', { rows: '6', ...plainText })
  readonly #found = el('div', { class: 'found' })
  readonly #problem = el('p', { class: 'problem', role: 'alert' })
  #mode: Mode = 'merge'

  constructor(office: Office, api: RegistrarApi) {
    this.#office = office
    this.#api = api
    this.#kept = kept('zone', office.state.domain)
    const { words } = office
    this.#export.setAttribute('aria-label', words.export)
    this.#text.value = this.#kept.get() ?? ''
    this.#text.addEventListener('input', () => {
      this.#kept.set(this.#text.value || null)
      this.#found.replaceChildren()
    })
    this.node = el(
      'details',
      { class: 'folded', open: this.#text.value !== '' },
      el('summary', {}, words.zone),
      el('div', { class: 'zone-file' }, this.#exporting(), this.#importing()),
    )
  }

  render(): void {
    const { zone } = this.#office.state
    if (this.#export.textContent === zone) return
    this.#export.textContent = zone
    // It was made of names that are no longer there.
    this.#found.replaceChildren()
  }

  #exporting(): HTMLElement {
    const { words } = this.#office
    const copy = () =>
      navigator.clipboard.writeText(this.#office.state.zone).then(
        () => this.#office.say(words.copied),
        // Without leave to write there, the reader copies what is selected.
        () => getSelection()?.selectAllChildren(this.#export),
      )
    const download = () => {
      const url = URL.createObjectURL(new Blob([this.#office.state.zone], { type: 'text/plain' }))
      el('a', { href: url, download: `${this.#office.state.domain}.zone` }).click()
      setTimeout(() => URL.revokeObjectURL(url), 10_000)
    }
    return el(
      'div',
      {},
      el('h4', {}, words.export),
      this.#export,
      el(
        'p',
        { class: 'edit-buttons' },
        button(words.copy, () => void copy()),
        button(words.download, download),
      ),
    )
  }

  #importing(): HTMLElement {
    const { words } = this.#office
    const file = el('input', { type: 'file', accept: '.zone,.txt,.db,text/plain' })
    file.addEventListener('change', () => void this.#choose(file))
    const modes = (['merge', 'replace'] as const).map(mode => {
      const radio = el('input', {
        type: 'radio',
        name: 'zone-mode',
        value: mode,
        checked: mode === this.#mode,
      })
      radio.addEventListener('change', () => {
        this.#mode = mode
        this.#found.replaceChildren()
      })
      return el('label', {}, radio, ' ', words[mode])
    })
    return el(
      'div',
      {},
      el('h4', {}, words.import),
      el('p', { class: 'fine' }, words.importHelp),
      labelled(words.zoneText, this.#text),
      labelled(words.chooseFile, file),
      el('fieldset', {}, el('legend', {}, words.mode), ...modes),
      this.#problem,
      el(
        'p',
        { class: 'edit-buttons' },
        button(words.showChanges, () => void this.#show()),
      ),
      this.#found,
    )
  }

  async #choose(input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? []
    if (!file) return
    this.#problem.textContent = ''
    if (file.size > LARGEST) {
      this.#problem.textContent = fill(this.#office.words.fileTooLarge, { most: LARGEST })
      return
    }
    this.#text.value = await file.text()
    // The same file, mended meanwhile, may be chosen again.
    input.value = ''
    this.#kept.set(this.#text.value)
    await this.#show()
  }

  async #show(): Promise<void> {
    const { words } = this.#office
    this.#problem.textContent = ''
    this.#found.replaceChildren()
    try {
      const brought = await this.#api.zone(this.#text.value)
      const { state } = this.#office
      const base = { records: state.records, reverse: state.reverse }
      const whole = between(base, { records: brought, reverse: state.reverse })
      const change = this.#mode === 'replace' ? whole : { ...whole, remove: [] }
      if (isEmpty(change)) {
        this.#found.replaceChildren(el('p', { role: 'status' }, words.nothing))
        return
      }
      const title = el('h4', { tabindex: '-1' }, words.wouldChange)
      const apply = button(words.apply, () => this.#apply(change, base), { class: 'primary' })
      this.#found.replaceChildren(title, changeList(words, change), el('p', { class: 'edit-buttons' }, apply))
      title.focus()
    } catch (error) {
      this.#problem.textContent = (error as Error).message
    }
  }

  #apply(change: Change, base: Parameters<typeof between>[0]): void {
    const { words } = this.#office
    const what = fill(words.imported, { added: change.add.length, removed: change.remove.length })
    this.#office
      .apply({
        change,
        base,
        what,
        done: fill(words.saved, { what }),
        finish: () => {
          this.#text.value = ''
          this.#kept.set(null)
          this.#found.replaceChildren()
          this.#text.focus()
        },
      })
      .catch((error: Error) => {
        this.#problem.textContent = error.message
      })
  }
}
