import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Course, openBrowser, openLab, openPage, screen, typeLine } from '../browser.ts'

let course: Course
let browser: Browser

beforeAll(async () => {
  ;[course, browser] = await Promise.all([Course.start(), openBrowser()])
})

afterAll(async () => {
  await browser?.close()
  await course?.[Symbol.asyncDispose]()
})

const row = (page: Page, text: RegExp) => page.locator('.map-rows button').filter({ hasText: text }).first()

test('a learner sees a provider fail at their server, then be let in, and their own mail go out or wait', async () => {
  const { page, errors } = await openPage(browser, { locale: 'en-GB' })
  await page.goto(`${course.url}/en/steps/fifty-users/`)
  await openLab(page, /open my server/i)
  await page.locator('[data-pane=map]').click()
  // The checks' first message, from grosmail: nobody listens yet.
  await row(page, /grosmail\.test →(?:to)? you\.test.*(refused|put off)/).waitFor({ timeout: 60_000 })
  await row(page, /grosmail\.test →(?:to)? you\.test.*(refused|put off)/).click()
  await page
    .getByRole('dialog')
    .getByText(/connection refused/i)
    .first()
    .waitFor()
  await page.keyboard.press('Escape')

  const answers = [
    'postfix postfix/main_mailer_type select Internet Site',
    'postfix postfix/mailname string you.test',
  ]
  await typeLine(page, `printf '%s\\n' '${answers.join("' '")}' | debconf-set-selections`)
  await typeLine(
    page,
    'apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y postfix; echo all-in"stalled"',
  )
  await screen(page).getByText('all-installed').first().waitFor({ timeout: 120_000 })
  await typeLine(
    page,
    "postconf -e 'mydestination = you.test, localhost' inet_interfaces=all && adduser --disabled-password --comment S sasha; service postfix restart",
  )

  // What the provider takes it says itself, once; what nobody took stands in the server's own log alone.
  await typeLine(
    page,
    "printf 'Subject: hi\\n\\nhi\\n' | sendmail friend@grosmail.test; printf 'Subject: hi\\n\\nhi\\n' | sendmail friend@nowhere.test",
  )
  await row(page, /you\.test →(?:to)? grosmail\.test/).waitFor({ timeout: 30_000 })
  await row(page, /you\.test →(?:to)? nobody here.*refused/).waitFor({ timeout: 30_000 })
  expect(
    await page
      .locator('.map-rows button')
      .filter({ hasText: /you\.test →(?:to)? grosmail\.test/ })
      .count(),
  ).toBe(1)
  await row(page, /you\.test →(?:to)? nobody here/).click()
  await page.getByRole('dialog').getByText('As written in the log of you.test').waitFor()
  await page.keyboard.press('Escape')
  // The checks go on by themselves after typing: grosmail's message is accepted now.
  await row(page, /grosmail\.test →(?:to)? you\.test.*accepted/).waitFor({ timeout: 90_000 })
  expect(errors).toEqual([])

  const other = await openPage(browser, { locale: 'en-GB' })
  await other.page.goto(`${course.url}/en/map/`)
  await row(other.page, /grosmail\.test →(?:to)? you\.test.*accepted/).waitFor()
  await other.page.context().close()
  await page.context().close()
}, 400_000)
