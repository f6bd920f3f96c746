/** The small controls in the head of every page: colours, language, print. */
import { lang, memory, words } from './page.ts'

const root = document.documentElement
const THEMES = ['system', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]

const isTheme = (name: string | null): name is Theme => THEMES.includes(name as Theme)
const chosenTheme = (): Theme => {
  const stored = memory.get('theme')
  return isTheme(stored) ? stored : 'system'
}

function theme(control: HTMLElement): void {
  const show = () => {
    const label = `${words.theme.label}${lang === 'fr' ? '\u00a0' : ''}: ${words.theme[chosenTheme()]}`
    control.setAttribute('aria-label', label)
    control.title = label
    control.dataset.theme = chosenTheme()
  }
  control.addEventListener('click', () => {
    const next = THEMES[(THEMES.indexOf(chosenTheme()) + 1) % THEMES.length] ?? 'system'
    memory.set('theme', next)
    const dark = next === 'dark' || (next === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
    root.dataset.theme = dark ? 'dark' : 'light'
    show()
  })
  control.hidden = false
  show()
}

/** The heading that is at the top of what one reads, to arrive at its twin in the other language. */
function headingInView(): string {
  const headings = [...document.querySelectorAll<HTMLElement>('.prose [id]:is(h2, h3)')]
  const above = headings.filter(heading => heading.getBoundingClientRect().top < innerHeight / 3)
  return above.at(-1)?.id ?? ''
}

function language(link: HTMLAnchorElement): void {
  link.addEventListener('click', () => {
    memory.set('lang', link.hreflang)
    const twins = JSON.parse(link.dataset.twins ?? '{}') as Record<string, string>
    const here = decodeURIComponent(location.hash.slice(1)) || headingInView()
    // A task's anchor is its id, the same in both languages.
    if (here) link.hash = twins[here] ?? here
  })
}

memory.set('lang', lang)
for (const control of document.querySelectorAll<HTMLElement>('[data-theme-switch]')) theme(control)
for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-language]')) language(link)
for (const control of document.querySelectorAll<HTMLElement>('[data-print]')) {
  control.hidden = false
  control.addEventListener('click', () => print())
}
