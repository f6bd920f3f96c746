/**
 * The fifth step from end to end, in French: what the page gives as solutions is clicked into the
 * terminal, the form is filled in, a rehearsal survived: ten tasks are green.
 */
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lab } from '../../labs/05-fifty-users/lab.ts'
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

/** Clicks the commands of a task's solution into the server's terminal, runs them, and waits for their end. */
async function run(page: Page, task: string): Promise<void> {
  const type = page.locator(`[data-task=${task}] .solution lab-code`).getByRole('button', {
    name: 'Écrire dans le terminal',
    includeHidden: true,
  })
  // It shows after the hints only; who peeks into the page's source finds it at once.
  await type.first().dispatchEvent('click')
  const last =
    lab.tasks
      .find(({ id }) => id === task)
      ?.solution.fr.split('\n```')[0]
      ?.split('\n')
      .at(-1) ?? ''
  await screen(page).getByText(last.slice(-12)).last().waitFor({ timeout: 90_000 })
  await typeLine(page, ` ; echo ${task}"-done"`)
  await screen(page).getByText(`${task}-done`).last().waitFor({ timeout: 300_000 })
}

/** What is on the screen, row by row, in the page's order of printing. */
const rowsOf = (page: Page): Promise<string[]> =>
  screen(page)
    .locator('> div')
    .allTextContents()
    .then(rows => rows.map(row => row.replaceAll('\u00a0', ' ').trimEnd()))

/** What the screen says of each hour, as the solution's loop printed it. */
async function hours(page: Page): Promise<{ answers: string[]; account: string }> {
  const text = `\n${(await rowsOf(page)).join('\n')}`
  const kinds: [RegExp, string][] = [
    [/statistics/, 'statistics'],
    [/imap-login/, 'client'],
    [/NOQUEUE/, 'attempt'],
    [/deferred/, 'deferred'],
    [/bounced/, 'refused'],
    [/relay=local/, 'received'],
    [/\b1 sasl_username/, 'sent'],
  ]
  const said = Array.from({ length: 8 }, (_, i) => text.split(`\n${i + 1}: `)[1]?.split('\n')[0] ?? '')
  const answers = said.map(one => kinds.find(([pattern]) => pattern.test(one))?.[1] ?? 'hole')
  const account = /sasl_username=(\w+)/.exec(said[answers.indexOf('hole')] ?? '')?.[1] ?? ''
  return { answers, account }
}

test('a learner goes through the step in French, and all ten tasks are green', async () => {
  const { page, errors } = await openPage(browser, {
    locale: 'fr-FR',
    viewport: { width: 1600, height: 1200 },
  })
  await page.goto(`${course.url}/fr/steps/fifty-users/`)
  await openLab(page, 'Ouvrir mon serveur')
  // The first part of the step, with what Debian would ask answered before.
  await typeLine(page, 'export DEBIAN_FRONTEND=noninteractive')
  const parts = [
    'mail-arrives',
    'fifty-accounts',
    'imap-over-tls',
    'certificate',
    'submission',
    'no-open-relay',
    'nobody-writes-as-another',
    'redirections',
  ]
  for (const task of parts) await run(page, task)

  await typeLine(page, 'clear')
  await run(page, 'read-the-logs')
  const { answers, account } = await hours(page)
  const form = page.locator('task-answers[task=read-the-logs]')
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
  for (const [i, answer] of answers.entries())
    await form.locator(`[data-question=hour-${i + 1}] input[value=${answer}]`).check({ force: true })
  await form.locator('[data-question=account] input').fill(account)
  await form.locator('button[type=submit]').click()

  await page.getByRole('tab', { name: 'Bureau' }).click()
  await screen(page).getByText('you@desk').first().waitFor({ timeout: 90_000 })
  await typeLine(page, 'rehearsal')
  await screen(page).getByText('À vous').last().waitFor({ timeout: 240_000 })
  await page.getByRole('tab', { name: 'Serveur' }).first().click()
  await typeLine(page, 'until [ $(mailq | grep -c slow-) -ge 5 ]; do sleep 1; done; echo spam"-waits"')
  await screen(page).getByText('spam-waits').last().waitFor({ timeout: 240_000 })
  await run(page, 'i-am-spamming')

  // The checks run by themselves, some moments after something was typed.
  const looks = () =>
    Promise.all(
      lab.tasks.map(async ({ id }) => {
        const look = await page.locator(`lab-tasks task-status[task=${id}]`).getAttribute('data-look')
        const report = page.locator(`lab-tasks [data-task=${id}] [data-report]`)
        return look === 'pass' ? `${id} pass` : `${id} ${look}: ${await report.textContent()}`
      }),
    )
  await expect
    .poll(looks, { timeout: 300_000, interval: 1000 })
    .toEqual(lab.tasks.map(({ id }) => `${id} pass`))
  expect(errors).toEqual([])
  await page.context().close()
}, 1_200_000)
