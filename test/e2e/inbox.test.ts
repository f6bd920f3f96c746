/** The page of one's mailboxes at the providers, in a real browser, with mail that a real desk handed over. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Engine } from '../../containers/docker.ts'
import type { MailDetail, PersonAnswer, Verdict } from '../../site/protocol.ts'
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

async function onTheDesk(script: string, input: string): Promise<string> {
  const store = new DatabaseSync(join(course.dataDir, 'course.sqlite'), { readOnly: true })
  const { value } = store.prepare(`SELECT value FROM setting WHERE name = 'instance'`).get() as {
    value: string
  }
  store.close()
  const engine = await Engine.connect()
  const done = await engine?.exec(`ten-${value}-home-you-desk`, ['bash', '-c', script], { input })
  expect(done?.code, done?.stderr).toBe(0)
  return done?.stdout ?? ''
}

const write = (to: string, message: string) =>
  onTheDesk(
    `cat >/tmp/m.eml; swaks --silent 2 -s mx.grosmail.test -tls -f you@you.test -t '${to}' -d @/tmp/m.eml`,
    message,
  )

async function serious(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(v => v.impact === 'serious' || v.impact === 'critical')
    .map(v => `${v.id}: ${v.nodes.map(n => n.html.slice(0, 120)).join(' | ')}`)
}

test('says that there are no mailboxes before the server is open', async () => {
  const { page, errors } = await openPage(browser, { locale: 'en-GB' })
  await page.goto(`${course.url}/en/inbox/`)
  await page.getByText('Your mailboxes are made when your server opens').waitFor()
  expect(await serious(page)).toEqual([])
  expect(errors).toEqual([])
  await page.context().close()
})

test('shows a message as text, marks it read, moves it to Junk and back, and deletes it', async () => {
  const { page, errors } = await openPage(browser, { locale: 'en-GB' })
  await page.goto(`${course.url}/en/steps/fifty-users/`)
  await openLab(page, /open my server/i)
  // grosmail lets into the inbox what SPF vouches for.
  await onTheDesk(
    'nsupdate -k /home/you/registrar.key',
    'server ns.nic.test\nzone you.test\nupdate add you.test 300 TXT "v=spf1 a:desk.you.test -all"\nsend\n',
  )
  await write(
    'you@grosmail.test',
    'Date: Sat, 21 Nov 2026 10:00:00 +0000\nFrom: Zoe <zoe@you.test>\nTo: you@grosmail.test\nSubject: <b>First</b>\nContent-Type: text/html\n\n<h1>Hello</h1><img src=x onerror="document.title=1"><script>document.title=2</script>\n',
  )
  await page.goto(`${course.url}/en/inbox/`)
  const letter = page.locator('.envelope')
  await letter.waitFor()
  expect(await letter.textContent()).toContain('<b>First</b>')
  expect(await page.getByRole('button', { name: /grosmail\.test.*1 unread/ }).count()).toBe(1)

  // With the keyboard alone.
  await letter.focus()
  await page.keyboard.press('Enter')
  await page.locator('h2', { hasText: '<b>First</b>' }).waitFor()
  expect(await page.evaluate(() => document.activeElement?.className)).toBe('message-title')
  expect(await page.locator('.letter').textContent()).toBe('Hello')
  expect(await page.locator('.message-sheet :is(img, script, h1)').count()).toBe(0)
  expect(await page.locator('.facts').textContent()).toMatch(
    /from <you@you\.test>, handed over by .*encrypted/,
  )
  await expect.poll(() => page.locator('.envelope.unread').count()).toBe(0)
  expect(await serious(page)).toEqual([])

  await page.getByRole('button', { name: 'This is spam' }).click()
  await page.getByRole('status').filter({ hasText: 'Moved to Junk' }).waitFor()
  expect(await page.locator('.envelope .fate').textContent()).toBe('junk')
  await letter.click()
  await page.getByText('You moved it: it lies in Junk now.').waitFor()
  await page.getByRole('button', { name: 'This is not spam' }).click()
  await page.getByRole('status').filter({ hasText: 'Moved to the inbox' }).waitFor()
  await letter.click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Delete for good?' }).click()
  await page.getByText('Nothing has arrived here yet.').waitFor()
  expect(errors).toEqual([])
  await page.context().close()
})

test("opens no other mailbox than one's own, and takes no order from another site", async () => {
  const ask = async (path: string, options: RequestInit = {}) => {
    const answer = await fetch(`${course.url}/api/inbox${path}`, options)
    return [answer.status, ((await answer.json()) as { code: string }).code]
  }
  expect(await ask('/grosmail/nothing')).toEqual([404, 'no-message'])
  expect(await ask('/pourriel/nothing')).toEqual([400, 'bad-request'])
  expect(await ask(`/grosmail/${encodeURIComponent('../../../people')}`)).toEqual([404, 'no-message'])
  expect(await ask('/grosmail/x', { method: 'DELETE' })).toEqual([403, 'wrong-origin'])
})

describe('with verdicts of every kind', () => {
  const verdict: Verdict = {
    fate: 'spam',
    reasons: [
      {
        rule: 'spf-none',
        text: {
          en: 'you.test says nothing about who may send for it.',
          fr: 'you.test ne dit pas qui peut envoyer en son nom.',
        },
      },
    ],
    authentication: {
      spf: 'none',
      dkim: 'pass',
      dmarc: 'fail',
      arc: 'none',
      header: 'grosmail.test; spf=none smtp.mailfrom=you@you.test; dkim=pass header.d=you.test',
    },
    transcript: 'S: 220 grosmail.test ready\nC: EHLO mail.you.test',
  }
  const detail: MailDetail = {
    id: '1.x',
    folder: 'junk',
    from: 'You <you@you.test>',
    to: 'you@grosmail.test',
    subject: 'Assemblée générale de samedi',
    at: Date.UTC(2026, 10, 21, 9, 30),
    size: 1200,
    unread: false,
    flags: ['\\Seen'],
    verdict,
    headers: [{ name: 'Subject', value: 'Assemblée générale de samedi' }],
    text: 'Bonjour,\n\nrendez-vous à dix heures au hangar.\n\nYou',
    attachments: [{ name: 'ordre-du-jour.pdf', type: 'application/pdf', size: 48211 }],
    source: 'Subject: …\n\nBonjour',
    envelope: { from: 'you@you.test', helo: 'mail.you.test', remoteAddress: '198.18.0.16', tls: true },
  }
  const inbox: PersonAnswer = {
    mailboxes: [
      {
        provider: 'grosmail',
        address: 'you@grosmail.test',
        messages: [detail, { ...detail, id: '2.x', folder: 'inbox', unread: true, subject: 'Essai' }],
      },
      { provider: 'copine', address: 'you@copine.test', messages: [] },
    ],
    refused: [
      {
        id: 7,
        at: detail.at,
        from: 'mail.you.test',
        to: 'agrume.test',
        envelope: { from: 'you@you.test', to: ['karim.benali@agrume.test'] },
        subject: 'Réunion',
        size: 0,
        fate: 'refused',
        code: 550,
        reply: '550 5.7.25 no reverse name for 198.18.0.16',
        tls: false,
        reasons: [
          {
            rule: 'no-ptr',
            text: { en: '198.18.0.16 has no reverse name.', fr: '198.18.0.16 n’a pas de nom inverse.' },
          },
        ],
        transcript: 'S: 220 agrume.test\nC: EHLO mail.you.test\nS: 550 5.7.25 no reverse name',
      },
    ],
    friends: [{ name: 'Lucie Moreau', address: 'lucie.moreau@grosmail.test', language: 'fr' }],
  }

  async function openWith(lang: 'en' | 'fr', options: Parameters<typeof openPage>[1]) {
    const { page, errors } = await openPage(browser, options)
    await page.route('**/api/inbox?*', route => route.fulfill({ json: inbox }))
    await page.route('**/api/inbox/**', route => route.fulfill({ json: detail }))
    await page.goto(`${course.url}/${lang}/inbox/`)
    await page.locator('.envelope').first().click()
    await page.locator('.message-title').waitFor()
    return { page, errors }
  }

  test.each([
    ['light', 1440],
    ['dark', 390],
  ] as const)(
    'axe finds nothing serious in %s at %i pixels, and nothing is wider than the window',
    async (colorScheme, width) => {
      const { page, errors } = await openWith('fr', { colorScheme, viewport: { width, height: 900 } })
      for (const summary of await page.locator('.folded summary').all()) await summary.click()
      expect(await serious(page)).toEqual([])
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
      ).toBeLessThanOrEqual(0)
      expect(errors).toEqual([])
      await page.context().close()
    },
  )

  test("says in the reader's language why a message is spam and why one was refused", async () => {
    const { page } = await openWith('fr', {})
    const why = page.locator('.why')
    expect(await why.textContent()).toContain('you.test ne dit pas qui peut envoyer en son nom.')
    expect(await why.textContent()).toContain(
      'grosmail.test a pris ce message et l’a mis dans les indésirables',
    )
    expect(await why.locator('[data-result=fail] dt').textContent()).toBe('DMARC')
    await page.getByRole('button', { name: 'Renvoyés' }).click()
    await page.locator('.envelope').click()
    await why.getByText('198.18.0.16 n’a pas de nom inverse.').waitFor()
    expect(await why.textContent()).toContain('550 5.7.25')
    await page.getByText('Le dialogue SMTP').click()
    await page.getByText('C: EHLO mail.you.test').waitFor()
    await page.context().close()
  })

  test('keeps the place of the keyboard when the list is drawn anew, and says why it could not be', async () => {
    const { page } = await openWith('en', {})
    await page.locator('.envelope').nth(1).focus()
    await page.evaluate(() => window.dispatchEvent(new Event('focus')))
    await page.getByRole('status').filter({ hasText: 'Up to date' }).waitFor()
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.key)).toBe('2.x')
    await page.unroute('**/api/inbox?*')
    await page.route('**/api/inbox?*', route =>
      route.fulfill({ status: 503, json: { code: 'slow', message: 'The engine is slow.' } }),
    )
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByText('could not be fetched: The engine is slow.').waitFor()
    expect(await page.locator('.envelope').count()).toBe(2)
    await page.context().close()
  })
})
