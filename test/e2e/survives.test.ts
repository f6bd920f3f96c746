import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Course, openBrowser, openLab, openPage, screen, typeLine } from '../browser.ts'
import { OwnEngine } from '../own-engine.ts'

let engine: OwnEngine
let course: Course
let browser: Browser
let page: Page

beforeAll(async () => {
  engine = await OwnEngine.start()
  ;[course, browser] = await Promise.all([Course.start({ DOCKER_HOST: engine.address }), openBrowser()])
  ;({ page } = await openPage(browser, { locale: 'en-GB' }))
  await page.goto(`${course.url}/en/steps/fifty-users/`)
  await openLab(page, /open my server/i)
}, 400_000)

afterAll(async () => {
  await browser?.close()
  await course?.[Symbol.asyncDispose]()
  await engine?.[Symbol.asyncDispose]()
})

/** A program that answers each line with what it remembers: only the very same process can give the sum. */
const ADDER = `bash -c 'n=0; while read -r x; do n=$((n + x)); echo sum=$n; done'`

describe('a shell with a running program', () => {
  test('is there again after a reload, with its screen', async () => {
    await typeLine(page, ADDER)
    await typeLine(page, '20')
    await screen(page).getByText('sum=20').waitFor()
    await page.reload()
    await screen(page).getByText('sum=20').waitFor({ timeout: 30_000 })
    await typeLine(page, '3')
    await screen(page).getByText('sum=23').waitFor()
  })

  test('is there again after the line was lost in the middle of typing', async () => {
    await page.locator('.xterm-helper-textarea').first().focus()
    await page.keyboard.type('10')
    await page.context().setOffline(true)
    await page.keyboard.type('0')
    await page.context().setOffline(false)
    await page.keyboard.press('Enter')
    await screen(page).getByText('sum=123').waitFor({ timeout: 30_000 })
  })

  test('is there again after our server was killed in the middle of typing', async () => {
    await page.locator('.xterm-helper-textarea').first().focus()
    await page.keyboard.type('1')
    await course.kill('SIGKILL')
    await page.keyboard.type('00')
    await course.run()
    await page.keyboard.press('Enter')
    await screen(page).getByText('sum=223').waitFor({ timeout: 60_000 })
  })
})

test('after the engine was killed the machines come up with their disks, and a fresh shell says why it is fresh', async () => {
  await page.keyboard.press('Control+c')
  await typeLine(page, 'echo kept >/root/note; sync; clear')
  await engine.kill()
  // In words, not a blank terminal.
  await page
    .getByText(/engine does not answer/i)
    .first()
    .waitFor({ timeout: 30_000 })
  await engine.run()
  await screen(page).getByText('root@mail').first().waitFor({ timeout: 90_000 })
  await page
    .getByText(/new shell/i)
    .first()
    .waitFor({ timeout: 30_000 })
  await typeLine(page, 'cat /root/note')
  await screen(page).getByText('kept').first().waitFor({ timeout: 30_000 })
})

test('a terminal that is closed for good leaves no process behind', async () => {
  await typeLine(page, 'sleep 98765 & sleep 98766')
  const sleeping = () => engine.count('sleep 9876')
  await expect.poll(sleeping, { timeout: 20_000 }).toBe(2)
  await page.locator('.terminal-close').click()
  await expect.poll(sleeping, { timeout: 20_000 }).toBe(0)
})
