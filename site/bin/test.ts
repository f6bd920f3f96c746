/**
 * `npm test [-- FILTER …]`: all set-up, then types, lint and every test; ends with `N passed, N failed`. Set-up that
 * fails counts as a failure, and the rest runs nevertheless, so that one run tells all.
 */
import { type SpawnOptions, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureImages } from '../../containers/images.ts'
import { ensureEngine } from '../../containers/setup/engine.ts'
import type { Progress } from '../../containers/types.ts'
import { ensureChromium } from './chromium.ts'
import { messageOf, program } from './program.ts'
import { ensureDataDir, ROOT, readSettings } from './settings.ts'
import { buildSite } from './site-build.ts'
import { countTests, type JsonReport, slowest } from './test-result.ts'

program(async ({ report, signal }) => {
  const filters = process.argv.slice(2)
  let passed = 0
  let failed = 0
  const attempt = async (name: string, work: (progress: Progress) => Promise<unknown>) => {
    try {
      await report.step(name, work)
      return true
    } catch (error) {
      report.line(`${name}: ${messageOf(error)}`)
      failed++
      return false
    }
  }
  const count = async (name: string, commands: string[][]) => {
    if (await attempt(name, () => all(commands, signal))) passed++
  }

  await count('types', [
    ['node_modules/typescript/bin/tsc', '-p', '.'],
    ['node_modules/astro/bin/astro.mjs', 'check', '--root', 'site'],
  ])
  await count('lint', [['node_modules/@biomejs/biome/bin/biome', 'check', '.']])

  const { dataDir } = readSettings()
  const machines = () =>
    attempt('engine and images', async progress => {
      ensureDataDir(dataDir)
      const engine = await ensureEngine({ progress, dataDir, ask: report.ask })
      await ensureImages(engine, progress, { ask: report.ask })
    })
  await Promise.all([machines(), attempt('pages', progress => buildSite(progress, signal))])
  await attempt('chromium', ensureChromium)

  const result = await vitest(filters, signal)
  const counted = countTests(result, chooses(filters))
  for (const line of slowest(result, ROOT)) report.line(line)
  for (const note of counted.notes) report.line(note)
  passed += counted.passed
  failed += counted.failed
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  return failed === 0 ? 0 : 1
})

const chooses = (filters: string[]): boolean =>
  filters.some(filter => /^(-t|--testNamePattern)(=|$)/.test(filter))

async function vitest(filters: string[], signal: AbortSignal) {
  const dir = mkdtempSync(join(tmpdir(), 'ten-steps-test-'))
  const file = join(dir, 'result.json')
  const reporter = process.stdout.isTTY ? 'default' : 'verbose'
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts']
  const reporters = [`--reporter=${reporter}`, '--reporter=json', `--outputFile.json=${file}`]
  try {
    await node([...args, ...reporters, ...filters], {
      stdio: ['ignore', 'inherit', 'inherit'],
      signal,
    })
    return JSON.parse(readFileSync(file, 'utf8')) as JsonReport
  } catch {
    return null
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Runs commands one after the other; throws the output of those that fail. */
async function all(commands: string[][], signal: AbortSignal): Promise<void> {
  const outputs: string[] = []
  for (const command of commands) {
    const { code, output } = await node(command, { stdio: ['ignore', 'pipe', 'pipe'], signal })
    if (code !== 0) outputs.push(output.trim())
  }
  if (outputs.length > 0) throw outputs.join('\n\n')
}

function node(args: string[], options: SpawnOptions): Promise<{ code: number; output: string }> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, args, { cwd: ROOT, ...options })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', chunk => {
        output += chunk
      })
    child.on('error', error => resolve({ code: 127, output: error.message }))
    child.on('close', code => resolve({ code: code ?? 1, output }))
  })
}
