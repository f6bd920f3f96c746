/** The page about the blocklist in a real browser, with a list that really looks at the server. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Engine } from '../../containers/docker.ts'
import { ensureImages } from '../../containers/images.ts'
import type { ListingCause } from '../../containers/internet/api.ts'
import { createLabs } from '../../containers/lab.ts'
import type { BlocklistAnswer } from '../../site/protocol.ts'
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

async function there(): Promise<Engine> {
  const engine = await Engine.connect()
  if (!engine) throw new Error('the engine of the course is gone')
  return engine
}
/** In a container of the course: `home-you-desk`. */
async function run(container: string, script: string): Promise<string> {
  const { code, stdout, stderr } = await (await there()).exec(`ten-${await course.instance()}-${container}`, [
    ...['bash', '-c', script],
  ])
  expect(code, stderr).toBe(0)
  return stdout.trim()
}
/** What a predecessor left behind, as a trainer or a step's start puts it there. */
async function list(address: string, cause: ListingCause): Promise<void> {
  const engine = await there()
  const labs = createLabs({ engine, images: await ensureImages(engine), instance: await course.instance() })
  await labs.internet('home', 'POST', `/blocklist/${encodeURIComponent(address)}`, { cause })
}

async function serious(at = page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page: at }).analyze()
  return violations
    .filter(v => v.impact === 'serious' || v.impact === 'critical')
    .map(v => `${v.id}: ${v.nodes.map(n => n.html.slice(0, 120)).join(' | ')}`)
}
const addresses = async () => {
  const answer = await page.request.get(`${course.url}/api/blocklist`)
  return ((await answer.json()) as BlocklistAnswer).addresses.map(({ address }) => address)
}

test('says that there are no addresses before the server is open', async () => {
  await page.goto(`${course.url}/en/blocklist/`)
  // The event's internet comes up first.
  await page.getByText('You have no addresses yet').waitFor({ timeout: 90_000 })
  expect(await serious()).toEqual([])
  expect(errors).toEqual([])
}, 120_000)

test('a listed address shows why; asked too early it stays, and mended it is let off', async () => {
  await page.goto(`${course.url}/en/steps/fifty-users/`)
  await openLab(page, /open my server/i)
  const [server = ''] = await addresses()
  const reversed = server.split('.').reverse().join('.')
  const onTheList = () => run('home-you-desk', `dig +short ${reversed}.bl.blocklist.test A`)
  await page.goto(`${course.url}/en/blocklist/`)
  await page.getByText('None of your 4 addresses is on the list').waitFor()

  const remove = `server ns.nic.test\\nzone ${reversed.split('.').slice(2).join('.')}.in-addr.arpa\\nupdate delete ${reversed}.in-addr.arpa PTR\\nsend\\n`
  await run('home-you-desk', `printf '${remove}' | nsupdate -k /home/you/registrar.key`)
  await list(server, 'no-reverse-name')
  expect(await onTheList()).toMatch(/^127\./)
  await page.getByRole('button', { name: 'Look again' }).click()
  await page.getByText('One of your 4 addresses is on the list.', { exact: true }).waitFor()
  const card = page.getByRole('region', { name: server, exact: true })
  expect(await card.textContent()).toContain('no reverse name that leads back')
  expect(await card.textContent()).toContain('before you had the address')
  expect(await serious()).toEqual([])

  const ask = page.getByRole('button', { name: `Ask for delisting of ${server}` })
  await ask.click()
  await card.getByRole('heading', { name: 'Refused' }).waitFor({ timeout: 60_000 })
  await card.getByText(/The next request is looked at in \d+ s/).waitFor()
  expect(await card.locator('.inspections [data-ok=false]').count()).toBeGreaterThan(0)
  expect(await page.getByRole('status').textContent()).toContain(`${server}: Refused.`)
  expect(await serious()).toEqual([])

  // The cause is mended at the registrar, and time passes for who asked too early.
  await page.goto(`${course.url}/en/registrar/`)
  await page.getByRole('button', { name: `Edit PTR ${server}`, exact: true }).click()
  await page.getByLabel('Host', { exact: true }).fill('mail.you.test')
  await page.getByLabel('Host', { exact: true }).press('Enter')
  await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor()
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('link', { name: 'Is one of them on the blocklist?' }).click(),
  ])
  await popup.close()
  await page.goto(`${course.url}/fr/blocklist/`)
  const french = page.getByRole('region', { name: server, exact: true })
  const button = page.getByRole('button', { name: `Demander le retrait de ${server}` })
  await expect
    .poll(
      async () => {
        if (await button.count()) await button.click()
        await french.locator('.answer').waitFor({ timeout: 60_000 })
        return french.locator('.answer h3').textContent()
      },
      { timeout: 90_000, interval: 2000 },
    )
    .toBe('Accordé')
  await page.getByText('Aucune de vos 4 adresses').waitFor()
  expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.address)).toBe(server)
  expect(await onTheList()).toBe('')
  expect(errors).toEqual([])
}, 300_000)

test("nobody asks for another's address, nor from another site", async () => {
  const ask = async (address: string, origin: string = course.url) => {
    const path = `/api/blocklist/${encodeURIComponent(address)}/delist`
    const answer = await fetch(course.url + path, { method: 'POST', headers: { origin } })
    return [answer.status, ((await answer.json()) as { code: string }).code]
  }
  const [server = ''] = await addresses()
  expect(await ask(server)).toEqual([404, 'not-listed'])
  expect(await ask(server, 'http://elsewhere.test')).toEqual([403, 'wrong-origin'])
  expect(await ask(server.replace(/\d+$/, '4'))).toEqual([403, 'not-your-address'])
  expect(await ask('../people')).toEqual([403, 'not-your-address'])
})

test.each([
  ['light', 1440],
  ['dark', 390],
] as const)('axe finds nothing serious in %s at %i pixels', async (colorScheme, width) => {
  const [, server = ''] = await addresses()
  await list(server, 'open-relay')
  const other = await openPage(browser, { colorScheme, viewport: { width, height: 900 } })
  const listed = async () => {
    await other.page.goto(`${course.url}/fr/blocklist/`)
    const seen = other.page.locator('.listing.listed').first().waitFor({ timeout: 10_000 })
    return seen.then(
      () => true,
      () => false,
    )
  }
  await expect.poll(listed, { timeout: 60_000 }).toBe(true)
  for (const summary of await other.page.locator('summary').all()) await summary.click()
  expect(await serious(other.page)).toEqual([])
  expect(
    await other.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
  ).toBeLessThanOrEqual(0)
  expect(other.errors).toEqual([])
  await other.page.context().close()
})
