/** Steps of a test's own, built as the course's pages are. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { LabData } from '../../checker/step.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A step of a test: its data and lesson, and source texts by path in its folder, such as `solution.sh`. */
export interface SmallStep {
  id: string
  lab: LabData
  lesson: string
  files?: Record<string, string>
}

/** Builds a course of one step, `04-mail`; gives the folder of its pages, and a function that removes everything. */
export const lessonSite = (lab: LabData, lesson: string) => courseSite([{ id: '04-mail', lab, lesson }])

/** Builds a course; gives the folders of its pages and of its steps, and a function that removes everything. */
export async function courseSite(
  steps: SmallStep[],
): Promise<{ dist: string; labs: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'lesson-'))
  const labs = join(dir, 'labs')
  for (const { id, lab, lesson, files = {} } of steps) {
    const checks = lab.tasks.map(({ id }) => `'${id}': async () => ({})`).join()
    const all = {
      'lab.ts': `export const lab = ${JSON.stringify(lab)}`,
      'checks.ts': `export const checks = { ${checks} }`,
      'lesson.en.mdx': lesson,
      'lesson.fr.mdx': lesson,
      ...files,
    }
    for (const [path, text] of Object.entries(all)) {
      const file = join(labs, id, path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
    }
  }
  const dist = join(dir, 'dist')
  const args = [
    join(root, 'node_modules/astro/bin/astro.mjs'),
    'build',
    '--root',
    join(root, 'site'),
    '--outDir',
    dist,
  ]
  const more = { LABS_DIR: labs, SITE_CACHE: join(dir, 'cache'), ASTRO_TELEMETRY_DISABLED: '1' }
  await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, ...more } })
  return { dist, labs, remove: () => rm(dir, { recursive: true, force: true }) }
}
