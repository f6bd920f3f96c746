/** The words of the mail map, apart from the others: no page loads them that shows no map. */
import type { Lang } from '../../protocol.ts'
import en from './map.en.json' with { type: 'json' }
import fr from './map.fr.json' with { type: 'json' }

export type MapWords = typeof en

const words = { en, fr } satisfies Record<Lang, MapWords> as Record<Lang, MapWords>

export const mapWords = (lang: Lang): MapWords => words[lang]
