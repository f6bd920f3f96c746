/**
 * Catching up in a browser, with real machines and our real server, in a small course: two steps, the second of which
 * goes on with the first one's server. The first one's solution waits for a file, so that a test has time to look.
 */
import { mkdirSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LabData } from '../../checker/step.ts'
import { Engine } from '../../containers/docker.ts'
import { Course, openBrowser, openPage, screen, typeLine } from '../browser.ts'
import { courseSite } from '../site/lesson-site.ts'

const both = (en: string, fr: string) => ({ en, fr })
const task = (id: string, file: string): LabData['tasks'][number] => ({
  id,
  title: both(`Write ${file}`, `Écrire ${file}`),
  goal: both(`There is ${file}.`, `${file} est là.`),
  hints: [both('a', 'a'), both('b', 'b')],
  solution: both('c', 'c'),
})
const data = (tasks: LabData['tasks'], more: Partial<LabData> = {}): LabData => ({
  title: both('A step', 'Une étape'),
  summary: both('A step.', 'Une étape.'),
  minutes: 5,
  machines: ['server', 'desk'],
  tasks,
  ...more,
})
const check = (file: string) => `async probes => {
  const { code } = await probes.shell.run('test -e ${file}')
  const text = { en: '${file}', fr: '${file}' }
  return code === 0
    ? { status: 'pass', observed: text }
    : { status: 'fail', code: 'missing', expected: text, observed: text }
}`
/** A task that nobody waits for takes its time: what a press on another one must not wait for. */
const slow = `async probes => {
  await probes.until(async () => null, 20000)
  return { status: 'fail', code: 'slow', expected: { en: 'x', fr: 'x' }, observed: { en: 'x', fr: 'x' } }
}`
const lesson = (...tasks: string[]) => `## First\n\n${tasks.map(id => `<Task id="${id}" />`).join('\n\n')}\n`

let site: Awaited<ReturnType<typeof courseSite>>
let course: Course
let engine: Engine
let browser: Browser
let page: Page
let errors: string[]

beforeAll(async () => {
  site = await courseSite([
    {
      id: '05-first',
      lab: data([task('note', '/root/note'), task('never', '/root/never')]),
      lesson: lesson('note', 'never'),
      files: {
        'checks.ts': `export const checks = { note: ${check('/root/note')}, never: ${slow} }`,
        'solution.sh': [
          '#!/bin/bash',
          'echo solved >/root/note',
          '# on: desk',
          'for i in $(seq 600); do [ -e /tmp/refuse ] && { echo refused; exit 7; }; [ -e /tmp/go ] && exit; sleep 0.1; done; exit 1',
        ].join('\n'),
      },
    },
    {
      id: '06-second',
      lab: data([task('more', '/root/more')], { follows: '05-first' }),
      lesson: lesson('more'),
      files: {
        'checks.ts': `export const checks = { more: ${check('/root/more')} }`,
        'start/files.ts':
          "export const files = () => [{ machine: 'server', path: '/root/list', mode: 0o600, content: 'the list' }]",
        'solution.sh': 'touch /root/more\n',
      },
    },
  ])
  const started = Course.start({ LABS_DIR: site.labs, DIST: site.dist }, 'test/small-course.ts')
  ;[course, browser] = await Promise.all([started, openBrowser()])
  engine = (await Engine.connect()) as Engine
  ;({ page, errors } = await openPage(browser, { locale: 'en-GB' }))
}, 300_000)

afterAll(async () => {
  await browser?.close()
  await course?.[Symbol.asyncDispose]()
  await site?.remove()
})

const toPage = (slug: 'first' | 'second', lang = 'en') => page.goto(`${course.url}/${lang}/steps/${slug}/`)
const press = (name: RegExp) => page.getByRole('button', { name }).first().click()
/** Presses what takes the terminals away for a while. */
const pressed = async (name: RegExp) => {
  await press(name)
  await stage().waitFor({ timeout: 30_000 })
}
/** One's own server is opening, or there already. */
const home = () => bar().waitFor({ state: 'detached', timeout: 60_000 })
const bar = () => page.getByRole('progressbar')
const stage = () => page.locator('lab-state .stage')
/** Lets the solution that waits on the desk end, well or not. */
const end = async (file: 'go' | 'refuse') =>
  engine.exec(`ten-${await course.instance()}-home-you-desk`, ['touch', `/tmp/${file}`])
/** The solution is being played on the desk of the new lab. */
const solving = () => stage().getByText('typed on the desk').waitFor({ timeout: 60_000 })
let count = 0
const shows = async (command: string, text: string) => {
  await stage().waitFor({ state: 'hidden', timeout: 90_000 })
  await screen(page).getByText('root@mail').first().waitFor({ timeout: 60_000 })
  // An end of its own: what an earlier command printed is no answer. What is typed to a shell that is gone is dropped.
  count += 1
  let tries = 0
  const typed = async () => {
    await typeLine(page, `clear; ${command}; echo end""ed ${count}`)
    const ended = screen(page).getByText(`ended ${count}`).first()
    return ended.waitFor({ timeout: 5000 }).then(
      () => true,
      async () => {
        tries += 1
        // As a learner would whose terminal is silent.
        if (tries === 6) await page.reload()
        return false
      },
    )
  }
  await expect.poll(typed, { timeout: 90_000 }).toBe(true)
  await screen(page).getByText(text).first().waitFor()
}
const picture = async (name: string) => {
  const folder = process.env.SCREENSHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme })
      await page.evaluate(() => {
        document.documentElement.dataset.frontPane = 'terminal'
      })
      await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png` })
    }
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
}

test('a newcomer enters the second step at once: the first is solved for them, and is not their success', async () => {
  await toPage('second')
  await stage().getByText('has step 5 solved on it').waitFor()
  await picture('closed')
  await press(/open my server/i)
  await solving()
  expect(Number(await bar().getAttribute('aria-valuenow'))).toBeGreaterThan(0)
  expect(await bar().getAttribute('aria-valuetext')).toMatch(/%/)
  const { violations } = await new AxeBuilder({ page }).include('lab-state').analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  await picture('building')
  await end('go')
  await shows('cat /root/note /root/list', 'the list')

  await toPage('first')
  const status = page.locator('lab-tasks task-status[task=note]')
  await expect.poll(() => status.getAttribute('data-look'), { timeout: 30_000 }).toBe('pass')
  await page.getByText('does not count as yours').waitFor()
  expect(await page.evaluate(async () => (await (await fetch('/api/me')).json()).progress)).toEqual({})
}, 300_000)

test('a task’s own button is answered while another task’s check takes its time', async () => {
  await shows('rm /root/note; echo remo""ved', 'removed')
  const other = page.locator('lab-tasks task-status[task=never]')
  await expect.poll(() => other.getAttribute('data-checking'), { timeout: 30_000 }).not.toBeNull()
  const own = page.locator('.task-card button[data-check=note]')
  expect(await own.getAttribute('aria-disabled')).toBe('false')
  await own.click()
  const status = page.locator('lab-tasks task-status[task=note]')
  await expect.poll(() => status.getAttribute('data-look'), { timeout: 10_000 }).toBe('fail')
}, 300_000)

test('starting again offers to keep the server; one goes on with it on the next step, or catches up and comes back', async () => {
  await press(/start again/i)
  await picture('reset')
  await pressed(/keep it/i)
  await shows('ls /root; echo that is mine >/root/own; echo writ""ten', 'written')
  await toPage('second')
  await page.getByText('Your server is at step 5. This page is step 6.').waitFor({ timeout: 30_000 })
  const { violations } = await new AxeBuilder({ page }).include('lab-state').analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  await picture('choice')

  await press(/catch up/i)
  await solving()
  await end('go')
  await shows('cat /root/note /root/list; ls /root/own', 'No such file')
  await press(/my servers/i)
  await picture('kept')
  await pressed(/return to the one of .*step 5/i)
  await shows('cat /root/own', 'that is mine')
  await press(/go on with it/i)
  await page.getByText('Your server is at step 5.').waitFor({ state: 'detached' })
  await shows('cat /root/own /root/list', 'the list')
}, 300_000)

test('what is being built can be given up: one’s server is there again, as it was', async () => {
  await press(/start again/i)
  await press(/keep it/i)
  await solving()
  await press(/stop, and go back/i)
  await home()
  await shows('cat /root/own', 'that is mine')
}, 300_000)

test('a solution that fails is told with what it said, and one click returns', async () => {
  await press(/start again/i)
  await press(/keep it/i)
  await solving()
  await end('refuse')
  await stage().getByText('is not finished').waitFor({ timeout: 30_000 })
  await page.getByText('What it printed last').click()
  await page.getByText('refused', { exact: true }).waitFor()
  await picture('failed')
  await press(/return to my server/i)
  await home()
  await shows('cat /root/own', 'that is mine')
}, 300_000)

test('after our server was killed on the way the page says so, in French too, and one click returns', async () => {
  await press(/start again/i)
  await press(/keep it/i)
  await solving()
  await course.kill('SIGKILL')
  await course.run()
  await toPage('second', 'fr')
  await stage().getByText('s’est arrêté pendant qu’il le montait').waitFor({ timeout: 60_000 })
  await picture('interrupted-fr')
  await press(/revenir à mon serveur/i)
  await home()
  await shows('cat /root/own', 'that is mine')
  expect(errors.filter(error => !/WebSocket|ERR_CONNECTION/.test(error))).toEqual([])
}, 300_000)
