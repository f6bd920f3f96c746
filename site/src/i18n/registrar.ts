/** The words of the registrar, apart from the others: no page loads them that shows none. */
import type { Lang } from '../../protocol.ts'
import en from './registrar.en.json' with { type: 'json' }
import fr from './registrar.fr.json' with { type: 'json' }

export type RegistrarWords = typeof en

const words = { en, fr } satisfies Record<Lang, RegistrarWords> as Record<Lang, RegistrarWords>

export const registrarWords = (lang: Lang): RegistrarWords => words[lang]
