/** Whether the registry vouches for the domain's key, and the one action that makes it so; and the way without a page. */
import { fill } from '../../i18n/index.ts'
import type { RegistrarWords } from '../../i18n/registrar.ts'
import { button, el } from '../page.ts'
import { keepingFocus, type Office } from './office.ts'

export class Signature {
  readonly node = el('section', { class: 'signature' })
  readonly #office: Office
  readonly #sign: (signed: boolean) => Promise<void>
  #busy = false

  constructor(office: Office, sign: (signed: boolean) => Promise<void>) {
    this.#office = office
    this.#sign = sign
  }

  render(): void {
    keepingFocus(this.node, () => this.#draw())
  }

  #draw(): void {
    const { words, state } = this.#office
    const { domain, signed, ds } = state
    const act = button(signed ? words.unsign : words.sign, () => void this.#act(!signed), {
      'data-key': 'sign',
      class: signed ? '' : 'primary',
      ...(this.#busy ? { 'aria-disabled': 'true' } : {}),
    })
    this.node.replaceChildren(
      el('h3', {}, words.dnssec),
      el('p', {}, fill(signed ? words.signed : words.unsigned, { domain })),
      signed
        ? el('pre', { class: 'ds', tabindex: '0', role: 'region', 'aria-label': 'DS' }, lines(domain, ds))
        : el('p', { class: 'fine' }, words.signWhat),
      el('p', {}, act),
    )
  }

  async #act(signed: boolean): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    await this.#sign(signed)
    this.#busy = false
    this.render()
  }
}

const lines = (domain: string, ds: readonly string[]) => ds.map(data => `${domain}. IN DS ${data}`).join('\n')

export const deskHint = (words: RegistrarWords, domain: string): HTMLElement =>
  el(
    'details',
    { class: 'folded' },
    el('summary', {}, words.nsupdate),
    el('p', { class: 'fine' }, words.nsupdateHelp),
    el(
      'pre',
      { tabindex: '0', role: 'region', 'aria-label': words.nsupdate },
      `nsupdate -k ~/registrar.key\n> server ns.nic.test\n> zone ${domain}\n> update add hello.${domain} 300 TXT "hello"\n> send\n> quit\n`,
    ),
  )
