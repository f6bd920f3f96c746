/** The registrar's page in a real browser, with dig and nsupdate on a real desk as witnesses. */
import { readFile } from 'node:fs/promises'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Engine } from '../../containers/docker.ts'
import type { RegistrarAnswer } from '../../site/protocol.ts'
import { Course, openBrowser, openLab, openPage } from '../browser.ts'

let course: Course
let browser: Browser
let page: Page
let errors: string[]

beforeAll(async () => {
  ;[course, browser] = await Promise.all([Course.start(), openBrowser()])
  ;({ page, errors } = await openPage(browser, { locale: 'en-GB' }))
})

afterAll(async () => {
  await browser?.close()
  await course?.[Symbol.asyncDispose]()
})

async function onTheDesk(script: string, input = ''): Promise<string> {
  const engine = await Engine.connect()
  const done = await engine?.exec(`ten-${await course.instance()}-home-you-desk`, ['bash', '-c', script], {
    input,
  })
  expect(done?.code, done?.stderr).toBe(0)
  return (done?.stdout ?? '').trim()
}
const dig = (what: string) => onTheDesk(`dig +short ${what}`)
const nsupdate = (...lines: string[]) =>
  onTheDesk(
    'nsupdate -k /home/you/registrar.key',
    `server ns.nic.test\nzone you.test\n${lines.join('\n')}\nsend\n`,
  )

async function serious(at = page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page: at }).analyze()
  return violations
    .filter(v => v.impact === 'serious' || v.impact === 'critical')
    .map(v => `${v.id}: ${v.nodes.map(n => n.html.slice(0, 120)).join(' | ')}`)
}

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const status = (text: string | RegExp) => page.getByRole('status').filter({ hasText: text })
const field = (label: string) => page.locator('form.edit').getByLabel(label, { exact: true })
/** The row of a record, by its name, type and a part of its data. */
const row = (name: string, type: string, data = '') =>
  page
    .locator('tr[data-record]')
    .filter({ has: page.locator('.of-name', { hasText: new RegExp(`^${name}$`) }) })
    .filter({ has: page.locator('.of-type', { hasText: new RegExp(`^${type}$`) }) })
    .filter({ hasText: data })

async function add(type: string, name: string, fields: Record<string, string>): Promise<void> {
  await button('Add a record').click()
  await field('Type').selectOption(type)
  await field('Name').fill(name)
  for (const [label, value] of Object.entries(fields)) await field(label).fill(value)
  await page.keyboard.press('Tab')
  await button('Save').click()
  await page.locator('form.edit').waitFor({ state: 'detached' })
}

async function fresh(lang: 'en' | 'fr' = 'en'): Promise<void> {
  await page.goto(`${course.url}/${lang}/registrar/`)
  await page.locator('tr[data-record]').first().waitFor()
}

test('says that there is no domain before the server is open', async () => {
  await page.goto(`${course.url}/en/registrar/`)
  // The event's internet comes up first.
  await page.getByText('You have no domain yet').waitFor({ timeout: 90_000 })
  expect(await serious()).toEqual([])
  expect(errors).toEqual([])
}, 120_000)

test('beside the lesson, a learner gives the domain an MX and both reverse names, and the desk sees them at once', async () => {
  await page.goto(`${course.url}/en/steps/fifty-users/`)
  await openLab(page, /open my server/i)
  await button('Names').click()
  await row('@', 'MX').waitFor()
  const { state } = (await (await page.request.get(`${course.url}/api/registrar`)).json()) as RegistrarAnswer
  const server = state?.addresses.slice(0, 2) ?? []

  await button('Remove MX @').click()
  await status('Removed: MX @').waitFor()
  expect(await dig('you.test MX')).toBe('')
  for (const address of server) {
    await button(`Remove PTR ${address}`).click()
    await status(`Removed: PTR ${address}`).waitFor()
    expect(await dig(`-x ${address}`)).toBe('')
  }

  // With the keyboard alone.
  await button('Add a record').focus()
  await page.keyboard.press('Enter')
  expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.field)).toBe('name')
  await field('Type').selectOption('MX')
  await field('Host').fill('mail.you.test.')
  await page.getByText('you.test. 300 IN MX 10 mail.you.test.').waitFor()
  await field('Host').press('Enter')
  await status('Saved, and visible now: MX @').waitFor()
  expect(await dig('you.test MX')).toBe('10 mail.you.test.')
  expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.key)).toBe('add')
  for (const address of server) {
    await button(`Edit PTR ${address}`).click()
    await field('Host').fill('mail.you.test')
    await field('Host').press('Enter')
    await status(`Saved, and visible now: PTR ${address}`).waitFor()
    expect(await dig(`-x ${address}`)).toBe('mail.you.test.')
  }
  expect(await serious()).toEqual([])
  expect(errors).toEqual([])
}, 120_000)

test('what nsupdate changes on the desk shows by itself, and what one is typing stays', async () => {
  await fresh()
  await button('Add a record').click()
  await field('Type').selectOption('TXT')
  await field('Text').fill('half a thou')
  await nsupdate('update add quick.you.test 120 A 198.18.0.99')
  await row('quick', 'A', '198.18.0.99').waitFor()
  await status('changed elsewhere').waitFor()
  expect(await field('Text').inputValue()).toBe('half a thou')
  expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.field)).toBe('text')

  await page.reload()
  await field('Text').waitFor()
  expect(await field('Text').inputValue()).toBe('half a thou')
  await field('Text').press('Escape')
  await page.locator('form.edit').waitFor({ state: 'detached' })
  expect(await page.locator('tr[data-record]', { hasText: 'half a thou' }).count()).toBe(0)
})

test('two changes of one record at once are both shown, and none is lost', async () => {
  await fresh()
  await button('Edit A quick').click()
  await field('Address').fill('198.18.0.77')
  await nsupdate('update delete quick.you.test A', 'update add quick.you.test 120 A 198.18.0.88')
  await row('quick', 'A', '198.18.0.88').waitFor()
  await button('Save').click()
  const conflict = page.getByRole('region', { name: 'Somebody was quicker' })
  await conflict.waitFor()
  expect(await conflict.locator('.sides > div').nth(0).textContent()).toMatch(
    /removed: .*198\.18\.0\.99.*added: .*198\.18\.0\.88/s,
  )
  expect(await conflict.locator('.sides > div').nth(1).textContent()).toMatch(/added: .*198\.18\.0\.77/s)
  expect(await serious()).toEqual([])
  await button('Apply mine as well').click()
  await status('Saved, and visible now: A quick').waitFor()
  expect((await dig('quick.you.test A')).split('\n').sort()).toEqual(['198.18.0.77', '198.18.0.88'])
  // Undone, theirs stays.
  await button('Undo the last change').click()
  await status('Undone.').waitFor()
  expect(await dig('quick.you.test A')).toBe('198.18.0.88')
  expect(errors).toEqual([])
})

test('a change that was overtaken on its way is refused, and shown beside what overtook it', async () => {
  await fresh()
  // The page learns nothing by itself: the refusal alone tells it.
  await page.route('**/api/registrar?*', async route => {
    if (route.request().method() === 'POST')
      await nsupdate('update add overtaking.you.test 60 TXT "first"').then(() => route.continue())
    else await route.continue()
  })
  await button('Add a record').click()
  await field('Type').selectOption('TXT')
  await field('Name').fill('overtaken')
  await field('Text').fill('second')
  await button('Save').click()
  const conflict = page.getByRole('region', { name: 'Somebody was quicker' })
  await conflict.getByText('overtaking 60 TXT "first"').waitFor()
  await page.unroute('**/api/registrar?*')
  await button('Apply mine as well').click()
  await status('Saved, and visible now: TXT overtaken').waitFor()
  expect([await dig('overtaking.you.test TXT'), await dig('overtaken.you.test TXT')]).toEqual([
    '"first"',
    '"second"',
  ])
  // The browser itself logs the refusal.
  expect(errors.splice(0)).toEqual([expect.stringContaining('409')])
})

test('a mistake is explained beside its record, in the reader’s language, until it is mended', async () => {
  await fresh()
  await add('MX', '', { Host: 'mail.you.test', Priority: '20' })
  await add('TXT', '@', { Text: 'v=spf1 mx -all' })
  await add('TXT', '@', { Text: 'v=spf1 a -all' })
  await status('Saved, and visible now: TXT @').waitFor()
  const after = (one: ReturnType<typeof row>) => one.locator('xpath=following-sibling::tr[1]')
  expect(await after(row('@', 'MX', 'you.test.you.test')).textContent()).toContain(
    'Write mail.you.test. with',
  )
  await page.getByText('you.test has 2 SPF records').waitFor()
  await page.goto(`${course.url}/fr/registrar/`)
  await page.getByText('Sans point à la fin, un nom continue par le domaine').waitFor()
  await page.getByText('2 enregistrements SPF').waitFor()

  await fresh()
  await row('@', 'MX', 'you.test.you.test').getByRole('button', { name: 'Edit' }).click()
  await field('Host').fill('mail.you.test.')
  await field('Host').press('Enter')
  await page.getByText('Without a dot at its end').waitFor({ state: 'detached' })
  await row('@', 'TXT', 'v=spf1 a').getByRole('button', { name: 'Remove' }).click()
  await page.locator('.mistakes').waitFor({ state: 'detached' })
})

test('what is no record is refused beside the form: what was expected, and what was seen', async () => {
  await fresh()
  await button('Add a record').click()
  await field('Address').fill('198.18.0.300')
  await button('Save').click()
  await page.getByRole('alert').getByText('This is no A: «198.18.0.300». Expected something like').waitFor()
  expect(await field('Address').getAttribute('aria-invalid')).toBe('true')
  await field('Name').fill('mail')
  await field('Type').selectOption('CNAME')
  await field('Host').fill('desk')
  await button('Save').click()
  await page.getByRole('alert').getByText('An alias (CNAME) stands alone').waitFor()
  expect(await serious()).toEqual([])
  await field('Host').press('Escape')
  errors.length = 0
})

test('a zone that is taken home can be brought back, and shows what it would change before it does', async () => {
  await fresh()
  const all = () => onTheDesk('for type in MX TXT; do dig +short you.test $type; done | sort')
  const before = await all()
  await page.getByText('Zone file').first().click()
  const [download] = await Promise.all([page.waitForEvent('download'), button('Download').click()])
  expect(download.suggestedFilename()).toBe('you.test.zone')
  const path = await download.path()
  expect(await readFile(path, 'utf8')).toContain('$ORIGIN you.test.')
  await page.getByLabel('Choose a file').setInputFiles(path)
  await page.getByText('Nothing would change').waitFor()

  await page.getByLabel('Replace all records').check()
  await page.getByLabel('Zone file', { exact: true }).fill('only 60 A 198.18.0.5\n')
  await button('Show what would change').click()
  await page.locator('.change .comes', { hasText: 'only 60 A 198.18.0.5' }).waitFor()
  expect(await page.locator('.change .goes').count()).toBeGreaterThan(4)
  expect(await dig('only.you.test A')).toBe('')
  await button('Apply').click()
  await row('only', 'A').waitFor()
  expect(await page.locator('tr[data-record]').count()).toBe(1)
  expect([await dig('only.you.test A'), await dig('you.test MX')]).toEqual(['198.18.0.5', ''])

  await page.getByLabel('Choose a file').setInputFiles(path)
  await button('Apply').click()
  await row('@', 'MX', '10 mail.you.test.').waitFor()
  expect(await all()).toBe(before)

  await page.getByLabel('Zone file', { exact: true }).fill('www A 198.18.0.5\nmail A mistake\n')
  await button('Show what would change').click()
  await page
    .getByRole('alert')
    .getByText(/line 2/)
    .waitFor()
  errors.length = 0
})

test('one action signs the domain: answers are validated from then on', async () => {
  const flags = async () =>
    /flags: ([a-z ]*);/.exec(await onTheDesk('dig +dnssec mail.you.test A'))?.[1]?.split(' ')
  await fresh()
  expect(await flags()).not.toContain('ad')
  await button('Sign the domain').click()
  await status('Signed: the registry has your DS').waitFor()
  expect(await flags()).toContain('ad')
  const ds = (await dig('you.test DS')).replaceAll(' ', '')
  expect((await page.locator('.ds').textContent())?.replaceAll(' ', '')).toContain(ds)
  await button('Take the DS away').click()
  await status('The DS is gone').waitFor()
  expect(await flags()).not.toContain('ad')
})

test("another's names, another site's orders and what is no change are refused", async () => {
  const { state } = (await (await page.request.get(`${course.url}/api/registrar`)).json()) as RegistrarAnswer
  const edit = { remove: [], add: [], reverse: {}, version: state?.version ?? '' }
  const ask = async (body: object, path = '', origin: string = course.url) => {
    const answer = await fetch(`${course.url}/api/registrar${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify(body),
    })
    return [answer.status, ((await answer.json()) as { code: string }).code]
  }
  const record = (name: string) => ({ ...edit, add: [{ name, type: 'A', data: '198.18.0.9' }] })
  expect(await ask(edit, '', 'http://elsewhere.test')).toEqual([403, 'wrong-origin'])
  const theirs = state?.addresses[0]?.replace(/\d+$/, '200') ?? ''
  expect(await ask({ ...edit, reverse: { [theirs]: 'mail.you.test' } })).toEqual([403, 'not-your-address'])
  expect(await ask({ ...edit, reverse: { '192.0.2.1': 'mail.you.test' } })).toEqual([403, 'not-your-address'])
  expect(await ask(record('mail.grosmail.test.'))).toEqual([400, 'bad-name'])
  expect(await ask({ ...record('x'), domain: 'grosmail.test' })).toEqual([400, 'bad-request'])
  expect(await ask({ text: '$ORIGIN grosmail.test.\n@ MX 1 mail.you.test.\n' }, '/zone')).not.toEqual([200])
  expect(await ask({ text: '$INCLUDE /etc/shadow\n' }, '/zone')).toEqual([400, 'bad-zone'])
  expect(await ask({ text: 'x'.repeat(700_000) }, '/zone')).toEqual([413, 'too-large'])
  expect(await dig('grosmail.test MX')).not.toContain('you.test')
})

describe.each([
  ['light', 1440, 'fr'],
  ['dark', 390, 'en'],
] as const)('in %s at %i pixels', (colorScheme, width, lang) => {
  test.each(['registrar/', 'steps/fifty-users/'])(
    'axe finds nothing serious on %s with a form and a mistake in it, and nothing is wider than the window',
    async path => {
      await nsupdate('update add you.test 300 MX 30 nowhere.you.test.')
      const other = await openPage(browser, { colorScheme, viewport: { width, height: 900 } })
      await other.page.goto(`${course.url}/${lang}/${path}`)
      if (path.startsWith('steps')) await other.page.locator('[data-pane=registrar]').click()
      await other.page.locator('.mistakes').first().waitFor()
      await other.page.locator('[data-key=add]').click()
      await other.page.locator('details.folded summary').first().click()
      expect(await serious(other.page)).toEqual([])
      const wide = await other.page.evaluate(() => {
        const pane = document.querySelector('lab-registrar')
        const inside = pane ? pane.scrollWidth - pane.clientWidth : 0
        return Math.max(inside, document.documentElement.scrollWidth - window.innerWidth)
      })
      expect(wide).toBeLessThanOrEqual(0)
      expect(other.errors).toEqual([])
      await other.page.context().close()
    },
  )
})
