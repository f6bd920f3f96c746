/** Whether each service of the lab internet answers, as its users would ask. */
import { request } from 'node:http'
import { connect } from 'node:net'
import type { Health } from './api.ts'
import { authorities, ownAuthority } from './authority.ts'
import type { LabNet } from './env.ts'
import { resolve } from './resolver.ts'
import { getPolicy } from './tls/sts-fetch.ts'

const BUDGET_MS = 4000

function within(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer within ${BUDGET_MS} ms`)), BUDGET_MS)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

async function resolver(): Promise<void> {
  const { status, authentic } = await resolve('deb.debian.org', 'A')
  if (!authentic) throw new Error(`deb.debian.org: ${status}, not validated`)
}

const mirror = () =>
  new Promise<void>((done, fail) => {
    const options = {
      host: '127.0.0.1',
      path: '/debian/dists/trixie/InRelease',
      method: 'HEAD',
      headers: { host: 'deb.debian.org' },
      timeout: BUDGET_MS,
    }
    request(options, response => {
      response.resume()
      if (response.statusCode === 200) done()
      else fail(new Error(`the index answers ${response.statusCode}`))
    })
      .on('error', fail)
      .end()
  })

/** Whether the banner of a mail service comes. */
const greets = (host: string, port: number, expected: string, bye: string) =>
  new Promise<void>((done, fail) => {
    const socket = connect({ host, port, timeout: BUDGET_MS })
    socket.once('data', banner => {
      socket.end(bye)
      if (banner.toString().startsWith(expected)) done()
      else fail(new Error(`the banner is ${banner.toString().trim()}`))
    })
    socket.once('timeout', () => socket.destroy(new Error('no banner')))
    socket.once('error', fail)
  })

/** Whether the policies of MTA-STS are served, with certificates that hold. */
async function policies(
  promised: readonly { domain: string; address: string }[],
  net: LabNet,
): Promise<void> {
  const ca = [await ownAuthority()]
  await Promise.all(
    promised.map(({ domain, address }) => getPolicy(`mta-sts.${domain}`, address, net.ipv4, ca)),
  )
}

/**
 * `names` is the promise of the zones, `providers` the address of each MX by the provider's name, `imap` an address
 * at which mailboxes are read; `promised` the domains whose MTA-STS policies are served here, and where; `relais` the
 * gateway's address.
 */
export async function health(
  names: Promise<void>,
  providers: Record<string, string>,
  imap: string,
  promised: readonly { domain: string; address: string }[],
  net: LabNet,
  relais: string,
): Promise<Health> {
  const probes: [string, () => Promise<void>][] = [
    ['names', () => names],
    // Before there are zones it has nobody to ask.
    ['resolver', () => names.then(resolver)],
    ['mirror', mirror],
    ['authority', async () => void (await authorities())],
    ...Object.entries(providers).map(([name, address]): [string, () => Promise<void>] => [
      name,
      () => greets(address, 25, '220', 'QUIT\r\n'),
    ]),
    ['mta-sts', () => policies(promised, net)],
    ['relais', () => greets(relais, 587, '220', 'QUIT\r\n')],
    // Spammers wait for nobody; they are there when the program is.
    ['pourriel', async () => {}],
    ['mailboxes', () => greets(imap, 143, '* OK', 'a LOGOUT\r\n')],
  ]
  const services = await Promise.all(
    probes.map(([name, probe]) =>
      within(probe()).then(
        () => [name, { up: true }] as const,
        (error: Error) => [name, { up: false, detail: error.message }] as const,
      ),
    ),
  )
  return { ready: services.every(([, { up }]) => up), services: Object.fromEntries(services) }
}
