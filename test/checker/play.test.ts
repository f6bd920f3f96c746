import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { play } from '../../checker/play.ts'
import { loadScripts } from '../../checker/scripts.ts'
import { lab, labsOf } from './lab.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'play-'))
})
afterAll(() => rm(root, { recursive: true }))

const text = { en: 'x', fr: 'x' }
const asked = { id: 'hops', text, kind: 'number' as const }
const step = {
  tasks: [{ id: 'ask', title: text, goal: text, hints: [text, text], solution: text, questions: [asked] }],
}

async function scriptOf(source: string) {
  await mkdir(join(root, '04-x'), { recursive: true })
  await writeFile(join(root, '04-x', 'solution.sh'), source)
  const { scripts, problems } = await loadScripts(root, '04-x', ['ask'])
  const [script] = scripts
  if (!script) throw new Error('no script')
  return { script, problems }
}

/** The shell is the real one; machines are told apart by a variable. */
function shells(typed: string[]) {
  return labsOf(
    {},
    {
      exec: async (_lab, machine, argv, options = {}) => {
        if (argv.includes(lab.participant)) return { code: 0, stdout: '', stderr: '' }
        typed.push(machine)
        const [command = '', ...rest] = argv.map(word => word.replaceAll('/tmp/answers-', `${root}/answers-`))
        const input = String(options.input ?? '').replaceAll('/tmp/answers-', `${root}/answers-`)
        try {
          const env = { ...process.env, MACHINE: machine }
          return {
            code: 0,
            stdout: execFileSync(command, rest, { input, env, stdio: 'pipe' }).toString(),
            stderr: '',
          }
        } catch (error) {
          const { status, stdout, stderr } = error as { status: number; stdout: Buffer; stderr: Buffer }
          return { code: status, stdout: stdout.toString(), stderr: stderr.toString() }
        }
      },
    },
  )
}

it('plays each part where it belongs, and hears the answers, also from within a pipe', async () => {
  const { script, problems } = await scriptOf(`#!/bin/bash
# A head.
# on: desk
set -e
echo "on $MACHINE"
echo 3 | while read -r n; do answer ask hops $n; done
# on: server
echo "then on $MACHINE"
`)
  expect(problems).toEqual([])
  const typed: string[] = []
  const played = await play(shells(typed), lab, script, step, 5000)
  expect(played).toMatchObject({ code: 0, answers: { ask: { hops: '3' } } })
  expect(played.output).toMatch(/on desk[\s\S]*then on server/)
  expect(typed).toEqual(['desk', 'desk', 'server', 'server'])
})

it('stops at the part that fails', async () => {
  const { script } = await scriptOf('exit 3\n# on: desk\necho never\n')
  const played = await play(shells([]), lab, script, step, 5000)
  expect(played.code).toBe(3)
  expect(played.output).not.toContain('never')
})

it('takes an answer that nobody asked for as a mistake', async () => {
  const { script } = await scriptOf('answer ask hosp 3\n')
  expect(await play(shells([]), lab, script, step, 5000)).toMatchObject({
    code: 1,
    output: expect.stringContaining('ask hosp 3'),
  })
})

it('knows no machine but the lab’s', async () => {
  const { problems } = await scriptOf('echo\n# on: laptop\necho\n')
  expect(problems.map(problem => problem.message).join()).toContain('«laptop»')
})
