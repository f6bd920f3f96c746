/** The list's page, in both languages one after the other: HTML for browsers, text for curl. */
import type { BlocklistState, DelistAnswer } from './api.ts'
import { fill, WORDS } from './words.ts'

const LANGS = ['en', 'fr'] as const
type Lang = (typeof LANGS)[number]

export interface View {
  /** What was asked for. */
  address: string
  /** Null: the page without an address. `unknown`: no address that could be listed. */
  state: BlocklistState | 'unknown' | null
  /** The answer to a request, or that it came from a stranger. */
  answer?: DelistAnswer | 'stranger'
}

type Part =
  | { is: 'text' | 'heading'; text: string }
  | { is: 'dialogue'; text: string }
  | { is: 'form'; text: string }
  | { is: 'search'; ask: string; text: string }

function parts(lang: Lang, { address, state, answer }: View): Part[] {
  const words = WORDS[lang]
  const text = (text: string, values = {}): Part => ({ is: 'text', text: fill(text, { address, ...values }) })
  const found: Part[] = [{ is: 'heading', text: words.title }]
  if (answer === 'stranger') found.push(text(words.stranger))
  else if (answer) {
    found.push({ is: 'text', text: answer.why[lang] })
    if (answer.waitSeconds > 0) found.push(text(words.wait, { seconds: answer.waitSeconds }))
    if (answer.inspections.length > 0) found.push({ is: 'heading', text: words.saw })
    for (const { ok, saw, dialogue } of answer.inspections) {
      found.push({ is: 'text', text: `${ok ? '✓' : '✗'} ${saw[lang]}` })
      if (!ok && dialogue) found.push({ is: 'dialogue', text: dialogue })
    }
  }
  if (state === null) found.push(text(words.about))
  else if (state === 'unknown') found.push(text(words.unknown))
  else if (state.listing === null) found.push(text(words.free))
  else {
    const { reason, since, inherited, evidence } = state.listing
    const at = (when: number) => `${new Date(when).toISOString().slice(0, 19).replace('T', ' ')} UTC`
    found.push(text(words.listed, { at: at(since) }), { is: 'text', text: reason[lang] })
    if (inherited) found.push(text(words.inherited))
    found.push({ is: 'heading', text: words.evidence })
    for (const one of evidence) {
      found.push({ is: 'text', text: `${at(one.at)} ${one.to}: ${one.what[lang]}` })
      if (one.dialogue) found.push({ is: 'dialogue', text: one.dialogue })
    }
    found.push(text(words.mend), { is: 'form', text: words.button }, text(words.shell))
  }
  if (state === null || state === 'unknown') found.push({ is: 'search', ask: words.ask, text: words.look })
  return found
}

export const plain = (view: View): string =>
  `${LANGS.map(lang =>
    parts(lang, view)
      .filter(({ is }) => is !== 'form' && is !== 'search')
      .map(({ is, text }) => (is === 'heading' ? `== ${text} ==` : is === 'dialogue' ? indented(text) : text))
      .join('\n'),
  ).join('\n\n')}\n`

const indented = (text: string) => text.replace(/^/gm, '    ')

const escaped = (text: string) => text.replace(/[&<>"']/g, one => `&#${one.charCodeAt(0)};`)

function element(part: Part, address: string): string {
  const text = escaped(part.text)
  switch (part.is) {
    case 'heading':
      return `<h2>${text}</h2>`
    case 'text':
      return `<p>${text}</p>`
    case 'dialogue':
      return `<pre>${text}</pre>`
    case 'form':
      return `<form method="post" action="/${escaped(address)}"><button>${text}</button></form>`
    case 'search':
      return `<form action="/"><label>${escaped(part.ask)} <input name="address"></label> <button>${text}</button></form>`
  }
}

export const html = (view: View): string => {
  const body = LANGS.map(
    lang =>
      `<section lang="${lang}">${parts(lang, view)
        .map(part => element(part, view.address))
        .join('\n')}</section>`,
  ).join('\n<hr>\n')
  const style =
    'body{font:1rem/1.5 sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}pre{overflow:auto}'
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>blocklist.test</title><style>${style}</style>\n${body}\n</html>\n`
}
