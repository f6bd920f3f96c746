/** Colours and letters of a terminal, from the page's custom properties: --term-bg, --term-fg, --term-cursor, … */
import type { ITheme } from '@xterm/xterm'

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const

/** The sixteen colours on dark and on light ground; each reads at 4.5:1 or better but for the ground's own. */
const ON_DARK = ['#2b3648', '#ff8f7d', '#86cfae', '#e8c46b', '#8fb6f5', '#d6a2e8', '#7fd0d8', '#d5dce6']
const ON_DARK_BRIGHT = [
  '#8d9bb0',
  '#ffb0a3',
  '#abe3c9',
  '#f5db9a',
  '#b9d2fb',
  '#e7c6f2',
  '#a9e3e9',
  '#ffffff',
]
const ON_LIGHT = ['#1b2740', '#a92c18', '#15624a', '#7a5200', '#23468c', '#7b2f93', '#0b6470', '#5a6577']
const ON_LIGHT_BRIGHT = [
  '#4a566b',
  '#b8351f',
  '#1a6f54',
  '#835900',
  '#2c56a8',
  '#8a3aa3',
  '#0e6b78',
  '#3a4456',
]

/** Reads what the style sheet gives `node`; `light-dark()` and `var()` are resolved by the browser. */
export function themeOf(node: HTMLElement): ITheme {
  const probe = node.ownerDocument.createElement('span')
  probe.hidden = true
  node.append(probe)
  const colour = (name: string): string | undefined => {
    probe.style.color = ''
    probe.style.color = `var(${name})`
    const value = getComputedStyle(node).getPropertyValue(name).trim()
    return value ? getComputedStyle(probe).color : undefined
  }
  const background = colour('--term-bg') ?? '#141c2b'
  const dark = luminance(background) < 0.4
  const theme: ITheme = {
    background,
    foreground: colour('--term-fg') ?? (dark ? '#e3e9f0' : '#1b2740'),
    cursor: colour('--term-cursor') ?? (dark ? '#ff9178' : '#b3301a'),
    cursorAccent: background,
    selectionBackground: colour('--term-selection') ?? (dark ? '#3d5580' : '#c5d6f5'),
  }
  const selected = colour('--term-selection-fg')
  if (selected) theme.selectionForeground = selected
  NAMES.forEach((name, i) => {
    const bright = `bright${name[0]?.toUpperCase()}${name.slice(1)}` as keyof ITheme
    Object.assign(theme, {
      [name]: colour(`--term-${name}`) ?? (dark ? ON_DARK : ON_LIGHT)[i],
      [bright]: colour(`--term-bright-${name}`) ?? (dark ? ON_DARK_BRIGHT : ON_LIGHT_BRIGHT)[i],
    })
  })
  probe.remove()
  return theme
}

/** Of `rgb(r g b)` or `rgb(r, g, b)`: relative luminance, 0 to 1 (WCAG 2). */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number).map(value => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Calls when the page turns light or dark. Gives the function that ends it. */
export function onTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'class', 'style'] })
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', changed)
  return () => {
    observer.disconnect()
    system.removeEventListener('change', changed)
  }
}
