/**
 * What comes from a learner's server ends up in a page and in a trainer's terminal: it is hostile text until it went
 * through here. Terminal escapes, other control characters and the bidirectional overrides that make text look like
 * something else (CVE-2021-42574) are taken out, and lengths are bounded.
 */
import type { Text } from './step.ts'
import type { Verdict } from './verdict.ts'

/** A transcript's limit in UTF-16 units: about a page. */
export const TRANSCRIPT_MAX = 4096
const TEXT_MAX = 1000

const ESC = String.fromCharCode(27)
const BEL = String.fromCharCode(7)
/** CSI, OSC and two-character sequences of ECMA-48. */
const ESCAPES = new RegExp(
  `${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BEL}${ESC}]{0,200}(?:${BEL}|${ESC}\\\\)|[@-Z\\\\^_])`,
  'g',
)
/** Control and invisible formatting characters; newline and tab stay. */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}]/gu

/** The text without what could move a cursor, hide itself or turn around; cut at `max` with an ellipsis. */
export function clean(text: string, max: number): string {
  // Cut before the search too, so that a megabyte of escapes costs nothing.
  const plain = text
    .slice(0, max * 4)
    .replaceAll('\r\n', '\n')
    .replace(ESCAPES, '')
    .replace(INVISIBLE, '')
    .toWellFormed()
  return plain.length <= max ? plain : `${plain.slice(0, max - 1).toWellFormed()}…`
}

/** One line of a server's, fit to stand in a sentence. */
export const quoted = (text: string, max = 200): string => clean(text, max).replace(/\s+/g, ' ').trim()

const cleanText = (text: Text): Text => ({ en: clean(text.en, TEXT_MAX), fr: clean(text.fr, TEXT_MAX) })

/** A verdict that is safe to show, whatever the check put into it. */
export function cleanVerdict(verdict: Verdict): Verdict {
  switch (verdict.status) {
    case 'pass':
      return { ...verdict, observed: cleanText(verdict.observed), ...cleanTranscript(verdict) }
    case 'fail':
      return {
        ...verdict,
        code: clean(verdict.code, 60),
        expected: cleanText(verdict.expected),
        observed: cleanText(verdict.observed),
        ...(verdict.next ? { next: cleanText(verdict.next) } : {}),
        ...cleanTranscript(verdict),
      }
    case 'error':
      return { ...verdict, message: cleanText(verdict.message), detail: clean(verdict.detail, TEXT_MAX) }
  }
}

const cleanTranscript = ({ transcript }: { transcript?: string }): { transcript?: string } =>
  transcript === undefined ? {} : { transcript: clean(transcript, TRANSCRIPT_MAX) }
