import { protocol, type Target } from './faults.ts'
import type { Lines } from './lines.ts'
import type { Reply } from './types.ts'

/** Longer replies than this are an attack: the longest EHLO of a known server has some 20 lines. */
const LINES_MAX = 100

const LINE = /^([2-5]\d\d)(?:([ -])(.*))?$/s
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?: |$)/

/** Reads one reply of RFC 5321 4.2, single or multi-line; `hear` gets each line as it came. */
export async function readReply(
  lines: Lines,
  target: Target,
  command: string,
  hear: (line: string) => void,
): Promise<Reply> {
  const awaited = { en: `the answer to ${command}`, fr: `la réponse à ${command}` }
  if (command === '') Object.assign(awaited, { en: 'the banner', fr: 'la bannière' })
  const texts: string[] = []
  let enhanced = ''
  let code = 0
  for (;;) {
    const line = await lines.next(awaited)
    hear(line)
    const match = LINE.exec(line)
    if (!match || (code && Number(match[1]) !== code) || texts.length >= LINES_MAX) {
      throw protocol(target, {
        en: `Not an SMTP reply on port ${target.port}: «${line}»`,
        fr: `Ce n’est pas une réponse SMTP, sur le port ${target.port} : « ${line} »`,
      })
    }
    code = Number(match[1])
    const text = match[3] ?? ''
    const status = ENHANCED.exec(text)?.[1]
    enhanced ||= status ?? ''
    texts.push(status ? text.slice(status.length).trimStart() : text)
    if (match[2] !== '-') return { code, enhanced, text: texts.join('\n') }
  }
}
