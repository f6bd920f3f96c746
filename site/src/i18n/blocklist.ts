/** The words of the page about the blocklist, apart from the others. */
import type { Lang } from '../../protocol.ts'
import en from './blocklist.en.json' with { type: 'json' }
import fr from './blocklist.fr.json' with { type: 'json' }

export type BlocklistWords = typeof en

const words = { en, fr } satisfies Record<Lang, BlocklistWords> as Record<Lang, BlocklistWords>

export const blocklistWords = (lang: Lang): BlocklistWords => words[lang]
