/** What can be told of a lesson without building it: both languages have the same headings and the step's tasks. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LANGS, type Lang } from './step.ts'
import { StepError } from './step-error.ts'

interface Outline {
  /** Levels of the headings in their order: `2 3 3 2`. */
  headings: string
  tasks: string[]
}

/** Mistakes in the lessons of a step. */
export async function lessonErrors(root: string, id: string, tasks: readonly string[]): Promise<StepError[]> {
  const problems: StepError[] = []
  const outlines = new Map<Lang, Outline>()
  for (const lang of LANGS) {
    const file = join(id, `lesson.${lang}.mdx`)
    const text = await readFile(join(root, file), 'utf8').catch(() => null)
    if (text === null) {
      const next = `write labs/${file}`
      problems.push(new StepError({ file, path: '', expected: 'a lesson', seen: 'no such file', next }))
      continue
    }
    const outline = outlineOf(text)
    outlines.set(lang, outline)
    problems.push(...taskErrors(file, outline.tasks, tasks))
  }
  const [en, fr] = [outlines.get('en'), outlines.get('fr')]
  if (en && fr && en.headings !== fr.headings) {
    problems.push(
      new StepError({
        file: join(id, 'lesson.fr.mdx'),
        path: 'headings',
        expected: `the levels of lesson.en.mdx: ${en.headings}`,
        seen: fr.headings,
        next: 'give both languages the same headings in the same order',
      }),
    )
  }
  return problems
}

function taskErrors(file: string, found: readonly string[], tasks: readonly string[]): StepError[] {
  if (found.join() === tasks.join()) return []
  const strange = found.find(task => !tasks.includes(task))
  const missing = tasks.find(task => !found.includes(task))
  const next = strange
    ? `take <Task id="${strange}" /> out, or add the task to lab.ts`
    : missing
      ? `put <Task id="${missing}" /> where the lesson comes to it`
      : 'put the tasks into the order of lab.ts, each once'
  return [
    new StepError({
      file,
      path: '<Task>',
      expected: tasks.join(', '),
      seen: found.join(', ') || 'none',
      next,
    }),
  ]
}

function outlineOf(text: string): Outline {
  const prose = text.replace(/^(```+|~~~+)[^\n]*\n[\s\S]*?^\1[ \t]*$/gm, '')
  return {
    headings: [...prose.matchAll(/^(#{1,6}) /gm)].map(match => match[1]?.length).join(' '),
    tasks: [...prose.matchAll(/<Task\s[^>]*?id=["']([^"']+)["']/g)].map(match => match[1] ?? ''),
  }
}
