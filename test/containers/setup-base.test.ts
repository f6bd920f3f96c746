import { writeFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type { Engine } from '../../containers/docker.ts'
import { BASE, ensureBase } from '../../containers/setup/base.ts'
import { SetupError } from '../../containers/setup/setup-error.ts'
import { aptLists, osRelease, type Told, toldHost } from './setup-host.ts'

interface Registry {
  there?: boolean
  /** What a pull does: gives the image, fails, or never answers. */
  pull: 'gives' | 'fails' | 'is silent'
}

async function setUp(registry: Registry, told: Told) {
  const host = toldHost(told)
  let id = registry.there ? 'sha256:1' : null
  const imported: string[] = []
  const engine = {
    imageId: async () => id,
    async pull(_tag: string, signal: AbortSignal) {
      if (registry.pull === 'fails') throw new Error('no such host')
      if (registry.pull === 'is silent')
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
      id = 'sha256:2'
    },
    async importImage(tar: Readable, tag: string) {
      for await (const chunk of tar) imported.push(`${tag} ${chunk}`)
      id = 'sha256:3'
    },
  } as unknown as Engine
  const run = host.run
  host.run = async (argv, options) => {
    if (argv[0] === 'mmdebstrap') writeFileSync(argv.at(-1) ?? '', 'a tar')
    const result = await run(argv, options)
    host.ran[host.ran.length - 1] = (host.ran.at(-1) ?? '').replace(/\S+\/base\.tar/, 'TAR')
    return result
  }
  const result = await ensureBase(engine, { host, firstAnswerMs: 50 }).catch((error: unknown) => {
    if (error instanceof SetupError) return `${error.message}\n${error.remedy}`
    throw error
  })
  return { result, ran: host.ran, imported }
}

const MMDEBSTRAP = 'mmdebstrap --variant=minbase --include=ca-certificates trixie TAR'

test('a base that is there is neither pulled nor made', async () => {
  expect(await setUp({ there: true, pull: 'fails' }, {})).toEqual({
    result: 'sha256:1',
    ran: [],
    imported: [],
  })
})

test('a registry that gives it is enough', async () => {
  expect(await setUp({ pull: 'gives' }, {})).toEqual({ result: 'sha256:2', ran: [], imported: [] })
})

test.each(['fails', 'is silent'] as const)('where the registry %s it is made from the mirror', async pull => {
  const { result, ran, imported } = await setUp({ pull }, { commands: ['mmdebstrap'] })
  expect(result).toBe('sha256:3')
  expect(ran).toEqual([MMDEBSTRAP])
  expect(imported).toEqual([`${BASE} a tar`])
})

test("Ubuntu needs Debian's keys besides", async () => {
  const { ran } = await setUp(
    { pull: 'fails' },
    { files: { ...osRelease('ubuntu', 'debian'), ...aptLists }, commands: ['apt-get'] },
  )
  expect(ran).toEqual([
    'apt-get install -y --no-install-recommends mmdebstrap debian-archive-keyring gpg',
    MMDEBSTRAP,
  ])
})

test('without root it says what to install', async () => {
  const { result, ran } = await setUp(
    { pull: 'fails' },
    { files: osRelease('debian'), commands: ['apt-get'], isRoot: false },
  )
  expect(result).toContain('no such host')
  expect(result).toContain('sudo apt-get install mmdebstrap uidmap')
  expect(ran).toEqual([])
})

test('on a Mac it says how to bring the image from elsewhere', async () => {
  const { result } = await setUp({ pull: 'fails' }, { platform: 'darwin', isRoot: false })
  expect(result).toContain('docker save debian:trixie-slim')
  expect(result).not.toContain('apt-get')
})

test('an mmdebstrap that fails leaves no half image', async () => {
  const { result, imported } = await setUp(
    { pull: 'fails' },
    { commands: ['mmdebstrap'], answers: { mmdebstrap: { code: 25, tail: ['E: apt-get update failed'] } } },
  )
  expect(result).toContain('E: apt-get update failed')
  expect(imported).toEqual([])
})
