import type { LabFacts } from '../../../checker/step.ts'

/** As providers say it; some read otherwise than their number, and the number counts. */
const TEMPORARY = [
  '421 4.7.0 Too many connections from your address',
  '450 4.2.1 The recipient receives mail too fast at the moment',
  '451 4.7.1 Greylisted: we do not know you yet',
  '451 4.3.0 Refused: our antivirus does not answer',
  '452 4.2.2 The mailbox is full',
  '452 4.3.1 No space left on our disk',
  '454 4.7.5 TLS is not available: certificate error',
]
const PERMANENT = [
  '550 5.1.1 No such user. Check the address and try again',
  '550 5.7.1 Relaying denied',
  '550 5.7.25 Your address has no reverse name',
  '552 5.3.4 The message is too large at the moment',
  '552 5.2.2 The mailbox is full',
  '553 5.7.1 This sender address is not yours',
  '554 5.7.1 Blocked: your address is on a list. Please wait a little',
]

/** Six replies, `a` to `f`, of which two to four are to be tried again. */
export function replies(lab: LabFacts): { letter: string; reply: string; again: boolean }[] {
  const next = lab.random('replies')
  const draw = (from: string[], n: number) =>
    Array.from({ length: n }, () => from.splice(Math.floor(next() * from.length), 1)[0] ?? '')
  const n = 2 + Math.floor(next() * 3)
  const all = [...draw([...TEMPORARY], n), ...draw([...PERMANENT], 6 - n)]
  return draw(all, 6).map((reply, i) => ({ letter: 'abcdef'[i] ?? '', reply, again: reply.startsWith('4') }))
}
