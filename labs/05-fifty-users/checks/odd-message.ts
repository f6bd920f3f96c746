/** A message of everything that careless mail software changes on the way. */

// RFC 5321 4.5.3.1.6 allows lines of 998 bytes; folding a shorter one breaks signatures over it.
const LONG = 900

/** RFC 5322 source with CRLF. The Message-ID comes first, so that what delivery adds stands above it. */
export function oddMessage(canary: string, from: string, to: string): string {
  return [
    `Message-ID: <${canary}@grosmail.test>`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `From: =?UTF-8?Q?L=C3=A9a_de_grosmail?= <${from}>`,
    `To: ${to}`,
    `Subject: =?UTF-8?Q?=C3=87a_marche_=3F?= ${canary}`,
    `X-Long: ${'one long line '.repeat(LONG / 14).trim()}`,
    'X-Folded: a header that goes on',
    '\tin the next line, after a tab',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Salut Sasha, ça marche ? Naïveté, cœur, 50 €, žluťoučký kůň, 日本語.',
    '.a line that begins with a dot',
    '..and one with two',
    '.',
    'From here on, a mailbox in one file would write «>From».',
    'spaces at the end   ',
    'a tab at the end\t',
    '',
    'and empty lines at the end:',
    '',
    '',
    '',
  ].join('\r\n')
}

/**
 * Null if the stored file is trace header fields on top and then the source, line ends aside (a file has LF where
 * the wire has CRLF). Otherwise the first line that differs, as it was sent and as it is stored.
 */
export function difference(stored: string, source: string): { sent: string; stored: string } | null {
  const got = stored.replaceAll('\r\n', '\n')
  const want = source.replaceAll('\r\n', '\n')
  const top = got.length - want.length
  if (top >= 0 && got.endsWith(want) && !got.slice(0, top).includes('\n\n')) return null
  const sentLines = want.split('\n')
  const all = got.split('\n')
  const start = all.indexOf(sentLines[0] ?? '')
  if (start < 0) return { sent: short(sentLines[0]), stored: short(all[0]) }
  const storedLines = all.slice(start)
  const length = Math.max(sentLines.length, storedLines.length)
  const at = Array.from({ length }, (_, i) => i).find(i => sentLines[i] !== storedLines[i]) ?? 0
  return { sent: short(sentLines[at]), stored: short(storedLines[at]) }
}

/** White space is shown, since it may be what was changed. */
function short(line: string | undefined): string {
  if (line === undefined) return '(end)'
  const visible = line.replace(/ +$/, spaces => '␠'.repeat(spaces.length)).replaceAll('\t', '␉')
  return visible.length > 120 ? `${visible.slice(0, 119)}…` : visible
}
