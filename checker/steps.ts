/** Finds the course's steps: every folder `NN-slug` under `labs/` is one, and nothing else has to be told of it. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { quoted } from './clean.ts'
import { lessonErrors } from './lessons.ts'
import { loadScripts, type Script } from './scripts.ts'
import {
  type Checks,
  type LabData,
  labSchema,
  STEP_FOLDER,
  type StartDoors,
  type StartFiles,
  type StartMail,
  type StartNames,
} from './step.ts'
import { StepError, schemaErrors } from './step-error.ts'

export interface Step {
  /** Name of its folder: `05-fifty-users`. */
  id: string
  number: number
  /** The name in addresses, without the number, so that reordering breaks no link. */
  slug: string
  /** Absolute path. */
  dir: string
  lab: LabData
  checks: Checks
  files: StartFiles
  names: StartNames
  mail?: StartMail
  doors?: StartDoors
  scripts: Script[]
}

const NO_NAMES: StartNames = () => ({ records: [], reverse: {} })
const ROOT = fileURLToPath(new URL('../labs', import.meta.url))
/** What a step's folder holds; a trailing `/` takes all that lies in the folder. */
const KNOWN = [
  'lesson.en.mdx',
  'lesson.fr.mdx',
  'lab.ts',
  'checks.ts',
  'checks/',
  'solution.sh',
  'start/',
  'tasks/',
  'notes.en.md',
  'notes.fr.md',
]
const SCRIPT = /^(right|wrong)\/[a-z0-9-]+\.sh$/

/**
 * The steps in the order of their numbers. A step with a mistake is left out and each of its mistakes is in `problems`;
 * the others load all the same. `root` is the folder that holds the steps.
 */
export async function loadSteps(root: string = ROOT): Promise<{ steps: Step[]; problems: StepError[] }> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => [])
  const ids = entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
  const loaded = await Promise.all(ids.sort().map(id => loadStep(root, id)))
  return {
    steps: loaded.flatMap(result => (result.step ? [result.step] : [])),
    problems: loaded.flatMap(result => result.problems),
  }
}

async function loadStep(root: string, id: string): Promise<{ step?: Step; problems: StepError[] }> {
  const match = STEP_FOLDER.exec(id)
  if (!match) {
    const expected = 'a folder named NN-slug, such as 05-fifty-users'
    return {
      problems: [new StepError({ file: id, path: '', expected, seen: id, next: 'rename the folder' })],
    }
  }
  const problems = await strayFiles(root, id)
  const data = await part(root, id, 'lab.ts', 'lab', problems)
  const checks = await part(root, id, 'checks.ts', 'checks', problems)
  const files = await part(root, id, 'start/files.ts', 'files', problems, () => [])
  const names = await part(root, id, 'start/names.ts', 'names', problems, NO_NAMES)
  const mail = await part(root, id, 'start/mail.ts', 'mail', problems, null)
  const doors = await part(root, id, 'start/doors.ts', 'doors', problems, null)
  if ([data, checks, files, names, mail, doors].includes(undefined)) return { problems }

  const parsed = labSchema.safeParse(data)
  if (!parsed.success) {
    problems.push(...schemaErrors(`${id}/lab.ts`, data, parsed.error.issues))
    return { problems }
  }
  const lab = parsed.data
  const tasks = [...new Set(lab.tasks.map(task => task.id))]
  problems.push(
    ...twice(id, lab),
    ...order(root, id, lab),
    ...pairs(id, tasks, checks as object),
    ...(await lessonErrors(root, id, tasks)),
  )
  const { scripts, problems: scriptProblems } = await loadScripts(root, id, tasks)
  problems.push(...scriptProblems)
  if (problems.length) return { problems }
  const [, number, slug = ''] = match
  const parts = {
    lab,
    checks: checks as Checks,
    files: files as StartFiles,
    names: names as StartNames,
    ...(mail ? { mail: mail as StartMail } : {}),
    ...(doors ? { doors: doors as StartDoors } : {}),
    scripts,
  }
  return { step: { id, number: Number(number), slug, dir: join(root, id), ...parts }, problems }
}

/** What a module of the step exports under `name`; `absent` where the file may be missing. */
async function part(
  root: string,
  id: string,
  path: string,
  name: string,
  problems: StepError[],
  absent?: unknown,
): Promise<unknown> {
  const file = `${id}/${path}`
  const full = join(root, id, path)
  if (!existsSync(full)) {
    if (absent !== undefined) return absent
    const next = `write labs/${file}; an existing step shows how`
    problems.push(
      new StepError({
        file,
        path: '',
        expected: `a module that exports «${name}»`,
        seen: 'no such file',
        next,
      }),
    )
    return undefined
  }
  try {
    const module = (await import(/* @vite-ignore */ pathToFileURL(full).href)) as Record<string, unknown>
    if (module[name] !== undefined) return module[name]
    const seen = `exports: ${Object.keys(module).join(', ') || 'none'}`
    const next = `write «export const ${name} = …» there`
    problems.push(new StepError({ file, path: '', expected: `an export named «${name}»`, seen, next }))
  } catch (error) {
    const seen = quoted(`${(error as Error).name}: ${(error as Error).message}`)
    const next = 'correct the module; `npm run lint` shows the place'
    problems.push(
      new StepError({ file, path: '', expected: 'a module that loads', seen, next }, { cause: error }),
    )
  }
  return undefined
}

function twice(id: string, lab: LabData): StepError[] {
  const ids = lab.tasks.map(task => task.id)
  return ids
    .filter((task, i) => ids.indexOf(task) !== i)
    .map(task => {
      const mistake = { expected: 'each task id once', seen: `«${task}» twice`, next: 'rename one of them' }
      return new StepError({ file: `${id}/lab.ts`, path: 'tasks', ...mistake })
    })
}

/** What a step follows is there and comes before it. */
function order(root: string, id: string, { follows }: LabData): StepError[] {
  if (follows === undefined || (follows < id && existsSync(join(root, follows)))) return []
  const seen = follows < id ? `«${follows}», which is no folder` : `«${follows}», which comes after ${id}`
  const next = 'name the folder of an earlier step, or take «follows» out'
  return [new StepError({ file: `${id}/lab.ts`, path: 'follows', expected: 'an earlier step', seen, next })]
}

/** Each task has one check and each check its task. */
function pairs(id: string, tasks: string[], checks: object): StepError[] {
  const file = `${id}/checks.ts`
  const without = tasks.filter(task => typeof (checks as Record<string, unknown>)[task] !== 'function')
  const strange = Object.keys(checks).filter(check => !tasks.includes(check))
  return [
    ...without.map(task => {
      const next = `add «'${task}': async probes => …» to checks`
      return new StepError({
        file,
        path: task,
        expected: `a check for the task «${task}»`,
        seen: 'none',
        next,
      })
    }),
    ...strange.map(check => {
      const next = `add the task to lab.ts, or take the check out`
      return new StepError({
        file,
        path: check,
        expected: 'a task of this name in lab.ts',
        seen: 'none',
        next,
      })
    }),
  ]
}

async function strayFiles(root: string, id: string): Promise<StepError[]> {
  const entries = await readdir(join(root, id), { withFileTypes: true, recursive: true })
  return (
    entries
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(join(root, id).length + 1))
      // What an editor keeps beside a file while it is open is no mistake of the author's.
      .filter(path => !/(^|\/)\.|~$/.test(path))
      .filter(
        path =>
          !SCRIPT.test(path) &&
          !KNOWN.some(name => (name.endsWith('/') ? path.startsWith(name) : path === name)),
      )
      .sort()
      .map(path => {
        const expected = `${KNOWN.join(', ')}, right/*.sh, wrong/*.sh`
        return new StepError({
          file: `${id}/${path}`,
          path: '',
          expected,
          seen: 'a stray file',
          next: 'remove or move it',
        })
      })
  )
}
