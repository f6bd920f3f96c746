/** One step of a test's own, built as the course's pages are. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { LabData } from '../../checker/step.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Builds a course of one step, `04-mail`; gives the folder of its pages, and a function that removes everything. */
export async function lessonSite(
  lab: LabData,
  lesson: string,
): Promise<{ dist: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'lesson-'))
  const step = join(dir, 'labs/04-mail')
  await mkdir(step, { recursive: true })
  await writeFile(join(step, 'lab.ts'), `export const lab = ${JSON.stringify(lab)}`)
  const checks = lab.tasks.map(({ id }) => `'${id}': async () => ({})`).join()
  await writeFile(join(step, 'checks.ts'), `export const checks = { ${checks} }`)
  for (const lang of ['en', 'fr']) await writeFile(join(step, `lesson.${lang}.mdx`), lesson)
  const dist = join(dir, 'dist')
  const args = [
    join(root, 'node_modules/astro/bin/astro.mjs'),
    'build',
    '--root',
    join(root, 'site'),
    '--outDir',
    dist,
  ]
  const more = { LABS_DIR: join(dir, 'labs'), SITE_CACHE: join(dir, 'cache'), ASTRO_TELEMETRY_DISABLED: '1' }
  await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, ...more } })
  return { dist, remove: () => rm(dir, { recursive: true, force: true }) }
}
