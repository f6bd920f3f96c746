/** Step 4 as a learner goes through it, in English: reads, operates a picture, types at the desk, fills in the forms. */
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reverseName } from '../../containers/internet/zones.ts'
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

const TASKS = [
  'a-name-for-the-server',
  'ask-the-dns',
  'smtp-by-hand',
  'read-the-replies',
  'imap-by-hand',
  'doors',
]
/** The keys of a line this short still take fingers half a second. */
const LINE_MS = 500

const rows = async (page: Page): Promise<string> =>
  (await screen(page).locator('> div').allTextContents()).map(row => row.trimEnd()).join('\n')

let number = 0
/** Types a command at the desk's prompt and gives what it printed. */
async function ask(page: Page, command: string): Promise<string> {
  const mark = `${++number}`
  await typeLine(page, `clear; ${command}; echo "=${mark}="`)
  const printed = new RegExp(`^([^]*?)^=${mark}=$`, 'm')
  await expect.poll(() => rows(page), { timeout: 60_000 }).toMatch(printed)
  return (printed.exec(await rows(page))?.[1] ?? '').trim()
}

/** Types a line into a conversation, as people do, and gives the first row said to it that begins so. */
async function say(page: Page, line: string, answer: RegExp): Promise<string> {
  await page.locator('.terminal-panels [role=tabpanel]:not([hidden]) .xterm-helper-textarea').focus()
  await page.keyboard.type(line, { delay: LINE_MS / line.length })
  await page.keyboard.press('Enter')
  // A long line is broken over two rows.
  const typed = new RegExp(`^${[...line].map(key => key.replace(/[^\w]/, '\\$&')).join('\\n?')}$`, 'gm')
  const said = async () => {
    const text = await rows(page)
    const last = [...text.matchAll(typed)].at(-1)
    return last && answer.exec(text.slice(last.index + last[0].length))?.[0]
  }
  await expect.poll(said, { timeout: 60_000 }).toBeDefined()
  return (await said()) ?? ''
}

/** nc does not notice that the other side has hung up; Ctrl-C brings the prompt back. */
async function quit(page: Page): Promise<void> {
  await say(page, 'QUIT', /^221 /m)
  await page.keyboard.press('Control+c')
}

async function fill(page: Page, task: string, answers: Record<string, string>): Promise<void> {
  const drawer = page.locator(`#task-${task}`)
  if (!(await drawer.locator('form').isVisible())) await drawer.locator('summary').first().click()
  for (const [question, value] of Object.entries(answers)) {
    const field = drawer.locator(`[data-question="${question}"]`)
    const choice = field.locator(`input[value="${value}"]`)
    if (await choice.count()) await choice.check()
    else await field.locator('input').fill(value)
  }
  await drawer.locator('button[type=submit]').click()
}

test('all six tasks turn green for someone who reads, types and answers', async () => {
  const { page, errors } = await openPage(browser, { locale: 'en-GB' })
  await page.goto(`${course.url}/en/steps/how-mail-works/`)

  // At home, the first picture: nothing comes in before the router is told.
  const picture = page.locator('mail-picture[scene=imap]')
  await expect.poll(() => picture.getByRole('status').textContent()).toContain('[KO]')
  await picture.getByLabel('The router redirects 993').check()
  await expect.poll(() => picture.getByRole('status').textContent()).toContain('[OK]')

  await openLab(page, /open my server/i)
  await page.getByRole('tab', { name: /desk/i }).click()
  await screen(page).getByText('you@desk').first().waitFor({ timeout: 30_000 })
  const slip = async (name: string) =>
    Object.fromEntries(
      (await ask(page, `cat /srv/slips/${name}.txt`))
        .split('\n')
        .map(line => line.split('=') as [string, string]),
    )

  // A name for the server.
  const { name, ipv4 = '', ipv6 = '' } = await slip('server')
  await typeLine(page, 'clear; nsupdate -k ~/registrar.key')
  for (const line of [
    'server ns.nic.test',
    `update add ${name}. 300 A ${ipv4}`,
    `update add ${name}. 300 AAAA ${ipv6}`,
    `update add you.test. 300 MX 10 ${name}.`,
    'send',
    ...[ipv4, ipv6].flatMap(one => [`update add ${reverseName(one)} 300 PTR ${name}.`, 'send']),
    'quit',
  ])
    await typeLine(page, line)
  expect(await ask(page, 'dig +short you.test MX')).toBe('10 mail.you.test.')

  // Ask the DNS.
  const asked = await slip('dns')
  const [preference = '', exchanger = ''] = (await ask(page, `dig +short ${asked.mx} MX`)).split(' ')
  const spf = (await ask(page, `dig +short ${asked.spf} TXT | grep spf1`)).replaceAll('"', '')
  const host = (await ask(page, `dig +short ${asked.reverse} MX`)).split(' ')[1] ?? ''
  const address = await ask(page, `dig +short ${host} ${asked.family === 'IPv4' ? 'A' : 'AAAA'}`)
  const strangers = { '-': 'refuse', '~': 'suspect', '?': 'nothing' }[spf.at(-4) ?? ''] ?? 'silent'
  const back = await ask(page, `dig +short -x ${address}`)
  await fill(page, 'ask-the-dns', { exchanger, preference, spf, strangers, address, reverse: back })

  // Speak SMTP by hand; copine.test lets strangers wait.
  const { from, to } = await slip('letter')
  const REPLY = /^\d{3} .*/m
  await typeLine(page, 'clear; nc -C mx.copine.test 25')
  await screen(page).getByText('220 mx.copine.test').first().waitFor()
  await say(page, 'EHLO desk.you.test', REPLY)
  await say(page, `MAIL FROM:<${from}>`, REPLY)
  await expect
    .poll(() => say(page, `RCPT TO:<${to}>`, REPLY), { timeout: 60_000, interval: 3000 })
    .toMatch(/^250/)
  await say(page, 'DATA', REPLY)
  for (const line of ['From: The Moon <lune@espace.test>', 'To: Nobody <nobody@nowhere.test>', '', 'Hello.'])
    await typeLine(page, line)
  expect(await say(page, '.', REPLY)).toMatch(/^250/)
  await quit(page)

  // Read the replies.
  await typeLine(page, 'clear; nc -C mx.grosmail.test 25')
  await screen(page).getByText('220 mx.grosmail.test').first().waitFor()
  await say(page, 'EHLO desk.you.test', REPLY)
  await say(page, `MAIL FROM:<${from}>`, REPLY)
  expect(await say(page, 'RCPT TO:<overflowing@grosmail.test>', REPLY)).toMatch(/^4/)
  expect(await say(page, 'RCPT TO:<friend@elsewhere.test>', REPLY)).toMatch(/^5/)
  await quit(page)
  const again = (await ask(page, "grep '^.  4' /srv/slips/replies.txt | cut -c1")).replaceAll('\n', ' ')
  await fill(page, 'read-the-replies', { again, told: 'envelope' })

  // Speak IMAP by hand.
  const [login = '', password = '', imap = ''] = (await ask(page, 'grep agrume ~/mailboxes.txt')).split(/\s+/)
  await typeLine(page, `clear; openssl s_client -quiet -crlf -connect ${imap}:993`)
  await screen(page).getByText('Dovecot ready').first().waitFor({ timeout: 20_000 })
  await say(page, `a LOGIN ${login} ${password}`, /Logged in/)
  await say(page, 'b EXAMINE INBOX', /^b OK/m)
  const flagged = /^\* SEARCH (\d+)/.exec(await say(page, 'c SEARCH FLAGGED', /^\* SEARCH.*/m))?.[1] ?? ''
  const word = (await say(page, 'd FETCH 3 BODY.PEEK[TEXT]', /^The word is.*/m)).split(' : ')[1] ?? ''
  await say(page, 'e LOGOUT', /^e OK/m)
  await fill(page, 'imap-by-hand', { word, flagged })

  // Doors.
  const { house } = await slip('house')
  const stands: Record<string, string> = {}
  let certificate = ''
  for (const port of [25, 465, 587, 143, 993]) {
    const type = port === 143 || port === 993 ? 'imap' : 'smtp'
    const knock = async (how: string) => {
      const seen = await ask(
        page,
        `timeout 15 openssl s_client -connect ${house}:${port} ${how} -brief </dev/null 2>&1 | grep -o 'certificate: .*\\|refused' | head -1`,
      )
      certificate = /certificate: CN ?= ?(.*)/.exec(seen)?.[1] ?? certificate
      return seen
    }
    const first = await knock('')
    if (first.includes('refused')) stands[`port-${port}`] = 'closed'
    else if (first.includes('CN')) stands[`port-${port}`] = 'tls'
    else stands[`port-${port}`] = (await knock(`-starttls ${type}`)).includes('CN') ? 'starttls' : 'clear'
  }
  await fill(page, 'doors', { ...stands, certificate })

  for (const task of TASKS) {
    const status = page.locator(`lab-tasks task-status[task=${task}]`)
    await expect.poll(() => status.getAttribute('data-look'), { timeout: 90_000, message: task }).toBe('pass')
  }
  expect(errors).toEqual([])
  await page.context().close()
}, 300_000)
