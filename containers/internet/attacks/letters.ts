/** What spammers write. Harmless, and found again: each message carries a mark of its attack in its Message-ID. */
import { randomBytes } from 'node:crypto'

/** Test strings of the makers of filters, in two pieces: this file itself is neither spam nor virus. */
export const GTUBE = `XJS*C4JDBQADN1.NSBN3*2IDNEN*${'GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'}`
const EICAR_HEAD = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$'
export const EICAR = `${EICAR_HEAD}EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

const SUBJECTS = [
  'Vous avez gagné un voyage',
  'Your parcel waits for you',
  'Pilules à moitié prix',
  'You won the lottery of the lab',
  'Facture impayée, dernier rappel',
  'Cheap watches, today only',
]

/** Ours and nobody else's, so that it proves who sent a message that turns up somewhere. */
export const newMark = (): string => randomBytes(12).toString('hex')
const MARK = /^Message-ID:\s*<([0-9a-f]{24})@pourriel\.test>/im
export const markIn = (source: string): string | null => MARK.exec(source)?.[1] ?? null

export function letter(about: {
  mark: string
  from: string
  to: string
  number: number
  containing?: string | undefined
  content?: 'gtube' | 'eicar' | undefined
}): string {
  const { mark, from, to, number, containing = '', content } = about
  const subject = `${SUBJECTS[number % SUBJECTS.length]}${containing && ` ${containing}`}`
  const head = [
    // A bounce's sender is nobody, its From is somebody all the same.
    `From: <${from || 'mailer-daemon@pourriel.test'}>`,
    `To: <${to}>`,
    `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${mark}@pourriel.test>`,
    'MIME-Version: 1.0',
  ]
  const text = ['Cliquez vite : http://pourriel.test/', 'Click now: http://pourriel.test/', containing]
  if (content === 'gtube') text.push(GTUBE)
  const plain = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', ...text]
  if (content !== 'eicar') return [...head, ...plain, ''].join('\r\n')
  const border = `b-${mark}`
  return [
    ...head,
    `Content-Type: multipart/mixed; boundary="${border}"`,
    '',
    `--${border}`,
    ...plain,
    `--${border}`,
    'Content-Type: application/octet-stream; name="facture.com"',
    'Content-Disposition: attachment; filename="facture.com"',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(EICAR).toString('base64'),
    `--${border}--`,
    '',
  ].join('\r\n')
}
