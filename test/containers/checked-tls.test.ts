/** TLS between servers that is checked, and the reports about it. One lab for all: its server is half of the time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MailEvent } from '../../containers/internet/api.ts'
import { type Ground, ground } from '../fixture.ts'
import { faults } from './checked-faults.ts'
import { ada, ask, good, LEGO, open, other, probes, publish, run, send } from './checked-ground.ts'
import { reports } from './checked-reports.ts'

let place: Ground & AsyncDisposable

beforeAll(async () => {
  place = await ground()
  await open(place)
}, 300_000)
afterAll(() => place?.[Symbol.asyncDispose]())

describe('a learner’s server, looking at others', () => {
  const finger = (level: string, domain: string) =>
    run('server', `posttls-finger -c -l ${level} -F /etc/ssl/certs/ca-certificates.crt ${domain} 2>&1`)

  it('finds copine as its TLSA records promise, and as the authority vouches', async () => {
    expect(await finger('dane', 'copine.test')).toMatch(
      /Verified TLS connection established to mx\.copine\.test/,
    )
    expect(await finger('secure', 'copine.test mx.copine.test')).toMatch(/Verified TLS connection/)
  })

  it('finds the impostor out, by DANE and by its certificate', async () => {
    expect(await finger('dane', 'imposteur.test')).toMatch(/no matching DANE TLSA records/)
    expect(await finger('secure', 'imposteur.test mx.imposteur.test')).toMatch(/Untrusted TLS connection/)
  })

  it('fetches the policies of both, with Python’s strict eye too', async () => {
    for (const domain of ['copine', 'imposteur']) {
      const url = `https://mta-sts.${domain}.test/.well-known/mta-sts.txt`
      const policy = `mode: enforce\r\nmx: mx.${domain}.test\r\n`
      expect(await run('server', `curl -si ${url}`)).toMatch(/^content-type: text\/plain\r$/im)
      const python = `import urllib.request as u; print(u.urlopen("${url}").read().decode())`
      expect(await run('server', `python3 -c '${python}'`)).toContain(policy)
    }
  })

  it('with Postfix’s dane keeps its mail from the impostor; with may it hands it over, and both are seen', async () => {
    const log = () => run('server', 'cat /var/log/mail.log')
    const write = () => run('server', `echo Hello | sendmail -f friend@ada.test zoe@imposteur.test`)
    const { impostor } = probes()
    const before = Date.now()
    await write()
    await expect
      .poll(log, { timeout: 20_000 })
      .toMatch(/zoe@imposteur\.test.*status=deferred \(Server certificate not verified/)
    await expect.poll(() => impostor.attempts(before)).not.toEqual([])
    const refused = await impostor.attempts(before)
    expect(refused.every(one => one.starttls === 'done' && !one.mail && !one.delivered)).toBe(true)

    const later = Date.now()
    await run('server', 'postsuper -d ALL; postconf -e smtp_tls_security_level=may; postfix reload')
    await write()
    await expect
      .poll(async () => (await impostor.attempts(later)).filter(one => one.delivered), { timeout: 20_000 })
      .toMatchObject([{ from: 'ada.test', sender: 'friend@ada.test', starttls: 'done' }])
    const [told] = await ask<MailEvent[]>('GET', '/mail/recent?to=imposteur.test')
    expect(told?.reasons.map(({ rule }) => rule)).toEqual(['impostor'])
    await run('server', 'postconf -e smtp_tls_security_level=dane; postfix reload')
  }, 60_000)

  it('finds the resolver’s word for it in Postfix’s log when it writes to copine', async () => {
    await run('server', `echo Hello | sendmail -f friend@ada.test zoe@copine.test`)
    await expect
      .poll(() => run('server', 'cat /var/log/mail.log'), { timeout: 20_000 })
      .toMatch(/postfix\/smtp\[\d+\]: Verified TLS connection established to mx\.copine\.test/)
  })
})

describe('a server that promises DANE and MTA-STS, and keeps it', () => {
  it.each([
    ['copine', { by: 'dane', valid: true }],
    ['fenetre', { by: 'dane', valid: true }],
    ['grosmail', { by: 'mta-sts', valid: true }],
    ['agrume', { by: 'opportunistic', valid: false }],
  ] as const)('gets mail from %s by what it checks', async (provider, secured) => {
    const answer = await send(provider)
    expect(answer).toMatchObject({
      accepted: true,
      secured: { ...secured, host: 'mail.ada.test', tls: 'TLSv1.3' },
    })
  })

  it('gets it over IPv6 alone too', async () => {
    await publish(good.filter(({ name, type }) => !(name === 'mail' && type === 'A')))
    const { secured, transcript } = await send('copine')
    expect(secured).toMatchObject({ by: 'dane', valid: true })
    expect(transcript).toContain(`[${ada.address.server.ipv6}] port 25`)
    await publish(good)
  })

  it('is found without fault', async () => {
    const seen = await probes().providers.copine.policy()
    expect([seen.mx, seen.dane, seen.mtaSts, seen.tlsRpt, seen.dmarc].map(({ valid }) => valid)).toEqual(
      Array(5).fill(true),
    )
    // Both addresses were looked at.
    expect(seen.hosts.map(({ trusted, dane }) => [trusted, dane.valid])).toEqual([
      [true, true],
      [true, true],
    ])
  })
})

describe('a TLSA record of an authority (usage 2)', () => {
  const key = (file: string) =>
    run(
      'server',
      `openssl x509 -in ${file} -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1`,
    )

  it('holds for the one that the server shows, and not for one that it leaves out, as Postfix says too', async () => {
    const finger = () => run('server', 'posttls-finger -c -l dane ada.test 2>&1')
    await publish(other('_25._tcp.mail', `2 1 1 ${(await key(`${LEGO}.issuer.crt`)).trim()}`))
    expect((await send('copine')).secured).toMatchObject({ by: 'dane', valid: true })
    expect(await finger()).toMatch(/Verified TLS connection/)

    const root = await run(
      'server',
      `issuer=$(openssl x509 -in ${LEGO}.issuer.crt -noout -issuer_hash); for f in /usr/local/share/ca-certificates/ten-steps/*; do [ $(openssl x509 -in $f -noout -hash) = $issuer ] && echo $f; done`,
    )
    await publish(other('_25._tcp.mail', `2 1 1 ${(await key(root.trim())).trim()}`))
    expect((await send('copine')).secured).toMatchObject({
      valid: false,
      failure: { type: 'validation-failure' },
    })
    expect(await finger()).toMatch(/Untrusted TLS connection/)
  }, 60_000)
})

faults()
reports()
