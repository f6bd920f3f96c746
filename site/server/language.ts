import type { IncomingMessage } from 'node:http'
import { LANGS, type Lang } from '../../checker/step.ts'

/** The reader's language: of the page's path, else `?lang=`, else the browser's wish, else English. */
export function languageOf(request: Pick<IncomingMessage, 'url' | 'headers'>): Lang {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const asked = [url.pathname.split('/')[1], url.searchParams.get('lang')]
  for (const lang of LANGS) if (asked.includes(lang)) return lang
  const wish = (request.headers['accept-language'] ?? '').toLowerCase()
  const first = wish
    .split(',')
    .map(part => part.trim().slice(0, 2))
    .find(lang => lang === 'fr' || lang === 'en')
  return first === 'fr' ? 'fr' : 'en'
}
