/**
 * The scripts by which a step proves itself. Their head says what they are for:
 *
 *     # fails: mail-arrives not-a-maildir      (wrong/*.sh: the task and the verdict's code; may be repeated)
 *     # after: solution                        (begin from the solved server; `start`, the fresh one, if left out)
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StepError } from './step-error.ts'

export interface Script {
  /** File name without `.sh`. */
  name: string
  kind: 'solution' | 'right' | 'wrong'
  text: string
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
      problems.push(...mistakes(script, join(id, folder, file), tasks))
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
  return { name, kind, text, after: values('after')[0] === 'solution' ? 'solution' : 'start', fails }
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
