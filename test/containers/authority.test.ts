/** Certificates as in life: with Debian's certbot and openssl, on real machines. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeProbes } from '../../checker/probes/index.ts'
import type { Lab, Machine } from '../../containers/types.ts'
import { type Ground, ground, plain } from '../fixture.ts'

let place: Ground & AsyncDisposable
let event: string
let lab: Lab
let other: Lab

beforeAll(async () => {
  place = await ground()
  event = place.event()
  lab = await place.labs.open({ event, participant: 'ada' }, plain)
  other = await place.labs.open({ event, participant: 'bob' }, plain)
  const { output, code } = await run(
    'server',
    'apt-get update && apt-get install -y certbot && service cron stop',
  )
  if (code !== 0) throw new Error(output)
}, 300_000)
afterAll(() => place?.[Symbol.asyncDispose]())

async function run(machine: Machine, line: string, timeoutMs = 120_000) {
  const env = { DEBIAN_FRONTEND: 'noninteractive', HOME: '/root' }
  const { stdout, stderr, code } = await place.labs.exec(lab, machine, ['sh', '-c', line], { env, timeoutMs })
  return { output: `${stdout}${stderr}`, code }
}

const CERTONLY = 'certbot certonly --standalone --non-interactive --agree-tos -m root@ada.test'
const LIVE = '/etc/letsencrypt/live/mail.ada.test'
/** Answers on port 993 with a certificate until what it gives is called. */
function serve(files = `-cert ${LIVE}/cert.pem -cert_chain ${LIVE}/chain.pem -key ${LIVE}/privkey.pem`) {
  const serving = run(
    'server',
    `rm -f /run/enough; openssl s_server -quiet -accept 993 ${files} < /dev/null > /dev/null 2>&1 &
     until [ -e /run/enough ]; do sleep 0.1; done; kill $!`,
  )
  return async () => {
    await run('server', 'touch /run/enough')
    await serving
  }
}
const verify =
  'openssl s_client -connect mail.ada.test:993 -verify_hostname mail.ada.test -verify_return_error -brief < /dev/null 2>&1'

describe('certbot on a learner’s server', () => {
  it('gets a certificate with its ordinary command, which the desk trusts', async () => {
    const { output } = await run('server', `${CERTONLY} -d mail.ada.test`)
    expect(output).toContain('Successfully received certificate')
    const enough = serve()
    await expect.poll(async () => (await run('desk', verify)).output).toContain('Verification: OK')
    await enough()
  }, 120_000)

  it('gets none for a name that leads to somebody else', async () => {
    const { output, code } = await run('server', `${CERTONLY} -d ${other.host}`)
    expect(code).not.toBe(0)
    expect(output).toMatch(/unauthorized|connection|Connection refused/i)
  }, 120_000)

  it('renews what is about to end, and runs the hook', async () => {
    const { output } = await run(
      'server',
      `${CERTONLY} --force-renewal -d mail.ada.test --server https://acme.nic.test:8443/dir --deploy-hook 'touch /tmp/deployed'`,
    )
    expect(output).toContain('Successfully received certificate')
    const before = await run(
      'server',
      'openssl x509 -noout -serial -in /etc/letsencrypt/live/mail.ada.test/cert.pem',
    )
    // In life it is due after some of its ten minutes; the test doesn't wait for them.
    await run(
      'server',
      "rm -f /tmp/deployed; sed -i '1i renew_before_expiry = 10 minutes' /etc/letsencrypt/renewal/mail.ada.test.conf",
    )
    const renewed = await run('server', 'certbot renew --no-random-sleep-on-renew')
    expect(renewed.output).toMatch(/Congratulations, all renewals succeeded/)
    const after = await run(
      'server',
      'openssl x509 -noout -serial -in /etc/letsencrypt/live/mail.ada.test/cert.pem',
    )
    expect(after.output).not.toBe(before.output)
    expect((await run('server', 'ls /tmp/deployed')).code).toBe(0)
  }, 120_000)
})

describe('the tls probe', () => {
  const probes = () => makeProbes(place.labs, lab, AbortSignal.timeout(30_000))

  it('trusts the lab’s authority for the host’s name, and nobody who signs for themselves', async () => {
    const seen = () => probes().tls.handshake({ port: 993 })
    const trusted = serve()
    await expect
      .poll(() => seen().then(({ trusted, altNames }) => [trusted, altNames], String))
      .toEqual([true, ['DNS:mail.ada.test']])
    await trusted()
    await run(
      'server',
      "openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=mail.ada.test -addext 'subjectAltName=DNS:mail.ada.test' -keyout /tmp/k -out /tmp/c 2>/dev/null",
    )
    const own = serve('-cert /tmp/c -key /tmp/k')
    await expect.poll(() => seen().then(({ trusted }) => trusted, String)).toBe(false)
    await own()
  }, 60_000)
})

it('after a restart of the lab internet, old certificates are trusted and new ones can be had', async () => {
  await place.engine.kill(`ten-${place.instance}-${event}-internet`)
  await place.labs.ensureEvent(event)
  await place.labs.open({ event, participant: 'ada' }, plain)
  const enough = serve()
  await expect.poll(async () => (await run('desk', verify)).output).toContain('Verification: OK')
  await enough()
  const count = async () =>
    Number((await run('desk', 'ls /usr/local/share/ca-certificates/ten-steps | wc -l')).output.trim())
  await expect.poll(count, { timeout: 10_000 }).toBe(5)
  // The authority forgot the account with everything else, as the page on restarts says.
  await run('server', 'rm -rf /etc/letsencrypt/accounts')
  const { output } = await run('server', `${CERTONLY} --force-renewal -d mail.ada.test`)
  expect(output).toContain('Successfully received certificate')
}, 120_000)
