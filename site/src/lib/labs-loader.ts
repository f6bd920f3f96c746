import { resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Loader, LoaderContext } from 'astro/loaders'
import type { Question } from '../../../checker/step.ts'
import { loadSteps, type Step } from '../../../checker/steps.ts'
import type { Lang } from '../../protocol.ts'
import { frenchSpaces } from './french.ts'

type Both = Record<Lang, string>

/** A task as pages show it: plain titles, the rest rendered to HTML. */
export interface TaskPage {
  id: string
  title: Both
  goal: Both
  hints: Both[]
  solution: Both
  questions?: QuestionPage[]
}

/** A question as pages show it, its text as HTML. */
export type QuestionPage = { id: string; text: Both } & (
  | { kind: 'number' | 'text' }
  | { kind: 'choice'; choices: { id: string; text: Both }[] }
)

/** A step as pages show it. */
export interface StepPage {
  /** Name of its folder, and its name in the API: `05-fifty-users`. */
  id: string
  number: number
  slug: string
  title: Both
  summary: Both
  minutes: number
  machines: ('server' | 'desk')[]
  tasks: TaskPage[]
}

const escaped = (text: string) => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`)
const coded = (text: string) => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>')
/** A label is one line: code between backticks is all its Markdown. */
const label = (text: Both): Both => ({ en: coded(text.en), fr: coded(frenchSpaces(text.fr)) })

const questionPage = (question: Question): QuestionPage =>
  question.kind === 'choice'
    ? {
        ...question,
        text: label(question.text),
        choices: question.choices.map(choice => ({ id: choice.id, text: label(choice.text) })),
      }
    : { ...question, text: label(question.text) }

const plain = (text: Both): Both => ({ en: text.en, fr: frenchSpaces(text.fr) })

async function page(step: Step, context: LoaderContext): Promise<StepPage> {
  const render = async (text: Both): Promise<Both> => {
    // The name tells the Markdown pipeline the language: it spaces French and labels code blocks by it.
    const html = (lang: Lang) =>
      context.renderMarkdown(text[lang], { fileURL: pathToFileURL(`${step.dir}/lab.${lang}.md`) })
    return { en: (await html('en')).html, fr: (await html('fr')).html }
  }
  const tasks = step.lab.tasks.map(async task => ({
    id: task.id,
    title: plain(task.title),
    goal: await render(task.goal),
    hints: await Promise.all(task.hints.map(render)),
    solution: await render(task.solution),
    ...(task.questions ? { questions: task.questions.map(questionPage) } : {}),
  }))
  return {
    id: step.id,
    number: step.number,
    slug: step.slug,
    title: plain(step.lab.title),
    summary: plain(step.lab.summary),
    minutes: step.lab.minutes,
    machines: step.lab.machines,
    tasks: await Promise.all(tasks),
  }
}

/** Content loader: one entry a step folder, its id the slug. A mistake in a folder ends the build and is told in full. */
export function labsLoader(base: string): Loader {
  return {
    name: 'step-folders',
    async load(context) {
      const labsDir = resolve(fileURLToPath(context.config.root), base)
      const read = async () => {
        const { steps, problems } = await loadSteps(labsDir)
        if (problems.length)
          throw new Error(`in labs/:\n${problems.map(problem => problem.message).join('\n')}`)
        context.store.clear()
        for (const step of steps) {
          const data = await context.parseData({ id: step.slug, data: { ...(await page(step, context)) } })
          context.store.set({ id: step.slug, data, digest: context.generateDigest(data) })
        }
      }
      await read()
      context.watcher?.add(labsDir)
      context.watcher?.on('change', file => {
        const shown = file.endsWith(`${sep}lab.ts`) || file.includes(`${sep}tasks${sep}`)
        if (!shown || !file.startsWith(labsDir)) return
        read().catch((error: Error) => context.logger.error(error.message))
      })
    },
  }
}
