/** Runs a step's script on the machines of a lab, as the person would who types it. */
import { randomBytes } from 'node:crypto'
import type { Lab, Labs } from '../containers/types.ts'
import { ANSWER_MAX } from './answers.ts'
import type { Script } from './scripts.ts'
import type { LabData, MachineName } from './step.ts'

/** What a script answered, by task and question. */
export type Answers = Record<string, Record<string, string>>

export interface Played {
  /** Of the part that failed, or 0. */
  code: number
  /** Of all parts that ran. */
  output: string
  answers: Answers
}

/**
 * Runs the parts of a script one after another, until one fails. In them `answer TASK QUESTION VALUE…` fills in the
 * task's form. What it answers to a question that the step does not ask is the script's failure.
 */
export async function play(
  labs: Labs,
  lab: Lab,
  { parts }: Pick<Script, 'parts'>,
  step: Pick<LabData, 'tasks'>,
  timeoutMs: number,
): Promise<Played> {
  const answers: Answers = {}
  let output = ''
  if (parts.some(({ machine }) => machine === 'desk')) await settled(labs, lab)
  for (const { machine, text } of parts) {
    const file = `/tmp/answers-${randomBytes(8).toString('hex')}`
    const input = `${prelude(file)}\n${text}`
    const ran = await labs.exec(lab, machine, ['bash', '-s'], { ...typist(lab, machine), input, timeoutMs })
    output += `${ran.stdout}\n${ran.stderr}\n`
    const told = await toldIn(labs, lab, machine, file)
    const strange = told.filter(([task, question]) => !asks(step, task, question))
    for (const [task = '', question = '', ...words] of told) {
      const of = answers[task] ?? {}
      of[question] = words.join(' ').slice(0, ANSWER_MAX)
      answers[task] = of
    }
    if (strange.length)
      output += `answers nobody asked for: ${strange.map(one => one.join(' ')).join('; ')}\n`
    if (ran.code !== 0 || strange.length) return { code: ran.code || 1, output, answers }
  }
  return { code: 0, output, answers }
}

/** Root on the server; on the desk the participant, in their home, where their keys lie. */
const typist = ({ participant }: Lab, machine: MachineName) =>
  machine === 'desk' ? { user: participant, env: { HOME: `/home/${participant}`, USER: participant } } : {}

/** A desk makes its participant as it starts: who is there at once with a script finds nobody. */
async function settled(labs: Labs, lab: Lab): Promise<void> {
  const wait = 'for i in $(seq 100); do [ -e "/home/$0/.profile" ] && exit; sleep 0.1; done; exit 1'
  const { code } = await labs.exec(lab, 'desk', ['sh', '-c', wait, lab.participant])
  if (code !== 0) throw new Error(`the desk of ${lab.participant} has no home after 10 s`)
}

/** Through a file, so that it works in a pipe and in `$(…)` too. */
const prelude = (file: string): string =>
  `answer() { (( $# > 2 )) || { echo 'answer TASK QUESTION VALUE' >&2; return 1; }; printf '%s\\n' "$*" >> ${file}; }`

async function toldIn(labs: Labs, lab: Lab, machine: MachineName, file: string): Promise<string[][]> {
  const { stdout } = await labs.exec(lab, machine, ['sh', '-c', `cat ${file} 2>/dev/null; rm -f ${file}`])
  return stdout.split('\n').flatMap(line => (line ? [line.split(' ')] : []))
}

const asks = ({ tasks }: Pick<LabData, 'tasks'>, task = '', question = ''): boolean =>
  tasks.some(({ id, questions }) => id === task && questions?.some(one => one.id === question))
