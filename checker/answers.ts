/** Answers that a learner typed into the page, compared on this side: what is right never goes to a browser. */
import type { AnswersProbe, Expected } from './probes/types.ts'
import type { Question } from './step.ts'
import { type AnswerMark, fail, pass, type Verdict } from './verdict.ts'

/** The longest answer that is taken, in characters: a fingerprint fits, a novel doesn't. */
export const ANSWER_MAX = 200

/** What a participant answered, by task and question. */
export type AnswersByTask = Readonly<Record<string, Readonly<Record<string, string>>>>

/** `given` by question id. Throws where a check judges other questions than its task asks. */
export function answersProbe(
  questions: readonly Question[],
  given: Readonly<Record<string, string>>,
): AnswersProbe {
  return {
    given,
    judge: (right, more = {}) => {
      const asked = questions.map(({ id }) => id)
      if (asked.toSorted().join() !== Object.keys(right).sort().join())
        throw new Error(
          `the task asks ${asked.join(', ')}; its check judges ${Object.keys(right).join(', ')}`,
        )
      const marks = Object.fromEntries(
        questions.map(question => [question.id, mark(question, given[question.id], right[question.id])]),
      )
      return verdictOf(marks, more)
    },
  }
}

function mark({ kind }: Question, given: string | undefined, right: Expected | undefined): AnswerMark {
  if (given === undefined || given.trim() === '') return 'missing'
  if (typeof right === 'function') return right(given.trim()) ? 'right' : 'wrong'
  const all = typeof right === 'object' ? right : [right]
  const same = kind === 'number' ? sameNumber : sameText
  return all.some(one => one !== undefined && same(given, String(one))) ? 'right' : 'wrong'
}

/** `1 000`, `1 000` with a no-break space, `2,5` and `2.5` are numbers as people write them. */
function sameNumber(given: string, right: string): boolean {
  const plain = given.replace(/\s/g, '').replace(',', '.')
  return /^[+-]?\d+(\.\d+)?$/.test(plain) && Number(plain) === Number(right)
}

/** Capitals, outer spaces and a name's final dot are not what a question is about. */
const sameText = (given: string, right: string): boolean => fold(given) === fold(right)

const fold = (text: string): string =>
  text.normalize('NFKC').trim().replace(/\s+/g, ' ').replace(/\.$/, '').toLowerCase()

function verdictOf(
  answers: Record<string, AnswerMark>,
  more: Parameters<AnswersProbe['judge']>[1] = {},
): Verdict {
  const count = (wanted: AnswerMark) => Object.values(answers).filter(one => one === wanted).length
  const [all, right, wrong, missing] = [
    Object.keys(answers).length,
    count('right'),
    count('wrong'),
    count('missing'),
  ]
  if (right === all)
    return pass({ en: `All ${all} answers are right.`, fr: `Les ${all} réponses sont justes.` }, { answers })
  const parts = [
    { n: right, en: 'right', fr: 'juste' },
    { n: wrong, en: 'not right', fr: 'fausse' },
    { n: missing, en: 'missing', fr: 'manquante' },
  ].filter(({ n }) => n > 0)
  const en = parts.map(part => `${part.n} ${part.en}`).join(', ')
  const fr = parts.map(part => `${part.n} ${part.fr}${part.n > 1 ? 's' : ''}`).join(', ')
  return fail(
    wrong ? 'wrong-answer' : 'unanswered',
    {
      en: 'Each question is answered as your lab has it.',
      fr: 'Chaque réponse dit ce qu’il en est dans votre labo.',
    },
    { en: `Of ${all} answers: ${en}.`, fr: `Sur ${all} réponses : ${fr}.` },
    { ...more, answers },
  )
}
