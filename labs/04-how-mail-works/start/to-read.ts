import type { ImapFlag, LabFacts } from '../../../checker/step.ts'
import { WORDS } from './words.ts'

/** A letter in the participant's mailbox at agrume.test, in the order in which IMAP counts. */
export interface ToRead {
  from: string
  subject: string
  word: string
  flags: ImapFlag[]
}

const LETTERS = [
  ['Camille <camille@agrume.test>', 'The meeting on Thursday'],
  ['Fanny <fanny@grosmail.test>', 'Du pain pour samedi'],
  ['Sasha <sasha@copine.test>', 'Keys of the workshop'],
  ['Bassam <bassam@fenetre.test>', 'Photos de la fete'],
  ['Lou <lou@agrume.test>', 'Bicycle found'],
  ['Nour <nour@copine.test>', 'Le compte rendu'],
  ['Robin <robin@grosmail.test>', 'Seeds to swap'],
] as const
const SEEN: ImapFlag[][] = [[], ['\\Seen'], ['\\Answered', '\\Seen']]

/** Which letter holds the word that is asked for, counted from 0. */
export const ASKED = 2

/** Six letters, each with a word. One is flagged; the one that is asked for is unread. */
export function toRead(lab: LabFacts): ToRead[] {
  const next = lab.random('imap-by-hand')
  const below = (n: number) => Math.floor(next() * n)
  const letters = [...LETTERS]
  const words = [...WORDS]
  const all = Array.from({ length: 6 }, (_, i): ToRead => {
    const [[from, subject] = LETTERS[0]] = letters.splice(below(letters.length), 1)
    const [word = ''] = words.splice(below(words.length), 1)
    return { from, subject, word, flags: i === ASKED ? [] : [...(SEEN[below(SEEN.length)] ?? [])] }
  })
  const others = all.filter((_, i) => i !== ASKED)
  others[below(others.length)]?.flags.push('\\Flagged')
  return all
}
