/** The pages' own words. A key that one language lacks is a type error here. */
import type { Lang } from '../../protocol.ts'
import en from './en.json' with { type: 'json' }
import fr from './fr.json' with { type: 'json' }

export type Words = typeof en

const words = { en, fr } satisfies Record<Lang, Words> as Record<Lang, Words>

export const LANGUAGES = ['en', 'fr'] as const satisfies readonly Lang[]
export const isLang = (value: unknown): value is Lang => LANGUAGES.includes(value as Lang)

export const t = (lang: Lang): Words => words[lang]

/** `fill('Hint {n} of {all}', { n: 1, all: 3 })`. A placeholder without a value stays visible. */
export const fill = (text: string, values: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole))
