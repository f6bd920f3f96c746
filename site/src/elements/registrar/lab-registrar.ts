/**
 * <lab-registrar>: the names of one's domain and addresses, beside the lesson or as a page of its own (`alone`). What
 * changes elsewhere shows at once; with the attribute `asleep` it lets its socket go.
 */
import type { DomainNames, DomainState } from '../../../protocol.ts'
import { fill } from '../../i18n/index.ts'
import { registrarWords } from '../../i18n/registrar.ts'
import { labIsHere } from '../me.ts'
import { button, words as common, el, lang } from '../page.ts'
import { type CallError, Conflict, registrarApi } from './api.ts'
import { between, type Change, fits, inverse, isEmpty, toEdit } from './change.ts'
import { conflictView } from './conflict.ts'
import { kept } from './kept.ts'
import { NamesLink } from './link.ts'
import { nameOf, type Office, type Wish } from './office.ts'
import { Records } from './records.ts'
import { Reverse } from './reverse.ts'
import { deskHint, Signature } from './signature.ts'
import { ZoneFileView } from './zone.ts'

const words = registrarWords(lang)

interface Undo {
  change: Change
  what: string
  base: DomainNames
}

class LabRegistrar extends HTMLElement implements Office {
  static observedAttributes = ['asleep']
  readonly words = words
  readonly #api = registrarApi(words.unreachable)
  readonly #status = el('p', { class: 'registrar-status', role: 'status' })
  readonly #conflict = el('div')
  readonly #undoPlace = el('span')
  readonly #look = el('p', { class: 'look' })
  #link: NamesLink | undefined
  #state: DomainState | null = null
  #parts: { domain: string; all: { render(): void }[] } | null = null
  #asking: Promise<void> | null = null
  #askAgain = false
  #edits = 0
  #turn: Promise<void> = Promise.resolve()

  get state(): DomainState {
    if (!this.#state) throw new Error('the names are not here yet')
    return this.#state
  }

  connectedCallback(): void {
    if (this.#link) return void this.#wake()
    if (!labIsHere()) return void this.#note(common.lab.absentTitle, common.lab.absent)
    this.#note('', words.loading)
    this.#link = new NamesLink(
      () => void this.#refresh(),
      () => (this.#state ? this.say(words.lost) : void this.#refresh()),
    )
    addEventListener('online', () => this.#wake())
    document.addEventListener('visibilitychange', () => this.#wake())
    // A page in the back-forward cache may keep no open socket.
    addEventListener('pagehide', () => this.#link?.leave())
    addEventListener('pageshow', event => event.persisted && this.#wake())
    this.#wake()
  }

  disconnectedCallback(): void {
    this.#link?.leave()
  }

  attributeChangedCallback(): void {
    if (this.hasAttribute('asleep')) this.#link?.leave()
    else this.#wake()
  }

  #wake(): void {
    if (this.isConnected && !this.hasAttribute('asleep') && !document.hidden) this.#link?.connect()
  }

  say(sentence: string): void {
    this.#status.textContent = sentence
  }

  #note(title: string, sentence: string, ...more: Node[]): void {
    this.replaceChildren(
      el(
        'div',
        { class: 'registrar-none' },
        title ? el('h2', {}, title) : null,
        el('p', { role: 'status' }, sentence),
        ...more,
      ),
    )
  }

  /** One question at a time: what comes meanwhile is asked once more. */
  #refresh(): Promise<void> {
    this.#askAgain = true
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  async #ask(): Promise<void> {
    while (this.#askAgain) {
      this.#askAgain = false
      try {
        const edits = this.#edits
        const state = await this.#api.state()
        // What was asked before a change of ours is older than its answer.
        if (edits !== this.#edits) continue
        const news = this.#state !== null && this.#state.version !== state?.version
        if (!state) {
          this.#nobody()
          continue
        }
        this.#show(state)
        if (news) this.say(words.changedElsewhere)
        else if (this.#status.textContent === words.lost) this.say('')
      } catch (error) {
        this.#fail(error as CallError)
      }
    }
  }

  #fail(error: CallError): void {
    if (this.#state) this.say(fill(words.failed, { message: error.message }))
    else this.#note('', error.message)
  }

  /** No domain yet, or no longer. */
  #nobody(): void {
    this.#state = null
    this.#parts = null
    const toSteps = el('a', { class: 'button primary', href: `/${lang}/#steps` }, words.toSteps)
    this.#note('', words.noDomain, ...(this.hasAttribute('alone') ? [toSteps] : []))
  }

  #show(state: DomainState): void {
    // Drawing the same anew would only unsettle who reads it.
    if (this.#parts && JSON.stringify(state) === JSON.stringify(this.#state)) return
    this.#state = state
    if (this.#parts?.domain !== state.domain) this.#build(state.domain)
    for (const part of this.#parts?.all ?? []) part.render()
    const where = state.mistakes.map(one => nameOf(one as Parameters<typeof nameOf>[0])).join(', ')
    const n = state.mistakes.length
    this.#look.textContent = n === 0 ? '' : fill(n === 1 ? words.mistakeOne : words.mistakes, { n, where })
    this.#drawUndo()
  }

  #build(domain: string): void {
    const parts = [
      new Records(this),
      new Reverse(this),
      new Signature(this, signed => this.#sign(signed)),
      new ZoneFileView(this, this.#api),
    ] as const
    this.#parts = { domain, all: [...parts] }
    const alone = this.hasAttribute('alone')
    this.replaceChildren(
      el(
        'header',
        { class: 'registrar-head' },
        el('h2', {}, fill(words.titleOf, { domain })),
        this.#undoPlace,
        alone ? null : el('a', { href: `/${lang}/registrar/`, target: 'registrar' }, words.toPage),
      ),
      this.#status,
      this.#conflict,
      this.#look,
      ...parts.map(({ node }) => node),
      deskHint(words, domain),
    )
  }

  /** One change after another: the second is made of what the first has left. */
  apply(wish: Wish): Promise<void> {
    const mine = this.#turn.then(() => this.#apply(wish))
    this.#turn = mine.catch(() => {})
    return mine
  }

  async #apply(wish: Wish): Promise<void> {
    const { change, base, finish, done, what } = wish
    if (!fits(change, this.state)) return this.#decide(wish, between(base, this.state))
    await this.#send(change, wish, () => {
      kept<Undo>('undo', this.state.domain).set(
        isEmpty(change) ? null : { change: inverse(change), what, base: namesOf(this.state) },
      )
      this.#drawUndo()
      finish()
      this.say(done)
    })
  }

  async #send(change: Change, wish: Wish, then: () => void): Promise<void> {
    const before = this.state
    this.#edits++
    try {
      this.#show(await this.#api.edit(toEdit(change, before.version)))
    } catch (error) {
      if (!(error instanceof Conflict)) throw error
      this.#show(error.state)
      return this.#decide(wish, between(before, error.state))
    }
    this.#conflict.replaceChildren()
    then()
  }

  /** Shows both sides. Applied as well, mine is made of what is there now: nothing of theirs goes but what mine names. */
  #decide(wish: Wish, theirs: Change): void {
    const view = conflictView(words, theirs, wish.change, {
      apply: () => {
        const now = namesOf(this.state)
        const reverse = Object.fromEntries(
          Object.entries(wish.change.reverse).map(([address, { to }]) => [
            address,
            { from: now.reverse[address] ?? null, to },
          ]),
        )
        const there = wish.change.remove.filter(one => fits({ remove: [one], add: [], reverse: {} }, now))
        this.apply({ ...wish, base: now, change: { ...wish.change, remove: there, reverse } }).catch(
          (error: Error) => this.say(fill(words.failed, { message: error.message })),
        )
      },
      leave: () => {
        this.#conflict.replaceChildren()
        this.querySelector<HTMLElement>('[data-key="add"]')?.focus()
      },
    })
    this.#conflict.replaceChildren(view.node)
    view.focus()
  }

  #drawUndo(): void {
    const undo = kept<Undo>('undo', this.state.domain)
    const last = undo.get()
    if (!last) return void this.#undoPlace.replaceChildren()
    const focused = this.#undoPlace.contains(document.activeElement)
    const run = () =>
      this.apply({ ...last, done: words.undone, finish: () => {} }).catch((error: Error) =>
        this.say(fill(words.failed, { message: error.message })),
      )
    const label = fill(words.undoNote, { what: last.what })
    const node = button(words.undo, () => void run(), { class: 'quiet', title: label, 'data-key': 'undo' })
    this.#undoPlace.replaceChildren(node)
    if (focused) node.focus()
  }

  async #sign(signed: boolean): Promise<void> {
    try {
      this.#show(await this.#api.sign(signed))
      this.say(signed ? words.doneSigned : words.doneUnsigned)
    } catch (error) {
      this.say(fill(words.failed, { message: (error as Error).message }))
    }
  }
}

const namesOf = ({ records, reverse }: DomainNames): DomainNames => ({ records, reverse })

customElements.define('lab-registrar', LabRegistrar)
