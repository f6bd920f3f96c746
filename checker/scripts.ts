/**
 * The scripts by which a step proves itself. Their head says what they are for:
 *
 *     # fails: mail-arrives not-a-maildir      (wrong/*.sh: the task and the verdict's code; may be repeated)
 *     # after: solution                        (begin from the solved server; `start`, the fresh one, if left out)
 *
 * Further down, a line `# on: desk` or `# on: server` says where the lines after it are typed: on the server, if there
 * is none. Each part is a shell of its own, root's on the
 * server and the participant's on the desk. Everywhere `answer TASK QUESTION VALUE` fills in a task's form.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MACHINES, type MachineName } from './step.ts'
import { StepError } from './step-error.ts'

export interface Script {
  /** File name without `.sh`. */
  name: string
  kind: 'solution' | 'right' | 'wrong'
  text: string
  /** What is typed where, in its order. */
  parts: { machine: MachineName; text: string }[]
  after: 'start' | 'solution'
  /** What a wrong script makes fail. */
  fails: { task: string; code: string }[]
}

/** The scripts of a step, solution first; `problems` of their heads. Never rejects for what an author did. */
export async function loadScripts(
  root: string,
  id: string,
  tasks: readonly string[],
): Promise<{ scripts: Script[]; problems: StepError[] }> {
  const scripts: Script[] = []
  const problems: StepError[] = []
  for (const [kind, folder] of [
    ['solution', ''],
    ['right', 'right'],
    ['wrong', 'wrong'],
  ] as const) {
    const names = (await readdir(join(root, id, folder)).catch(() => []))
      .filter(name => name.endsWith('.sh') && (kind !== 'solution' || name === 'solution.sh'))
      .sort()
    for (const file of names) {
      const text = await readFile(join(root, id, folder, file), 'utf8')
      const script = parse(kind, file.slice(0, -'.sh'.length), text)
      scripts.push(script)
      const path = join(id, folder, file)
      problems.push(...mistakes(script, path, tasks), ...places(text, path))
    }
  }
  return { scripts, problems }
}

function parse(kind: Script['kind'], name: string, text: string): Script {
  const head = text.split('\n').filter(line => line.startsWith('#'))
  const values = (key: string) =>
    head.flatMap(line => (line.startsWith(`# ${key}:`) ? [line.slice(key.length + 3).trim()] : []))
  const fails = values('fails').map(value => {
    const [task = '', code = ''] = value.split(/\s+/)
    return { task, code }
  })
  const parts = partsOf(text)
  return { name, kind, text, parts, after: values('after')[0] === 'solution' ? 'solution' : 'start', fails }
}

function partsOf(text: string): Script['parts'] {
  const [first = '', ...rest] = text.split(/^# on: *(.*)$/m)
  const parts: Script['parts'] = [{ machine: 'server', text: first }]
  for (let i = 0; i < rest.length; i += 2) {
    const machine = MACHINES.find(name => name === rest[i]?.trim())
    parts.push({ machine: machine ?? 'server', text: rest[i + 1] ?? '' })
  }
  // A head alone is no part.
  return parts.filter((part, i) => i > 0 || parts.length === 1 || /^[^#\s]/m.test(part.text))
}

/** A machine that doesn't exist is told, not taken for the server. */
function places(text: string, file: string): StepError[] {
  return [...text.matchAll(/^# on: *(.*)$/gm)].flatMap(([, name = '']) => {
    if (MACHINES.some(machine => machine === name.trim())) return []
    const expected = `one of ${MACHINES.join(', ')}`
    const next = 'write «# on: desk» or «# on: server»'
    return [new StepError({ file, path: '# on', expected, seen: `«${name.trim()}»`, next })]
  })
}

function mistakes(script: Script, file: string, tasks: readonly string[]): StepError[] {
  if (script.kind !== 'wrong') return []
  const next = `write «# fails: ${tasks[0] ?? 'TASK'} CODE» into the head of the script`
  if (!script.fails.length) {
    const expected = 'a head line «# fails: TASK CODE»'
    return [new StepError({ file, path: '', expected, seen: 'none', next })]
  }
  return script.fails.flatMap(({ task, code }) => {
    if (tasks.includes(task) && code) return []
    const expected = `one of ${tasks.join(', ')}, and a verdict's code`
    const seen = `«${`${task} ${code}`.trim()}»`
    return [new StepError({ file, path: '# fails', expected, seen, next })]
  })
}
