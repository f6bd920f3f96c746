/** Builds the pages with Astro into site/dist, and not again while nothing they are made of has changed. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { SetupError } from '../../containers/setup/setup-error.ts'
import type { Progress } from '../../containers/types.ts'
import { ROOT } from './settings.ts'

/** Where the built pages are. */
export const DIST = join(ROOT, 'site/dist')
const STAMP = 'site/dist/.made-of'
const SOURCES = [
  'site/src/**',
  'site/public/**',
  'site/*.ts',
  'site/tsconfig.json',
  // Pages show tasks and their schema, so steps and vocabulary count; scripts and start files do not.
  'labs/*/lesson*',
  'labs/*/*.ts',
  'labs/*/tasks/*.ts',
  'checker/*.ts',
  'package-lock.json',
]

/** Throws `SetupError` with the end of Astro's output. */
export async function buildSite(progress: Progress, signal: AbortSignal): Promise<void> {
  const key = sourceHash()
  if (read(STAMP) === key) return
  const tail: string[] = []
  const code = await new Promise<number>(resolve => {
    const child = spawn(process.execPath, ['node_modules/astro/bin/astro.mjs', 'build', '--root', 'site'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1' },
    })
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', line => {
        if (!line.trim()) return
        tail.push(line)
        if (tail.length > 30) tail.shift()
        progress(line.replace(/^\d\d:\d\d:\d\d /, '').trim())
      })
    child.on('error', error => {
      tail.push(error.message)
      resolve(1)
    })
    child.on('close', end => resolve(end ?? 1))
  })
  if (code !== 0)
    throw new SetupError(
      `The pages could not be built:\n${tail.map(line => `  ${line}`).join('\n')}`,
      'The lines above name the file to mend; then run the same command again.',
    )
  writeFileSync(join(ROOT, STAMP), key)
}

function sourceHash(): string {
  const hash = createHash('sha256')
  for (const file of globSync(SOURCES, { cwd: ROOT }).sort()) {
    if (!statSync(join(ROOT, file)).isFile()) continue
    const content = readFileSync(join(ROOT, file))
    hash.update(`${file}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

function read(file: string): string {
  try {
    return readFileSync(join(ROOT, file), 'utf8')
  } catch {
    return ''
  }
}
