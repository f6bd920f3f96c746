/**
 * French puts no-break spaces where other languages put none: a narrow one before ; ! ? and inside « »,
 * a full one before the colon. Authors type plain spaces; pages and messages pass through here.
 * Source: Lexique des règles typographiques en usage à l'Imprimerie nationale.
 */
const NARROW = '\u202f'
const FULL = '\u00a0'

/** Turns the plain spaces that French punctuation forbids to break into no-break ones. Never invents a space. */
export function frenchSpaces(text: string): string {
  return text
    .replace(/[ \u00a0]+([;!?»])/g, `${NARROW}$1`)
    .replace(/«[ \u00a0]+/g, `«${NARROW}`)
    .replace(/[ \u202f]+:(?=\s|$)/g, `${FULL}:`)
    .replace(/(\d) (?=(?:\d{3}\b|[%€]|(?:ms|s|min|h|ko|Mo|Go)\b))/g, `$1${NARROW}`)
}
