/** The mail map in a real browser, on the course's own pages, door and sockets; only the mail is made here. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, openPage } from '../browser.ts'
import { type MapGround, mapGround } from './map-ground.ts'

let ground: MapGround
let browser: Browser

beforeAll(async () => {
  ;[ground, browser] = await Promise.all([mapGround(['ada', 'bob']), openBrowser()])
})

afterAll(async () => {
  await browser?.close()
  await ground?.[Symbol.asyncDispose]()
})

const NO_PTR = {
  rule: 'no-ptr',
  text: {
    en: 'Your address has no reverse name.',
    fr: 'Votre adresse n’a pas de nom inverse : le voilà refusé.',
  },
}
const refusal = (subject: string) =>
  ground.happens({
    from: 'you.test',
    to: 'grosmail.test',
    fate: 'refused',
    subject,
    reasons: [NO_PTR],
    authentication: {
      spf: 'pass',
      dkim: 'none',
      dmarc: 'fail',
      arc: 'none',
      header: 'mx.grosmail.test; spf=pass',
    },
    transcript:
      'S: 220 mx.grosmail.test\nC: MAIL FROM:<ada@you.test>\nS: 550 5.7.25 <img src=x onerror=alert(1)>',
  })

const envelopes = (page: Page) => page.locator('.map-picture .envelope')
const rows = (page: Page) => page.locator('.map-rows button')

async function room(options: Parameters<typeof openPage>[1] = {}, path = '/en/map/') {
  const { page, errors } = await openPage(browser, options)
  await page.goto(ground.url + path)
  await expect.poll(() => page.locator('.map-picture .place').count()).toBeGreaterThanOrEqual(7)
  return { page, errors }
}

describe('the room’s map', () => {
  test('lets an envelope travel and lists it; a click on the row tells its history, as text', async () => {
    const { page, errors } = await room()
    const before = await rows(page).count()
    refusal('Nobody else’s business')
    await envelopes(page).first().waitFor()
    await expect
      .poll(() => envelopes(page).evaluateAll(all => all.flatMap(one => one.getAnimations()).length))
      .toBeGreaterThan(0)
    await expect.poll(() => rows(page).count()).toBe(before + 1)
    expect(await rows(page).first().textContent()).toContain('refused 550')
    await rows(page).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Your address has no reverse name.').waitFor()
    const text = (await dialog.textContent()) ?? ''
    for (const part of [
      '550 5.7.25 No PTR',
      'S: 550 5.7.25 <img src=x',
      'SPF pass',
      'DMARC fail',
      'TLSv1.3',
      'ada@you.test',
    ])
      expect(text).toContain(part)
    expect(text).not.toContain('Nobody else’s business')
    await page.keyboard.press('Escape')
    expect(await dialog.count()).toBe(0)
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('opens a history by the envelope too, and speaks French where the page does', async () => {
    const { page } = await room({}, '/fr/map/')
    refusal('x')
    const envelope = envelopes(page).first()
    await envelope.waitFor()
    // It has come to rest: a person follows it, a robot waits.
    await page.locator('.map-ground .envelope').first().waitFor()
    await page.locator('.map-ground .envelope').first().click()
    await page
      .getByRole('dialog')
      .getByText('Votre adresse n’a pas de nom inverse\u00a0: le voilà refusé.')
      .waitFor()
    await page.context().close()
  })

  test('ties what leaves together into a bundle with its number', async () => {
    const { page } = await room()
    for (let i = 0; i < 12; i++) ground.happens({ from: 'ada.test', to: 'bob.test', fate: 'spam' })
    await expect.poll(() => envelopes(page).first().getAttribute('data-count')).toBe('12')
    expect(await envelopes(page).count()).toBe(1)
    await page.context().close()
  })

  test('moves nothing for those who want no motion: a line and an envelope appear', async () => {
    const { page } = await room({ reducedMotion: 'reduce' })
    refusal('x')
    await page.locator('.map-ways .way.fate-refused').waitFor({ state: 'attached' })
    await page.locator('.map-ground .envelope').waitFor()
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
    await page.context().close()
  })

  test('is walked with the keyboard: one stop for the list, arrows in it, Enter opens, the focus comes back', async () => {
    const { page } = await room()
    ground.happens({ from: 'ada.test', to: 'bob.test', fate: 'inbox' })
    refusal('x')
    await expect.poll(() => rows(page).count()).toBeGreaterThan(1)
    expect(
      await rows(page).evaluateAll(all => all.filter(one => (one as HTMLElement).tabIndex === 0).length),
    ).toBe(1)
    await rows(page).first().focus()
    await page.keyboard.press('ArrowDown')
    const second = await rows(page)
      .nth(1)
      .evaluate(one => one === document.activeElement)
    expect(second).toBe(true)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    expect(
      await rows(page)
        .nth(1)
        .evaluate(one => one === document.activeElement),
    ).toBe(true)
    await page.context().close()
  })

  test('says what is new in one sentence, not at each message', async () => {
    const { page } = await room()
    for (let i = 0; i < 5; i++)
      ground.happens({ from: 'ada.test', to: 'bob.test', fate: i ? 'inbox' : 'deferred' })
    const voice = page.locator('.map-list [role=status]')
    await expect.poll(() => voice.textContent()).toBe('5 new messages: 4 accepted, 1 put off')
    await page.context().close()
  })

  test.each(['light', 'dark'] as const)(
    'has no serious issue for axe in %s, with a history open too',
    async colorScheme => {
      const { page } = await room({ colorScheme })
      refusal('x')
      await rows(page).first().waitFor()
      const serious = async () => {
        const { violations } = await new AxeBuilder({ page }).analyze()
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html.slice(0, 120)).join(' | ')}`)
      }
      expect(await serious()).toEqual([])
      await rows(page).first().click()
      await page.getByRole('dialog').getByText('no-ptr').waitFor()
      expect(await serious()).toEqual([])
      await page.context().close()
    },
  )
})

describe('the map of a step page', () => {
  const open = async (options: Parameters<typeof openPage>[1] = {}) => {
    const { page, errors } = await openPage(browser, options)
    const scripts: string[] = []
    page.on('request', request => request.resourceType() === 'script' && scripts.push(request.url()))
    await page.goto(`${ground.url}/en/steps/fifty-users/`, { waitUntil: 'networkidle' })
    return { page, errors, scripts }
  }
  const button = (page: Page) => page.locator('[data-pane=map]')

  test('costs no script and no stream before it is opened, and lets its stream go when it is closed', async () => {
    await expect.poll(() => ground.streams()).toBe(0)
    const { page, scripts, errors } = await open()
    const before = scripts.length
    expect(ground.streams()).toBe(0)
    await button(page).click()
    await page.locator('lab-map .map-picture .place.mine').waitFor()
    expect(scripts.length).toBeGreaterThan(before)
    expect(await page.locator('.tasks-pane').isVisible()).toBe(false)
    await expect.poll(() => ground.streams()).toBe(1)
    await page.locator('[data-pane=tasks]').click()
    expect(await page.locator('.tasks-pane').isVisible()).toBe(true)
    await expect.poll(() => ground.streams()).toBe(0)
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('shows one’s own mail alone, with its subject, and what came while it was closed', async () => {
    const { page } = await open()
    await button(page).click()
    const others = rows(page).filter({ hasText: 'bob.test' })
    await page.locator('lab-map .map-picture .place.mine').waitFor()
    ground.happens({ from: 'grosmail.test', to: 'bob.test', fate: 'inbox' })
    const { id } = refusal('Mine to read')
    await page.locator(`.map-rows [data-id=p${id}] button`).click()
    expect(await others.count()).toBe(0)
    await page.getByRole('dialog').getByText('Mine to read').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('[data-pane=tasks]').click()
    await expect.poll(() => ground.streams()).toBe(0)
    ground.happens({ from: 'fenetre.test', to: 'you.test', fate: 'spam' })
    await button(page).click()
    await expect.poll(() => rows(page).first().textContent()).toContain('fenetre.test')
    await page.context().close()
  })

  test('is a pane of its own on a telephone, no wider than it', async () => {
    const { page } = await open({ viewport: { width: 390, height: 844 } })
    await button(page).click()
    await page.locator('lab-map .map-picture .place.mine').waitFor()
    expect(await page.locator('.lesson').isVisible()).toBe(false)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    )
    await page.locator('[data-pane=lesson]').click()
    expect(await page.locator('.lesson').isVisible()).toBe(true)
    expect(await page.locator('lab-map').isVisible()).toBe(false)
    await page.context().close()
  })
})

test('nobody from another site, and nobody without a session, gets the mail', async () => {
  const { WebSocket } = await import('ws')
  const answer = (headers: Record<string, string>) =>
    new Promise<number | 'open'>(resolve => {
      const socket = new WebSocket(`${ground.url.replace('http', 'ws')}/api/map?view=room`, { headers })
      socket.on('unexpected-response', (_, { statusCode = 0 }) => resolve(statusCode))
      socket.on('open', () => resolve('open'))
      socket.on('error', () => {})
    })
  expect(await answer({ origin: ground.url })).toBe(401)
  expect(await answer({ origin: 'http://elsewhere.test' })).toBe(403)
})
