/** The fake webmail: whose account it steals, and whose it can't. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Phished } from '../../containers/internet/api.ts'
import { openAttacks } from '../../containers/internet/attacks/attacks.ts'
import { openPhishing, type Phishing } from '../../containers/internet/attacks/phishing.ts'
import { MailLog } from '../../containers/internet/mail-log.ts'

const OWNERS: Record<string, string> = { '198.18.0.17': 'you.test', '198.18.0.19': 'ada.test' }
let page: Phishing

beforeEach(async () => {
  const attacks = openAttacks(
    {
      locate: async () => 'nobody is at home',
      from: () => ({ ipv4: '127.0.0.1', ipv6: '::1' }),
      providers: new Set<string>(),
    },
    new MailLog(),
  )
  page = await openPhishing(attacks, address => OWNERS[address] ?? null, 0)
})
afterEach(() => {
  for (const domain of Object.values(OWNERS)) page.forget(domain)
  page.close()
})

const type = (from: string, form: Record<string, string>) =>
  fetch(`http://127.0.0.1:${page.port}/`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { 'x-real-ip': from },
  })
const phished = (domain: string): Promise<Phished | null> =>
  page.route.answer({ parameters: { domain }, query: {}, body: undefined }) as Promise<Phished | null>
const theft = { user: 'zoe', password: 'a-B+c_9', word: 'rehearsal-1' }

it('steals an account of the domain from whose address the password was typed', async () => {
  expect(await phished('you.test')).toBeNull()
  expect((await type('198.18.0.17', theft)).status).toBe(200)
  expect(await phished('you.test')).toMatchObject({ user: 'zoe', word: 'rehearsal-1' })
  expect((await phished('you.test'))?.attack).toMatchObject({ kind: 'stolen-account', state: 'running' })
  expect(await phished('ada.test')).toBeNull()
})

it('believes nobody who lives nowhere, and takes no form that is more than a login', async () => {
  expect((await type('198.18.0.99', theft)).status).toBe(404)
  expect((await type('198.18.0.17', { user: 'zoe' })).status).toBe(400)
  expect((await type('198.18.0.17', { ...theft, user: 'zoe\r\nRSET' })).status).toBe(400)
  expect((await type('198.18.0.17', { ...theft, more: 'x'.repeat(3000) })).status).toBe(400)
  expect(await phished('you.test')).toBeNull()
})

it('ends the first theft when a second one begins, and all when the domain is given up', async () => {
  await type('198.18.0.17', theft)
  const first = (await phished('you.test'))?.attack
  await type('198.18.0.17', { ...theft, user: 'theo', word: 'rehearsal-2' })
  expect(first?.state).toBe('stopped')
  const second = (await phished('you.test'))?.attack
  page.forget('you.test')
  expect(second?.state).toBe('stopped')
  expect(await phished('you.test')).toBeNull()
})
