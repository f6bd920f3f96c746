import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DIST } from '../../site/bin/site-build.ts'
import { Course, openBrowser, openLab, openPage } from '../browser.ts'

let course: Course
let browser: Browser

beforeAll(async () => {
  ;[course, browser] = await Promise.all([Course.start(), openBrowser()])
})

afterAll(async () => {
  await browser?.close()
  await course?.[Symbol.asyncDispose]()
})

const pages = [
  '/en/',
  '/fr/',
  '/en/steps/fifty-users/',
  '/fr/steps/fifty-users/',
  '/en/map/',
  '/en/registrar/',
  '/en/blocklist/',
  '/fr/map/',
  '/fr/registrar/',
  '/fr/blocklist/',
  '/en/nothing',
  '/fr/rien',
]

describe.each(['light', 'dark'] as const)('in %s', colorScheme => {
  test.each(pages)('axe finds no serious issue on %s', async path => {
    const { page, errors } = await openPage(browser, { colorScheme })
    await page.goto(course.url + path)
    const { violations } = await new AxeBuilder({ page }).analyze()
    const serious = violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
    expect(serious.map(v => `${v.id}: ${v.nodes.map(n => n.html.slice(0, 120)).join(' | ')}`)).toEqual([])
    // A page that is not there is said to be so in the console by the browser itself.
    expect(errors.filter(error => !/404/.test(error))).toEqual([])
    await page.context().close()
  })
})

test.each([1440, 1024, 390])('nothing is wider than the window at %i pixels', async width => {
  const { page } = await openPage(browser, { viewport: { width, height: 800 } })
  for (const path of pages) {
    await page.goto(course.url + path)
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    ).toBeLessThanOrEqual(0)
  }
  await page.context().close()
})

test('the lesson without an open terminal loads less than 100 kB of script, compressed', async () => {
  const { page } = await openPage(browser)
  const scripts = new Set<string>()
  page.on('response', response => {
    if (response.request().resourceType() === 'script') scripts.add(new URL(response.url()).pathname)
  })
  await page.goto(`${course.url}/en/steps/fifty-users/`, { waitUntil: 'networkidle' })
  const sizes = [...scripts].map(path => gzipSync(readFileSync(DIST + path)).length)
  expect(scripts.size).toBeGreaterThan(0)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(100_000)
  await page.context().close()
})

test('the keyboard gets into the terminal and out again, and axe finds nothing serious with it open', async () => {
  const { page } = await openPage(browser, { locale: 'en-GB' })
  await page.goto(`${course.url}/en/steps/fifty-users/`)
  await openLab(page, /open my server/i)
  const inside = () =>
    page.evaluate(() => document.activeElement?.classList.contains('xterm-helper-textarea'))
  await page.locator('.terminal-panels [role=tabpanel]:not([hidden]) .xterm-helper-textarea').focus()
  await page.keyboard.press('Tab')
  expect(await inside()).toBe(true)
  await page.keyboard.press('Control+Shift+Escape')
  expect(await inside()).toBe(false)
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(
    violations
      .filter(v => v.impact === 'serious' || v.impact === 'critical')
      .map(v => `${v.id}: ${v.nodes[0]?.html}`),
  ).toEqual([])
  await page.context().close()
})
