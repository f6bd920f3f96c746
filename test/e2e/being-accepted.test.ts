/**
 * Step 6 as a learner goes through it, in English, on a fresh installation: step 5 is caught up with, what the page
 * gives as solutions is clicked into both terminals, the form is filled in, and all nine tasks are green.
 */
import type { Browser, Locator, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lab } from '../../labs/06-being-accepted/lab.ts'
import { Course, openBrowser, openPage, screen, typeLine } from '../browser.ts'

const MINUTE = 60_000

let course: Course
let browser: Browser
let page: Page
let errors: string[]

beforeAll(async () => {
  ;[course, browser] = await Promise.all([Course.start(), openBrowser()])
  ;({ page, errors } = await openPage(browser, {
    locale: 'en-GB',
    viewport: { width: 1600, height: 1200 },
  }))
})

afterAll(async () => {
  await browser?.close()
  await course?.[Symbol.asyncDispose]()
})

type Task = (typeof lab.tasks)[number]['id']
type Machine = 'server' | 'desk'

/** All that is on the screen, without the breaks and blanks that depend on its width. */
const seen = async () => (await screen(page).locator('> div').allTextContents()).join('').replace(/\s/g, '')

const on = (machine: Machine) =>
  page
    .getByRole('tab', { name: machine === 'server' ? /server/i : /desk/i })
    .first()
    .click()

let count = 0
/** Ends what stands at the prompt, runs it, and gives what it printed, without blanks. */
async function end(rest: string, budget = 2 * MINUTE): Promise<string> {
  const [begin, done] = [`<${++count}>`, `</${count}>`]
  await typeLine(page, `${rest}echo "${begin}""${done}"`)
  await expect.poll(seen, { timeout: budget }).toContain(`${begin}${done}`)
  return (await seen()).split(`${begin}${done}`)[0] ?? ''
}

/** Types a command on a machine, and gives what it printed. */
async function ask(machine: Machine, command: string, budget?: number): Promise<string> {
  await on(machine)
  await typeLine(page, `clear; echo "=""${count}="`)
  await expect.poll(seen, { timeout: MINUTE }).toContain(`=${count}=`)
  await page.keyboard.type(command)
  return end('; ', budget)
}

const blockOf = (task: Task, part: number): Locator =>
  page.locator(`[data-task=${task}] .solution lab-code`).nth(part)
const commandsOf = async (task: Task, part: number) =>
  (await blockOf(task, part).locator('pre .code').allTextContents()).map(line => line.replace(/\n$/, ''))

/** Clicks a block of a task's solution into its machine's terminal, and runs it to its end. */
async function run(task: Task, part = 0): Promise<string> {
  const last = (await commandsOf(task, part)).at(-1) ?? ''
  // It shows after the hints only; who peeks into the page's source finds it at once.
  await blockOf(task, part)
    .getByRole('button', { name: 'Type into the terminal', includeHidden: true })
    .dispatchEvent('click')
  await expect.poll(seen, { timeout: 2 * MINUTE }).toMatch(tail(last))
  // Behind the end of a here-document stands nothing else.
  if (last !== 'END') return end(' ; ', 5 * MINUTE)
  await page.keyboard.press('Enter')
  return end('')
}
const tail = (line: string) => new RegExp(`${line.replace(/\s/g, '').slice(-20).replace(/\W/g, '\\$&')}$`)

/** The public key that the server's screen shows, as nsupdate wants it. */
const keyIn = (text: string) =>
  [...text.matchAll(/"v=DKIM1;[^"]*"(?:"[^"]*")+/g)].at(-1)?.[0].replaceAll('""', '" "') ?? ''

/** Types the block that publishes a key, with the key where the block has a word for it. */
async function publish(selector: string, key: string): Promise<void> {
  expect(key).toContain('"p=')
  await on('desk')
  for (const line of await commandsOf('dkim', 1))
    await typeLine(page, line.replace('autumn', selector).replace('WHAT-THE-SERVER-SHOWED', key))
  await end('')
}

const look = (task: string) => page.locator(`lab-tasks task-status[task=${task}]`).getAttribute('data-look')

test('a newcomer to the step catches up, goes through it, and all nine tasks are green', async () => {
  await page.goto(`${course.url}/en/steps/being-accepted/`)
  await page.locator('lab-state .stage').getByText('has step 5 solved on it').waitFor()
  await page.getByRole('button', { name: /open my server/i }).click()
  await page.getByRole('progressbar').waitFor({ timeout: MINUTE })
  await screen(page)
    .getByText('root@mail')
    .first()
    .waitFor({ timeout: 8 * MINUTE })
  await ask('server', 'export DEBIAN_FRONTEND=noninteractive')
  await run('no-backscatter')
  await run('spf')
  await run('reverse-names')

  // Letters to traps leave; cron has begun what sends them within a minute.
  await ask('server', 'until grep trap- /var/log/mail.log; do sleep 1; done', 3 * MINUTE)
  await run('off-the-blocklist')

  // One key signs, then another one, published before it does.
  await publish('autumn', keyIn(await run('dkim')))
  const toGrosmail = 'to=<you@grosmail.test>'
  await ask('server', `mail -s Autumn -r "sasha@$(hostname -d)" you@grosmail.test <<< 'By the first key.'`)
  await ask('server', `until grep -q '${toGrosmail}.*status=sent' /var/log/mail.log; do sleep 1; done`)
  const [make = '', own = '', show = ''] = (await commandsOf('dkim', 0))
    .filter(line => /^(opendkim-genkey|chown|grep)/.test(line))
    .map(line => line.replace('autumn', 'winter'))
  await publish('winter', keyIn(await ask('server', `cd /etc/dkimkeys; ${make}; ${own}; ${show}`)))
  await ask('server', 'sed -i s/autumn/winter/ /etc/opendkim.conf; service opendkim restart')

  // Reports take half a minute, the sixty letters a whole one: the rest of the step is done meanwhile.
  await run('dmarc', 0)
  await run('dmarc', 1)
  await run('three-a-second')
  await run('outgoing-gateway', 0)
  await run('outgoing-gateway', 1)
  await run('checked-tls', 0)
  await run('checked-tls', 1)
  await run('checked-tls', 2)
  // Half a minute without a letter to a trap has to be over; who asks too early is told to wait.
  await ask('desk', 'clear')
  const asked = { timeout: 3 * MINUTE, interval: 10_000 }
  await expect
    .poll(async () => (await run('off-the-blocklist', 1)).split('#half').at(-1), asked)
    .not.toMatch(/Notdelisted|amomentago/)

  await ask(
    'server',
    "until grep -lq 'DMARC aggregate' /home/sasha/Maildir/*/*; do sleep 1; done",
    3 * MINUTE,
  )
  // The first report may be from before the forgery; the next one comes half a minute after the last letter.
  const failing = /<source_ip>([^<]*)<\/source_ip>(?:(?!<source_ip>).)*<dkim>fail<\/dkim><spf>fail</
  let source: string | undefined
  const named = async () => {
    source = failing.exec(await run('dmarc', 2))?.[1]
    return source
  }
  await expect.poll(named, { timeout: 5 * MINUTE, interval: 5000 }).toBeDefined()
  const form = page.locator('task-answers[task=dmarc]')
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
  await form.locator('[data-question=source] input').fill(source ?? '')
  await form.locator('button[type=submit]').click()
  await ask('server', 'while mailq | grep -q guest-; do sleep 1; done', 4 * MINUTE)

  // The checks run by themselves, some moments after something was typed.
  const looks = () => Promise.all(lab.tasks.map(async ({ id }) => `${id} ${await look(id)}`))
  await expect
    .poll(looks, { timeout: 5 * MINUTE, interval: 1000 })
    .toEqual(lab.tasks.map(({ id }) => `${id} pass`))
  expect(errors).toEqual([])
  await page.context().close()
}, 1_200_000)
