import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadSteps } from '../../checker/steps.ts'

const roots: string[] = []
afterAll(() => Promise.all(roots.map(root => rm(root, { recursive: true }))))

const t = (en: string) => ({ en, fr: `${en} (fr)` })
const task = (id: string) => ({ id, title: t(id), goal: t('g'), hints: [t('h'), t('i')], solution: t('s') })
const lab = {
  title: t('A step'),
  summary: t('s'),
  minutes: 60,
  machines: ['server'],
  tasks: [task('one'), task('two')],
}

const labOf = (value: object) => `export const lab = ${JSON.stringify(value)}`
const lesson =
  '# A step\n\n```bash\n# no heading\n```\n\n## One\n\n<Task id="one" />\n\n## Two\n\n<Task id="two" />\n'
const right = {
  'lab.ts': labOf(lab),
  'checks.ts': 'export const checks = { one: async () => {}, two: async () => {} }',
  'lesson.en.mdx': lesson,
  'lesson.fr.mdx': lesson,
  'solution.sh': 'true\n',
  'right/other.sh': '#!/bin/bash\n# after: solution\ntrue\n',
  'wrong/typo.sh': '#!/bin/bash\n# fails: one refused\n# after: solution\nfalse\n',
}

/** A course of these folders, each `right` but for what is given: a text replaces a file, null takes it away. */
async function course(steps: Record<string, Record<string, string | null>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'ten-steps-'))
  roots.push(root)
  for (const [id, changes] of Object.entries(steps)) {
    for (const [path, text] of Object.entries({ ...right, ...changes })) {
      if (text === null) continue
      await mkdir(dirname(join(root, id, path)), { recursive: true })
      await writeFile(join(root, id, path), text)
    }
  }
  return root
}

async function messages(changes: Record<string, string | null>): Promise<string> {
  const { steps, problems } = await loadSteps(await course({ '05-users': changes, '06-fine': {} }))
  // Whatever is wrong with one step, the others are there.
  expect(steps.map(step => step.id)).toEqual(problems.length ? ['06-fine'] : ['05-users', '06-fine'])
  return problems.map(problem => problem.message).join('\n')
}

describe('a course', () => {
  it('is its folders in their order', async () => {
    const root = await course({ '10-last': {}, '05-fifty-users': {} })
    const { steps, problems } = await loadSteps(root)
    expect(problems).toEqual([])
    expect(steps.map(({ id, number, slug }) => [id, number, slug])).toEqual([
      ['05-fifty-users', 5, 'fifty-users'],
      ['10-last', 10, 'last'],
    ])
    expect(steps[0]?.files({} as never)).toEqual([])
    expect(steps[0]?.scripts.map(({ kind, name, after, fails }) => ({ kind, name, after, fails }))).toEqual([
      { kind: 'solution', name: 'solution', after: 'start', fails: [] },
      { kind: 'right', name: 'other', after: 'solution', fails: [] },
      { kind: 'wrong', name: 'typo', after: 'solution', fails: [{ task: 'one', code: 'refused' }] },
    ])
  })

  it('without folders has no steps and no mistakes', async () => {
    expect(await loadSteps(join(tmpdir(), 'there-is-no-such-course'))).toEqual({ steps: [], problems: [] })
  })

  it('loads what the repository holds', async () => {
    const { problems } = await loadSteps()
    expect(problems.map(problem => problem.message)).toEqual([])
  })
})

describe('a mistake in a step folder is told with its place and the next action:', () => {
  it('no mistake', async () => {
    expect(await messages({})).toBe('')
  })

  it('values that are missing, wrong or unknown in lab.ts', async () => {
    const [one, two] = lab.tasks
    const wrong = {
      ...lab,
      title: { en: 'A step' },
      minutes: '60',
      machines: ['server', 'laptop'],
      colour: 'blue',
      tasks: [
        { ...one, id: 'One Two', goal: t('') },
        { ...two, hints: [t('h')] },
      ],
    }
    expect(await messages({ 'lab.ts': labOf(wrong) })).toMatchInlineSnapshot(`
      "05-users/lab.ts → title.fr
        expected: a text
        seen:     nothing
        do:       add title.fr
      05-users/lab.ts → minutes
        expected: number
        seen:     "60"
        do:       correct minutes
      05-users/lab.ts → machines[1]
        expected: one of server, desk
        seen:     "laptop"
        do:       correct machines[1]
      05-users/lab.ts → tasks[0].id
        expected: a task id is kebab-case, such as mail-arrives
        seen:     "One Two"
        do:       correct tasks[0].id
      05-users/lab.ts → tasks[0].goal.en
        expected: a text that is not empty
        seen:     ""
        do:       correct tasks[0].goal.en
      05-users/lab.ts → tasks[1].hints
        expected: at least 2 of them
        seen:     [{"en":"h","fr":"h (fr)"}]
        do:       correct tasks[1].hints
      05-users/lab.ts → colour
        expected: no such key
        seen:     the key «colour»
        do:       take «colour» out, or spell it as in checker/step.ts"
    `)
  })

  it('a step to follow that is not there, or comes later', async () => {
    const following = async (follows: string) => messages({ 'lab.ts': labOf({ ...lab, follows }) })
    expect(await following('06-fine')).toMatchInlineSnapshot(`
      "05-users/lab.ts → follows
        expected: an earlier step
        seen:     «06-fine», which comes after 05-users
        do:       name the folder of an earlier step, or take «follows» out"
    `)
    expect(await following('04-gone')).toMatchInlineSnapshot(`
      "05-users/lab.ts → follows
        expected: an earlier step
        seen:     «04-gone», which is no folder
        do:       name the folder of an earlier step, or take «follows» out"
    `)
    expect(await following('users')).toMatchInlineSnapshot(`
      "05-users/lab.ts → follows
        expected: a step's folder, such as 05-fifty-users
        seen:     "users"
        do:       correct follows"
    `)
    const root = await course({
      '05-users': {},
      '06-fine': { 'lab.ts': labOf({ ...lab, follows: '05-users' }) },
    })
    expect((await loadSteps(root)).problems).toEqual([])
  })

  it('a module that does not load, or does not export', async () => {
    expect(
      await messages({
        'lab.ts': "throw new RangeError('no such name')",
        'checks.ts': 'export const check = {}',
      }),
    ).toMatchInlineSnapshot(`
      "05-users/lab.ts
        expected: a module that loads
        seen:     RangeError: no such name
        do:       correct the module; \`npm run lint\` shows the place
      05-users/checks.ts
        expected: an export named «checks»
        seen:     exports: check
        do:       write «export const checks = …» there"
    `)
  })

  it('files that are missing', async () => {
    expect(await messages({ 'lab.ts': null, 'lesson.fr.mdx': null })).toMatchInlineSnapshot(`
      "05-users/lab.ts
        expected: a module that exports «lab»
        seen:     no such file
        do:       write labs/05-users/lab.ts; an existing step shows how"
    `)
    expect(await messages({ 'lesson.fr.mdx': null })).toMatchInlineSnapshot(`
      "05-users/lesson.fr.mdx
        expected: a lesson
        seen:     no such file
        do:       write labs/05-users/lesson.fr.mdx"
    `)
  })

  it('tasks without check, checks without task, a task twice', async () => {
    const checks = 'export const checks = { one: async () => {}, three: async () => {} }'
    const twice = { ...lab, tasks: [task('one'), task('two'), task('one')] }
    expect(await messages({ 'checks.ts': checks })).toMatchInlineSnapshot(`
      "05-users/checks.ts → two
        expected: a check for the task «two»
        seen:     none
        do:       add «'two': async probes => …» to checks
      05-users/checks.ts → three
        expected: a task of this name in lab.ts
        seen:     none
        do:       add the task to lab.ts, or take the check out"
    `)
    expect(await messages({ 'lab.ts': labOf(twice) })).toMatchInlineSnapshot(`
      "05-users/lab.ts → tasks
        expected: each task id once
        seen:     «one» twice
        do:       rename one of them"
    `)
  })

  it('lessons that are not the same, or not of these tasks', async () => {
    expect(await messages({ 'lesson.fr.mdx': lesson.replace('## Two', '### Two') })).toMatchInlineSnapshot(`
      "05-users/lesson.fr.mdx → headings
        expected: the levels of lesson.en.mdx: 1 2 2
        seen:     1 2 3
        do:       give both languages the same headings in the same order"
    `)
    expect(await messages({ 'lesson.en.mdx': lesson.replace('"two"', '"tow"') })).toMatchInlineSnapshot(`
      "05-users/lesson.en.mdx → <Task>
        expected: one, two
        seen:     one, tow
        do:       take <Task id="tow" /> out, or add the task to lab.ts"
    `)
  })

  it('scripts that do not say what they are for, and files that are nobody’s', async () => {
    const changes = {
      'wrong/typo.sh': 'false\n',
      'wrong/other.sh': '# fails: three refused\n',
      'notes.txt': 'x',
      '.lab.ts.swp': 'x',
    }
    expect(await messages(changes)).toMatchInlineSnapshot(`
      "05-users/notes.txt
        expected: lesson.en.mdx, lesson.fr.mdx, lab.ts, checks.ts, checks/, solution.sh, start/, tasks/, notes.en.md, notes.fr.md, right/*.sh, wrong/*.sh
        seen:     a stray file
        do:       remove or move it
      05-users/wrong/other.sh → # fails
        expected: one of one, two, and a verdict's code
        seen:     «three refused»
        do:       write «# fails: one CODE» into the head of the script
      05-users/wrong/typo.sh
        expected: a head line «# fails: TASK CODE»
        seen:     none
        do:       write «# fails: one CODE» into the head of the script"
    `)
  })

  it('a folder without a number', async () => {
    const { problems } = await loadSteps(await course({ users: {} }))
    expect(problems.map(problem => problem.message).join('\n')).toMatchInlineSnapshot(`
      "users
        expected: a folder named NN-slug, such as 05-fifty-users
        seen:     users
        do:       rename the folder"
    `)
  })
})
