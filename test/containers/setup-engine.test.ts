import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Engine } from '../../containers/docker.ts'
import { ensureEngine } from '../../containers/setup/engine.ts'
import { SetupError } from '../../containers/setup/setup-error.ts'
import { aptLists, osRelease, type Told, toldHost } from './setup-host.ts'

const engine = { address: 'there' } as Engine
const dataDir = mkdtempSync(join(tmpdir(), 'ten-steps-'))

/** `answersAfter`: how many commands must have run before an engine answers; Infinity if it never does. */
async function setUp(told: Told & { answersAfter?: number; says?: boolean }) {
  const host = toldHost(told)
  const asked: string[] = []
  const ask = async (question: string) => {
    asked.push(question)
    return told.says ?? true
  }
  const result = await ensureEngine({
    dataDir,
    host,
    budgetMs: 300,
    connect: async () => (host.ran.length >= (told.answersAfter ?? Number.POSITIVE_INFINITY) ? engine : null),
    ask: told.says === undefined ? undefined : ask,
  }).catch((error: unknown) => {
    if (error instanceof SetupError) return `${error.message}\n${error.remedy}`
    throw error
  })
  return { result, ran: host.ran, asked }
}

test('an engine that answers is taken, and nothing is run', async () => {
  expect(await setUp({ answersAfter: 0 })).toEqual({ result: engine, ran: [], asked: [] })
})

test('where DOCKER_HOST names a silent address nothing is installed', async () => {
  const { result, ran } = await setUp({
    env: { DOCKER_HOST: 'tcp://192.0.2.1:2375' },
    files: osRelease('debian'),
    commands: ['apt-get'],
  })
  expect(result).toContain('No engine answers at tcp://192.0.2.1:2375')
  expect(ran).toEqual([])
})

test('on Debian as root docker.io is installed, and dockerd started where no init runs', async () => {
  const { result, ran } = await setUp({
    files: osRelease('debian'),
    commands: ['apt-get'],
    answersAfter: 3,
  })
  expect(result).toBe(engine)
  expect(ran).toEqual(['apt-get update', 'apt-get install -y --no-install-recommends docker.io', 'dockerd'])
})

test('with lists that are there apt does not fetch them again', async () => {
  const { ran } = await setUp({
    files: { ...osRelease('ubuntu', 'debian'), ...aptLists, '/run/systemd/system': '' },
    commands: ['apt-get'],
    answersAfter: 2,
  })
  expect(ran).toEqual(['apt-get install -y --no-install-recommends docker.io', 'systemctl start docker'])
})

test('with AppArmor in the kernel its tools come too', async () => {
  const { ran } = await setUp({
    files: { ...osRelease('debian'), ...aptLists, '/sys/module/apparmor/parameters/enabled': 'Y\n' },
    commands: ['apt-get'],
    answersAfter: 1,
  })
  expect(ran).toEqual(['apt-get install -y --no-install-recommends docker.io apparmor'])
})

test('an engine that is installed is only started, by the init that is there', async () => {
  const { ran, asked } = await setUp({
    files: { ...osRelease('debian'), '/run/initctl': '' },
    commands: ['apt-get', 'dockerd'],
    answersAfter: 1,
    says: false,
  })
  expect(ran).toEqual(['service docker start'])
  expect(asked).toEqual([])
})

test('whoever says no gets the commands to do it by hand', async () => {
  const { result, ran, asked } = await setUp({
    files: osRelease('debian'),
    commands: ['apt-get'],
    says: false,
  })
  expect(asked).toHaveLength(1)
  expect(ran).toEqual([])
  expect(result).toContain('apt-get install docker.io && systemctl enable --now docker')
})

test('an apt that fails shows its last lines', async () => {
  const { result } = await setUp({
    files: osRelease('debian'),
    commands: ['apt-get'],
    answers: { 'apt-get install': { code: 100, tail: ['E: Unable to locate package docker.io'] } },
  })
  expect(result).toContain('E: Unable to locate package docker.io')
})

test('a dockerd that ends at once is not waited for', async () => {
  const { result } = await setUp({ files: osRelease('debian'), commands: ['dockerd'], daemonEnds: true })
  expect(result).toContain('dockerd ended as soon as it was started')
  expect(result).toContain('dockerd.log')
})

test.each<[string, Told, string]>([
  [
    'Debian without root',
    { files: osRelease('debian'), isRoot: false, commands: ['apt-get'] },
    'sudo apt-get install docker.io && sudo systemctl enable --now docker',
  ],
  ['Fedora', { files: osRelease('fedora') }, 'dnf install moby-engine'],
  ['Arch without root', { files: osRelease('arch'), isRoot: false }, 'sudo pacman -S docker'],
  ['an unknown Linux', { files: osRelease('plan9') }, 'https://docs.docker.com/engine/install/'],
  ['a Mac', { platform: 'darwin', isRoot: false }, 'brew install --cask orbstack'],
  ['a Mac with Colima', { platform: 'darwin', isRoot: false, commands: ['colima'] }, 'colima start'],
  ['Windows', { platform: 'win32', isRoot: false }, 'Docker Desktop'],
  [
    'Debian without root where it only sleeps',
    { files: osRelease('debian'), isRoot: false, commands: ['dockerd'] },
    'Docker is installed and not running',
  ],
])('on %s it says what to do and does nothing', async (_name, told, expected) => {
  const { result, ran } = await setUp(told)
  expect(result).toContain(expected)
  expect(ran).toEqual([])
})
