import type { StartMail } from '../../../checker/step.ts'
import { toRead } from './to-read.ts'

/** Letters to be read by hand, over the last days. */
export const mail: StartMail = lab =>
  toRead(lab).map(({ from, subject, word, flags }, i, all) => ({
    provider: 'agrume',
    hoursAgo: (all.length - i) * 7,
    flags,
    source: date =>
      [
        `Date: ${date}`,
        `From: ${from}`,
        `To: ${lab.participant}@agrume.test`,
        `Subject: ${subject}`,
        '',
        `The word is / Le mot est : ${word}`,
        '',
      ].join('\r\n'),
  }))
