import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { packagesAreCurrent } from '../../site/bin/packages.mjs'
import { ROOT } from '../../site/bin/settings.ts'

const LOCK = {
  packages: {
    '': { name: 'course' },
    'node_modules/zod': { version: '4.0.0', integrity: 'sha512-z' },
    'node_modules/for-macs': { version: '1.0.0', integrity: 'sha512-m', optional: true },
  },
}
const INSTALLED = { packages: { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-z' } } }

function clone(lock: object, installed?: object): string {
  const root = mkdtempSync(join(tmpdir(), 'ten-steps-'))
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock))
  if (!installed) return root
  mkdirSync(join(root, 'node_modules'))
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify(installed))
  return root
}

test('a fresh clone has no packages', () => {
  expect(packagesAreCurrent(clone(LOCK))).toBe(false)
})

test('what npm installed by the lock file is taken as it is, until the lock file changes', () => {
  const root = clone(LOCK, INSTALLED)
  expect(packagesAreCurrent(root)).toBe(true)
  expect(readFileSync(join(root, 'node_modules/.ten-steps'), 'utf8')).toMatch(/^[0-9a-f]{64}$/)
  const newer = structuredClone(LOCK)
  newer.packages['node_modules/zod'].version = '4.0.1'
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(newer))
  expect(packagesAreCurrent(root)).toBe(false)
})

test('a package that is missing and not optional is seen', () => {
  expect(packagesAreCurrent(clone(LOCK, { packages: {} }))).toBe(false)
})

/** A clone whose «pinned Node» is the one that runs this test, with a command of its own. */
function cloneWith(command: string): string {
  const root = clone(LOCK, INSTALLED)
  cpSync(join(ROOT, 'site/bin'), join(root, 'site/bin'), { recursive: true })
  cpSync(join(ROOT, 'containers/setup'), join(root, 'containers/setup'), { recursive: true })
  writeFileSync(join(root, 'site/bin/start.ts'), command)
  mkdirSync(join(root, 'node_modules/node/bin'), { recursive: true })
  const version = process.version.slice(1)
  writeFileSync(join(root, 'node_modules/node/package.json'), JSON.stringify({ version }))
  writeFileSync(join(root, 'node_modules/node/bin/node'), `#!/bin/sh\nexec ${process.execPath} "$@"\n`, {
    mode: 0o755,
  })
  return join(root, 'site/bin/run.mjs')
}

const run = (launcher: string, ...args: string[]) =>
  spawnSync(process.execPath, [launcher, ...args], { encoding: 'utf8' })

test('arguments, output and exit code pass through', () => {
  const { status, stdout } = run(
    cloneWith('console.log(process.argv.slice(2).join()); process.exit(7)'),
    'start',
    'a',
    '--b',
  )
  expect(stdout).toBe('a,--b\n')
  expect(status).toBe(7)
})

test('a command that there is not is named with those that there are', () => {
  const { status, stderr } = run(cloneWith(''), 'strat')
  expect(status).toBe(1)
  expect(stderr).toContain('There is no command «strat»; there are: start, dev, test')
})

test('a pinned Node of another version is said in words', () => {
  const launcher = cloneWith('')
  writeFileSync(join(launcher, '../../../node_modules/node/package.json'), '{"version":"99.0.0"}')
  // Without npm there is no second try by the network.
  const { status, stderr } = spawnSync(process.execPath, [launcher, 'start'], {
    encoding: 'utf8',
    env: { PATH: '/nowhere' },
  })
  expect(status).toBe(1)
  expect(stderr).toContain('npm could not install the packages')
})

test('an old Node gets one line', () => {
  const launcher = readFileSync(join(ROOT, 'site/bin/run.mjs'), 'utf8').replace(
    'process.versions.node',
    "'18.19.0'",
  )
  const file = join(mkdtempSync(join(tmpdir(), 'ten-steps-')), 'run.mjs')
  writeFileSync(file, launcher)
  const { status, stderr } = run(file, 'start')
  expect(status).toBe(1)
  expect(stderr).toBe(
    'This is Node 18.19.0; Node 20 or later is needed to start (https://nodejs.org/en/download).\n',
  )
})

const PROGRAM = (close: string) => `
import { program } from './program.ts'
program(async ({ onStop }) => {
  setInterval(() => {}, 1000)
  onStop(${close})
  console.log('up')
  return undefined
})`

function started(launcher: string): { child: ChildProcess; output(): string; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [launcher, 'start'], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', chunk => {
      output += chunk
    })
  return { child, output: () => output, ended: new Promise(resolve => child.on('exit', resolve)) }
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s closes the server and ends with 0', async signal => {
  const { child, output, ended } = started(cloneWith(PROGRAM("async () => console.log('closed')")))
  await expect.poll(output, { timeout: 10_000 }).toContain('up')
  child.kill(signal)
  expect(await ended).toBe(0)
  expect(output()).toBe('up\nclosed\n')
})

test('the same Ctrl-C twice at once is one; a second one later ends at once', async () => {
  const { child, output, ended } = started(
    cloneWith(PROGRAM("async () => { console.log('closing'); await new Promise(() => {}) }")),
  )
  await expect.poll(output, { timeout: 10_000 }).toContain('up')
  child.kill('SIGINT')
  child.kill('SIGINT')
  await expect.poll(output).toContain('closing')
  const early = await Promise.race([ended, new Promise(resolve => setTimeout(resolve, 600, 'waits'))])
  expect(early).toBe('waits')
  child.kill('SIGINT')
  expect(await ended).toBe(130)
})

test('an error that nobody expected is one message and exit code 1', async () => {
  const { output, ended } = started(
    cloneWith("import { program } from './program.ts'\nprogram(async () => { throw new TypeError('oh') })"),
  )
  expect(await ended).toBe(1)
  expect(output()).toBe('\nTypeError: oh\n\n(DEBUG=1 shows where.)\n')
})
