/** A lesson with pictures in a real browser, as a reading copy: no lab, no server. */
import { AxeBuilder } from '@axe-core/playwright'
import fastifyStatic from '@fastify/static'
import { fastify } from 'fastify'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LabData } from '../../checker/step.ts'
import { openBrowser, openPage } from '../browser.ts'
import { lessonSite } from './lesson-site.ts'

const app = fastify()
let site: Awaited<ReturnType<typeof lessonSite>>
let browser: Browser
let url: string

const both = (en: string) => ({ en, fr: en })
const task = {
  id: 'one',
  title: both('One'),
  goal: both('One'),
  hints: [both('a'), both('b')],
  solution: both('c'),
}
const lab: LabData = {
  title: both('Mail'),
  summary: both('Mail.'),
  minutes: 60,
  machines: ['desk'],
  tasks: [task],
}
const lesson = '## Pictures\n\n<Picture name="imap" />\n\n<Picture name="relay" />\n\n<Task id="one" />\n'

beforeAll(async () => {
  site = await lessonSite(lab, lesson)
  await app.register(fastifyStatic, { root: site.dist })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
  browser = await openBrowser()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await app.close()
  await site?.remove()
})

const picture = (page: Page, name: string) => page.locator(`mail-picture[scene=${name}]`)

test('switches work by keyboard, and the result is said in words', async () => {
  const { page, errors } = await openPage(browser)
  await page.goto(`${url}/en/steps/mail/`)
  const imap = picture(page, 'imap')
  const result = imap.getByRole('status')
  await expect.poll(() => result.textContent()).toContain('[KO]')
  expect(await result.textContent()).toContain('Connection timed out')
  // As long as they are drawn without their script the switches are disabled, and take no focus.
  await expect.poll(() => imap.getByLabel('The router redirects 993').isEnabled()).toBe(true)
  await imap.getByLabel('The router redirects 993').focus()
  await page.keyboard.press('Space')
  await expect.poll(() => result.textContent()).toContain('[OK]')
  await imap.getByLabel('993, TLS').focus()
  await page.keyboard.press('ArrowUp')
  await expect.poll(() => result.textContent()).toContain('[KO]')
  expect(errors).toEqual([])
  await page.context().close()
})

test('the envelope travels, and jumps where motion is not wanted', async () => {
  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    const { page } = await openPage(browser, { reducedMotion })
    await page.goto(`${url}/en/steps/mail/`)
    const relay = picture(page, 'relay')
    await relay.getByRole('radio', { name: 'a member at home' }).check()
    const moving = await relay.locator('.envelope').evaluate(node => node.getAnimations().length)
    expect(moving > 0).toBe(reducedMotion === 'no-preference')
    await page.context().close()
  }
})

test('without scripts and on paper the picture and its first result are there', async () => {
  const { page } = await openPage(browser, { javaScriptEnabled: false, locale: 'fr-FR' })
  await page.goto(`${url}/fr/steps/mail/`)
  await page.emulateMedia({ media: 'print' })
  const relay = picture(page, 'relay')
  expect(await relay.locator('.envelope').isVisible()).toBe(true)
  expect(await relay.getByRole('status').textContent()).toContain('Un relais ouvert')
  expect(await relay.getByLabel('membre, ailleurs').isDisabled()).toBe(true)
  expect(await relay.getByRole('button').isVisible()).toBe(false)
  await page.context().close()
})

test('nobody is shut out, in either theme', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await openPage(browser, { colorScheme })
    await page.goto(`${url}/fr/steps/mail/`)
    const { violations } = await new AxeBuilder({ page }).include('mail-picture').analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([])
    await page.context().close()
  }
})
