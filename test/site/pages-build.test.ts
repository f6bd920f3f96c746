/** Builds the site into a folder of its own and reads what a browser would get. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)
const BUILD_MS = 120_000
/** What a step page may load before a terminal is open, compressed. */
const SCRIPT_BUDGET = 32 * 1024

let dir = ''
let pages = new Map<string, string>()

async function build(outDir: string, env: Record<string, string> = {}): Promise<void> {
  const astro = join(root, 'node_modules/astro/bin/astro.mjs')
  await run(process.execPath, [astro, 'build', '--root', join(root, 'site'), '--outDir', outDir], {
    cwd: root,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', SITE_CACHE: join(outDir, '../cache'), ...env },
  })
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ten-steps-site-'))
  await build(join(dir, 'dist'))
  const files = await readdir(join(dir, 'dist'), { recursive: true })
  const html = files.filter(file => file.endsWith('.html'))
  const read = async (file: string) => [`/${file}`, await readFile(join(dir, 'dist', file), 'utf8')] as const
  pages = new Map(await Promise.all(html.map(read)))
}, BUILD_MS)

afterAll(() => rm(dir, { recursive: true, force: true }))

const prose = (html: string) => html.replace(/<(pre|code|style|script|svg)\b[\s\S]*?<\/\1>/g, '')
const attributes = (html: string, name: string) =>
  [...html.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map(match => match[1] ?? '')

describe('the built pages', () => {
  test('are there in both languages, with their twins named', () => {
    const names = [...pages.keys()]
    for (const name of names.filter(name => name.startsWith('/en/')))
      expect(names).toContain(name.replace('/en/', '/fr/'))
    expect(names).toEqual(expect.arrayContaining(['/index.html', '/404.html', '/fr/404/index.html']))
    const step = pages.get('/fr/steps/fifty-users/index.html') ?? ''
    expect(step).toContain('<html lang="fr"')
    expect(step).toContain('hreflang="en" href="/en/steps/fifty-users/"')
  })

  test('hold no script and no handler of their own, as the security policy asks', () => {
    for (const [name, html] of pages) {
      const inline = [...html.matchAll(/<script\b([^>]*)>/g)].filter(match => !/\ssrc=/.test(match[1] ?? ''))
      expect(
        inline.map(match => match[0]),
        name,
      ).toEqual([])
      expect(html, name).not.toMatch(/<[^>]+\son[a-z]+\s*=/)
    }
  })

  test('link to nothing that is not there', () => {
    const known = new Set([...pages.keys()].map(name => name.replace(/index\.html$/, '')))
    for (const [name, html] of pages) {
      const ids = new Set(attributes(html, 'id'))
      for (const href of attributes(html.replace(/<link [^>]*>/g, ''), 'href')) {
        if (href.startsWith('#')) expect(ids, `${name} → ${href}`).toContain(href.slice(1))
        else if (href.startsWith('/')) expect(known, `${name} → ${href}`).toContain(href.replace(/#.*/, ''))
      }
      expect(attributes(html, 'id').length, `${name}: an id twice`).toBe(ids.size)
    }
  })

  test('never break a French line before its punctuation', () => {
    for (const [name, html] of pages) {
      if (!name.startsWith('/fr/')) continue
      const wrong = [...prose(html).matchAll(/>[^<]*? [;!?»:](?=[\s<])[^<]*</g)].map(match => match[0])
      expect(wrong, name).toEqual([])
    }
  })

  test('load few scripts before a terminal is open', async () => {
    const html = pages.get('/en/steps/fifty-users/index.html') ?? ''
    const todo = attributes(html, 'src').filter(src => src.endsWith('.js'))
    const seen = new Map<string, number>()
    while (todo.length) {
      const file = todo.pop() ?? ''
      if (seen.has(file)) continue
      const code = await readFile(join(dir, 'dist', file), 'utf8')
      seen.set(file, gzipSync(code).length)
      for (const match of code.matchAll(/(?:from|import)\s*"(\.\/[^"]+)"/g))
        todo.push(join(dirname(file), match[1] ?? ''))
    }
    const sum = [...seen.values()].reduce((a, b) => a + b, 0)
    expect(sum, [...seen].join('\n')).toBeLessThan(SCRIPT_BUDGET)
    expect(sum, 'the scripts were found at all').toBeGreaterThan(4096)
  })
})

test(
  'a mistake in a step folder ends the build, and says where it is and what was expected',
  async () => {
    const folder = join(dir, 'labs/05-broken')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'lab.ts'), `export const lab = { title: { en: 'Broken' }, minutes: -1 }\n`)
    await writeFile(join(folder, 'checks.ts'), 'export const checks = {}\n')
    const failed = await build(join(dir, 'broken/dist'), { LABS_DIR: join(dir, 'labs') }).then(
      () => 'built all the same',
      (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
    )
    expect(failed).toContain('05-broken/lab.ts')
    expect(failed).toContain('expected:')
    expect(failed).toContain('seen:')
  },
  BUILD_MS,
)
