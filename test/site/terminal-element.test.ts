import AxeBuilder from '@axe-core/playwright'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../browser.ts'
import { PROMPT, screen, shows, site } from './terminal-page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('one types and sees; a reload brings the same shell with its screen', async () => {
  await using here = await site(browser)
  const { page } = here
  await shows(page, PROMPT)
  await page.locator('.terminal-panel:not([hidden]) textarea').focus()
  await page.keyboard.type('me=ow""n; echo seen $((6*7))\n')
  await shows(page, 'seen 42')
  await page.reload()
  await shows(page, 'seen 42')
  await page.locator('.terminal-panel:not([hidden]) textarea').focus()
  await page.keyboard.type('echo still $me\n')
  await shows(page, 'still own')
  // A replay must not answer the queries of long ago: nothing was typed that nobody typed.
  expect(await screen(page)).not.toMatch(/\d+;\d+[Rc]/)
  expect(here.problems).toEqual([])
})

test('a server that goes away is told in words; what is typed meanwhile arrives', async () => {
  await using here = await site(browser, { lang: 'fr' })
  const { page } = here
  await shows(page, PROMPT)
  await here.stop()
  const status = page.getByRole('status')
  await expect.poll(() => status.textContent(), { timeout: 10_000 }).toContain('La connexion est perdue')
  await page.locator('.terminal-panel:not([hidden]) textarea').focus()
  await page.keyboard.type('echo kept $((2+3))\n')
  await here.start()
  await page.getByRole('button', { name: 'Essayer maintenant' }).click()
  await shows(page, 'kept 5')
  await expect.poll(() => status.textContent(), { timeout: 15_000 }).toBe('')
})

test('a closed lab is told in words and tried again', async () => {
  let open = false
  await using here = await site(browser, { lab: () => open })
  const status = here.page.getByRole('status')
  await expect.poll(() => status.textContent(), { timeout: 10_000 }).toContain('The lab is not open yet')
  open = true
  await shows(here.page, PROMPT)
})

test('type() writes at the prompt of the machine that it names, several lines without running them', async () => {
  await using here = await site(browser)
  const { page } = here
  const type = (text: string, machine: string, run = false) =>
    page.evaluate(
      ([text, machine, run]) => {
        const node = document.querySelector('lab-terminal') as HTMLElement & {
          type(text: string, options: object): Promise<void>
        }
        return node.type(text as string, { machine, run })
      },
      [text, machine, run] as const,
    )
  await shows(page, PROMPT)
  await type('echo first $((1+1))\necho second $((2+2))\n', 'desk')
  await shows(page, 'second')
  expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Desk')
  await page.waitForTimeout(300)
  expect(await screen(page)).not.toContain('first 2')
  await page.keyboard.press('Enter')
  await shows(page, 'second 4')
  await type('echo run $((3+3))', 'server', true)
  await shows(page, 'run 6')
  expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Server')
})

test('tabs are opened, walked through by keyboard, closed and opened again', async () => {
  await using here = await site(browser)
  const { page } = here
  await shows(page, PROMPT)
  await page.getByTitle('Another server terminal').click()
  await expect.poll(() => page.getByRole('tab').allTextContents()).toEqual(['Server', 'Server 2', 'Desk'])
  await shows(page, PROMPT)
  await page.getByRole('tab', { name: 'Server 2' }).focus()
  await page.keyboard.press('ArrowRight')
  expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Desk')
  await page.keyboard.press('Home')
  expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Server')
  await page.getByRole('tab', { name: 'Server 2' }).click()
  await page.getByRole('button', { name: 'Close «Server 2»' }).click()
  await expect.poll(() => page.getByRole('tab').allTextContents()).toEqual(['Server', 'Desk'])
  await page.getByRole('button', { name: 'Open again' }).click()
  await expect.poll(() => page.getByRole('tab').allTextContents()).toEqual(['Server', 'Server 2', 'Desk'])
  await shows(page, PROMPT)
  expect(here.problems).toEqual([])
})

test('the keyboard gets in and out, and axe finds nothing', async () => {
  await using here = await site(browser)
  const { page } = here
  await shows(page, PROMPT)
  await page.locator('.terminal-panel:not([hidden]) textarea').focus()
  await page.keyboard.press('Tab')
  const focused = () =>
    page.evaluate(() => document.activeElement?.textContent || document.activeElement?.tagName)
  expect(await focused()).toBe('TEXTAREA')
  await page.keyboard.press('Control+Shift+Escape')
  expect(await focused()).toBe('Screen reader mode')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('After')
  await page.getByRole('button', { name: 'Screen reader mode' }).click()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.filter(one => one.impact === 'serious' || one.impact === 'critical')).toEqual([])
})

test('the end of a shell is told; Enter starts another', async () => {
  await using here = await site(browser)
  const { page } = here
  await shows(page, PROMPT)
  await page.locator('.terminal-panel:not([hidden]) textarea').focus()
  await page.keyboard.type('exit 4\n')
  await expect
    .poll(() => page.getByRole('status').textContent())
    .toContain('The shell has ended with code 4.')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByRole('status').textContent()).toBe('')
  await page.keyboard.type('echo next $((4+4))\n')
  await shows(page, 'next 8')
})

test('a shell that ended while nobody looked is told with a line in the terminal', async () => {
  await using here = await site(browser, { lang: 'fr' })
  const { page } = here
  await shows(page, PROMPT)
  await page.goto('about:blank')
  for (const pid of here.holder.pids()) process.kill(pid, 'SIGKILL')
  await page.goBack()
  await shows(page, 'Le shell qui était ici est terminé')
})

test('text grows, and the shell knows its new size', async () => {
  await using here = await site(browser)
  const { page } = here
  await shows(page, PROMPT)
  await page.locator('.terminal-panel:not([hidden]) textarea').focus()
  await page.keyboard.type('stty size\n')
  await shows(page, 'stty size\n')
  const size = async () => Number(/^\d+ (\d+)$/m.exec(await screen(page))?.[1])
  await expect.poll(size).toBeGreaterThan(20)
  const before = await size()
  for (let i = 0; i < 6; i++) await page.getByRole('button', { name: 'Larger text' }).click()
  await page.locator('.terminal-panel:not([hidden]) textarea').focus()
  await page.keyboard.type('clear; stty size\n')
  await expect.poll(size).toBeLessThan(before)
})
