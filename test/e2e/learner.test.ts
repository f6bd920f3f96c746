import type { Browser } from 'playwright'
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

test('a newcomer opens the page, opens a server, types the first task, and sees it go green', async () => {
  const { page, errors } = await openPage(browser, { locale: 'en-GB' })
  await page.goto(course.url)
  await page.waitForURL('**/en/')
  await page
    .getByRole('link', { name: /fifty users/i })
    .first()
    .click()
  await page.waitForURL('**/en/steps/fifty-users/')
  const status = page.locator('lab-tasks task-status[task=mail-arrives]')

  await openLab(page, /open my server/i)
  await expect.poll(() => status.getAttribute('data-look'), { timeout: 60_000 }).toBe('fail')

  // What the lesson's first chapter asks for, in a beginner's words.
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
  await typeLine(page, 'adduser --disabled-password --comment Sasha sasha')
  await typeLine(
    page,
    "postconf -e 'home_mailbox = Maildir/' 'mydestination = $mydomain, $myhostname, localhost'",
  )
  await typeLine(
    page,
    'postconf -e mydomain=you.test myhostname=mail.you.test inet_interfaces=all && service postfix restart',
  )

  await expect.poll(() => status.getAttribute('data-look'), { timeout: 90_000 }).toBe('pass')
  expect(errors).toEqual([])

  // It goes red again when what it checks breaks, and the first success stays.
  await typeLine(page, 'service postfix stop')
  await expect.poll(() => status.getAttribute('data-look'), { timeout: 90_000 }).toMatch(/fail|again/)
  const me = await page.evaluate(async () => (await fetch('/api/me')).json())
  expect(Object.keys(me.progress['05-fifty-users'])).toContain('mail-arrives')
  await page.context().close()
}, 400_000)

test('the same step in French: the lab is there, and the switch of language stays on the page', async () => {
  const { page, errors } = await openPage(browser, { locale: 'fr-FR' })
  await page.goto(course.url)
  await page.waitForURL('**/fr/')
  await page.goto(`${course.url}/fr/steps/fifty-users/`)
  await screen(page).getByText('root@mail').first().waitFor({ timeout: 30_000 })
  // The first shell is the one of before, in English; a new one speaks the page's language.
  await page.locator('.terminal-more').first().click()
  await screen(page).getByText('root@mail').first().waitFor({ timeout: 30_000 })
  await typeLine(page, 'ls /nulle-part')
  await screen(page).getByText('Aucun fichier ou dossier').first().waitFor()
  await page.locator('a[data-language]').click()
  await page.waitForURL('**/en/steps/fifty-users/**')
  expect(errors).toEqual([])
  await page.context().close()
})

test('a click on a code block types it into the machine that it names', async () => {
  const { page } = await openPage(browser, { locale: 'en-GB' })
  await page.goto(`${course.url}/en/steps/fifty-users/`)
  await screen(page).getByText('root@mail').first().waitFor({ timeout: 30_000 })
  const block = page.locator('lab-code', { has: page.getByRole('button', { name: /type/i }) }).first()
  const code = ((await block.locator('pre').first().textContent()) ?? '').trim().split('\n')[0] ?? ''
  await block.getByRole('button', { name: /type/i }).first().click()
  await screen(page).getByText(code.slice(0, 20)).first().waitFor()
  await page.context().close()
})
