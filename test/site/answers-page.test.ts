/** The form of a task that asks for values: a real browser and the server's own room and socket; the engine alone is not there. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import fastifyStatic from '@fastify/static'
import { fastify } from 'fastify'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Probes } from '../../checker/probes/types.ts'
import type { LabData } from '../../checker/step.ts'
import type { Step } from '../../checker/steps.ts'
import type { Lab } from '../../containers/types.ts'
import { LAB_COOKIE } from '../../site/protocol.ts'
import { liveSockets } from '../../site/server/live.ts'
import { EventMail } from '../../site/server/map/event-mail.ts'
import { Room } from '../../site/server/room.ts'
import { Store } from '../../site/server/store.ts'
import { openBrowser, openPage } from '../browser.ts'
import { lab as aLab, labsOf } from '../checker/lab.ts'
import { lessonSite } from './lesson-site.ts'

const both = (en: string, fr = en) => ({ en, fr })
const lab: LabData = {
  title: both('Mail'),
  summary: both('Mail.'),
  minutes: 60,
  machines: ['server', 'desk'],
  tasks: [
    {
      id: 'ask',
      title: both('Ask', 'Demander'),
      goal: both('Ask.'),
      hints: [both('a'), both('b')],
      solution: both('c'),
      questions: [
        { id: 'hops', kind: 'number', text: both('How many hops?', 'Combien d’étapes ?') },
        { id: 'mx', kind: 'text', text: both('Which host?', 'Quel hôte ?') },
        {
          id: 'door',
          kind: 'choice',
          text: both('Is the door open?', 'La porte est-elle ouverte ?'),
          choices: [
            { id: 'open', text: both('open', 'ouverte') },
            { id: 'shut', text: both('shut', 'fermée') },
          ],
        },
      ],
    },
  ],
}
/** What is right depends on the seed, as in the real course. */
const right = (seed: string) => ({
  hops: Number.parseInt(seed.slice(0, 2), 16),
  mx: 'mx.secret.test',
  door: 'open',
})
const step = {
  id: '04-mail',
  number: 4,
  lab,
  files: () => [],
  names: () => ({ records: [], reverse: {} }),
  checks: { ask: async (probes: Probes) => probes.answers.judge(right(probes.lab.seed)) },
} as unknown as Step

let seed = '2a'.padEnd(32, '0')
let open: Lab | null = null
async function begin(next: string): Promise<Lab> {
  seed = next
  open = { ...aLab, seed }
  return open
}
const labs = labsOf(
  {},
  {
    open: () => begin(seed),
    reset: () => begin('07'.padEnd(32, '1')),
    find: async () => open && { ...open, running: true },
  },
)

const app = fastify()
const live = liveSockets()
let data: string
let store: Store
let room: Room
let site: Awaited<ReturnType<typeof lessonSite>>
let browser: Browser
let url: string

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'answers-'))
  store = new Store(data)
  const participant = store.participant('home', 'you')
  const mail = new EventMail(labs, 'home')
  room = new Room({ participant, store, labs, steps: new Map([[step.id, step]]), mail })
  site = await lessonSite(lab, '## Ask\n\n<Task id="ask" />\n')
  await app.register(fastifyStatic, { root: site.dist })
  app.server.on('upgrade', (request, socket, head) => live.upgrade(request, socket, head, room, step))
  url = await app.listen({ host: '127.0.0.1', port: 0 })
  browser = await openBrowser()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  live.close()
  room?.end()
  await app.close()
  store?.close()
  await Promise.all([site?.remove(), rm(data, { recursive: true })])
})

async function visit(lang: 'en' | 'fr', heard: string[] = []): Promise<Page> {
  const { page } = await openPage(browser)
  await page.context().addCookies([{ name: LAB_COOKIE, value: '1', url }])
  page.on('websocket', socket =>
    socket.on('framereceived', frame => {
      heard.push(String(frame.payload))
    }),
  )
  await page.goto(`${url}/${lang}/steps/mail/`)
  return page
}
const marks = (page: Page) => page.locator('task-answers [data-mark]:is(span)').allTextContents()
const send = (page: Page) => page.locator('task-answers button[type=submit]')
const ready = (page: Page) => expect.poll(() => send(page).getAttribute('aria-disabled')).toBe('false')

test('what was typed before the server is open is kept, and judged one by one when it is', async () => {
  const heard: string[] = []
  const page = await visit('en', heard)
  await page.getByLabel('How many hops?').fill('42')
  await page.getByLabel('Which host?').fill('mx.guess.test')
  expect(await page.locator('task-answers').textContent()).toContain('Open your server first')
  await page.reload()
  expect(await page.getByLabel('How many hops?').inputValue()).toBe('42')
  await page.getByRole('button', { name: 'Open my server' }).click()
  await ready(page)
  await page.getByLabel('Which host?').press('Enter')
  await expect.poll(() => marks(page)).toEqual(['right', 'not right', 'not answered'])
  await expect.poll(() => page.locator('task-answers [role=status]').textContent()).toBe('1 of 3 right.')
  expect(await page.getByLabel('Which host?').getAttribute('aria-invalid')).toBe('true')
  // A mark is about what was sent: it goes when that is changed.
  await page.getByLabel('Which host?').fill('mx.other.test')
  expect((await marks(page))[1]).toBe('')
  expect(heard.join()).not.toMatch(/secret|"door":"open"/)
  expect(heard.join()).not.toContain(seed)
  const { violations } = await new AxeBuilder({ page }).include('task-answers').analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  await page.context().close()
})

test('a link to a task scrolls the tasks, never the page', async () => {
  const page = await visit('en')
  await page.setViewportSize({ width: 1440, height: 420 })
  await page.goto(`${url}/en/steps/mail/#task-ask`)
  await page.reload()
  await ready(page)
  const heights = () => page.evaluate(() => [scrollY, document.documentElement.scrollHeight - innerHeight])
  await expect.poll(heights).toEqual([0, 0])
  await page.context().close()
})

test('a number that is none is told before it is sent', async () => {
  const page = await visit('en')
  await ready(page)
  await page.getByLabel('How many hops?').fill('many')
  await send(page).click()
  await expect
    .poll(() => page.locator('task-answers [role=status]').textContent())
    .toBe('A number is expected here.')
  expect(await page.getByLabel('How many hops?').evaluate(node => node === document.activeElement)).toBe(true)
  await page.context().close()
})

test('in another window and language the answers are there; guessing has to wait; the right ones hold', async () => {
  const page = await visit('fr')
  await ready(page)
  await expect.poll(() => page.getByLabel('Quel hôte ?').inputValue()).toBe('mx.guess.test')
  for (const guess of ['a.test', 'b.test']) {
    await ready(page)
    await page.getByLabel('Quel hôte ?').fill(guess)
    await send(page).click()
    await expect.poll(() => marks(page)).toContain('pas juste')
    await expect
      .poll(() => page.locator('task-answers [role=status]').textContent())
      .toContain('sur 3 justes')
  }
  expect(await page.locator('task-answers [data-wait]').textContent()).toMatch(/Prochain essai dans \d s/)
  expect(await send(page).getAttribute('aria-disabled')).toBe('true')
  await expect.poll(() => send(page).getAttribute('aria-disabled'), { timeout: 10_000 }).toBe('false')
  await page.getByLabel('Quel hôte ?').fill(' MX.secret.test. ')
  await page.getByLabel('ouverte', { exact: true }).check()
  await send(page).click()
  await expect.poll(() => marks(page)).toEqual(['juste', 'juste', 'juste'])
  await expect.poll(() => page.locator('lab-tasks task-status').getAttribute('data-look')).toBe('pass')
  await page.context().close()
})

test('starting again forgets all answers, here and on the server', async () => {
  const page = await visit('en')
  await ready(page)
  await expect.poll(() => page.getByLabel('How many hops?').inputValue()).toBe('42')
  await page.getByRole('button', { name: 'Start again from scratch' }).click()
  await page.getByRole('button', { name: 'Erase and start again' }).click()
  await expect.poll(() => page.getByLabel('How many hops?').inputValue()).toBe('')
  expect(await page.getByLabel('open', { exact: true }).isChecked()).toBe(false)
  expect(store.answers(room.participant, '2a'.padEnd(32, '0'), step.id).size).toBe(0)
  await expect.poll(() => marks(page)).toEqual(['', '', ''])
  await page.context().close()
})
