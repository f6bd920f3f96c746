/** What the page that this script runs in is about; the layout writes it on <html> and <body>. */
import type { Lang } from '../../protocol.ts'
import { isLang, t } from '../i18n/index.ts'

const root = document.documentElement

export const lang: Lang = isLang(root.lang) ? root.lang : 'en'
export const words = t(lang)

/** The step's id in the API, on step pages. */
export const stepId: string | undefined = document.body.dataset.step

/** Remembered choices; a browser that forbids storage just forgets them. */
export const memory = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(`ten-steps.${key}`)
    } catch {
      return null
    }
  },
  set(key: string, value: string): void {
    try {
      localStorage.setItem(`ten-steps.${key}`, value)
    } catch {
      // Private windows and full storage: the choice holds until the page is left.
    }
  },
}

type Child = Node | string | null | undefined | false

/** `el('p', { class: 'note' }, 'text')`. Text is always text: nothing from the wire is parsed as HTML. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean | undefined> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, '')
    else if (value !== undefined && value !== false) node.setAttribute(name, value)
  }
  node.append(...children.filter(child => child !== null && child !== undefined && child !== false))
  return node
}

export function button(label: string, onClick: () => void, attributes: Record<string, string> = {}) {
  const node = el('button', { type: 'button', ...attributes }, label)
  node.addEventListener('click', onClick)
  return node
}
