/** TLS between servers that is checked, and the reports about it: with Debian's Postfix, lego, nginx and openssl. */
import { gunzipSync } from 'node:zlib'
import { dkimVerify } from 'mailauth'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeProbes } from '../../checker/probes/index.ts'
import type { ProviderProbe } from '../../checker/probes/types.ts'
import type { DomainState, MailEvent, MailProvider, ZoneRecord } from '../../containers/internet/api.ts'
import type { Lab, Machine } from '../../containers/types.ts'
import { type Ground, ground, plain } from '../fixture.ts'

let place: Ground & AsyncDisposable
let event: string
let ada: Lab
/** The names of a domain that promises everything, and keeps it. */
let good: ZoneRecord[]
let id = 0

async function run(machine: Machine, line: string): Promise<string> {
  const { stdout, stderr } = await place.labs.exec(ada, machine, ['sh', '-c', line], {
    env: { DEBIAN_FRONTEND: 'noninteractive', HOME: '/root' },
    timeoutMs: 120_000,
  })
  return `${stdout}${stderr}`
}

const ask = <T>(method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown) =>
  place.labs.internet<T>(event, method, path, body)
const state = () => ask<DomainState>('GET', '/domains/ada.test')
const probes = () => makeProbes(place.labs, ada, AbortSignal.timeout(60_000))

/** Publishes these, with a new id of the policy: a provider that knows the last one fetches again. */
async function publish(records: ZoneRecord[]): Promise<void> {
  id++
  const { reverse } = await state()
  const sts = { name: '_mta-sts', type: 'TXT' as const, data: `"v=STSv1; id=${id};"` }
  await ask('PUT', '/domains/ada.test', { records: [...records, sts], reverse })
}
const other = (name: string, data: string) => good.map(one => (one.name === name ? { ...one, data } : one))
const policy = (lines: string) => `printf 'version: STSv1\\r\\n${lines}' > /var/www/mta-sts.txt`
const POLICY = policy('mode: enforce\\r\\nmx: mail.ada.test\\r\\nmax_age: 86400\\r\\n')
const LEGO = '/root/.lego/certificates/mail.ada.test'

beforeAll(async () => {
  place = await ground()
  event = place.event()
  ada = await place.labs.open({ event, participant: 'ada' }, plain)
  const { records, reverse } = await state()
  const own = [...records, { name: 'mta-sts', type: 'CNAME' as const, data: 'mail.ada.test.' }]
  await ask('PUT', '/domains/ada.test', { records: own, reverse })
  const said = await run(
    'server',
    `set -e; exec 2>&1
     echo 'postfix postfix/main_mailer_type select Internet Site' | debconf-set-selections
     apt-get update -qq && apt-get install -y --no-install-recommends postfix ca-certificates lego nginx >/dev/null
     service nginx stop
     useradd --create-home friend
     cd /root && lego --server https://acme.nic.test/dir --email root@ada.test --accept-tos --domains mail.ada.test --domains mta-sts.ada.test --http run
     postconf -e myhostname=mail.ada.test mydestination=ada.test myorigin=ada.test inet_interfaces=all \
       smtpd_tls_cert_file=${LEGO}.crt smtpd_tls_key_file=${LEGO}.key smtpd_tls_security_level=may \
       smtp_dns_support_level=dnssec smtp_tls_security_level=dane smtp_tls_loglevel=1
     mkdir -p /var/www && ${POLICY}
     cat > /etc/nginx/sites-enabled/sts <<END
server {
  listen 443 ssl;
  listen [::]:443 ssl;
  server_name mta-sts.ada.test;
  ssl_certificate ${LEGO}.crt;
  ssl_certificate_key ${LEGO}.key;
  location = /.well-known/mta-sts.txt { alias /var/www/mta-sts.txt; }
}
END
     service nginx start; service postfix restart
     openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=mail.ada.test -addext subjectAltName=DNS:mail.ada.test -keyout /root/own.key -out /root/own.crt
     echo "digest $(openssl x509 -in ${LEGO}.crt -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum)"`,
  )
  const digest = /^digest ([0-9a-f]{64})/m.exec(said)?.[1]
  if (digest === undefined) throw new Error(said)
  good = [
    ...own,
    { name: '@', type: 'TXT', data: '"v=spf1 mx -all"' },
    { name: '_25._tcp.mail', type: 'TLSA', data: `3 1 1 ${digest}` },
    { name: '_smtp._tls', type: 'TXT', data: '"v=TLSRPTv1; rua=mailto:friend@ada.test"' },
    { name: '_dmarc', type: 'TXT', data: '"v=DMARC1; p=quarantine; rua=mailto:friend@ada.test"' },
  ]
  await publish(good)
  await ask('PUT', '/domains/ada.test/ds', {})
  // The lab's authorities come a moment after the machines.
  await vi.waitFor(
    async () => expect(await run('server', 'ls /usr/local/share/ca-certificates/ten-steps')).toMatch(/crt/),
    { timeout: 20_000, interval: 300 },
  )
}, 300_000)
afterAll(() => place?.[Symbol.asyncDispose]())

const send = (provider: MailProvider) =>
  probes().providers[provider].send({
    from: `zoe@${provider}.test`,
    to: 'friend@ada.test',
    source: `From: zoe@${provider}.test\r\nTo: friend@ada.test\r\nSubject: hello\r\n\r\nHello\r\n`,
  })

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

  it('fetches the policies of both', async () => {
    for (const domain of ['copine', 'imposteur'])
      expect(await run('server', `curl -si https://mta-sts.${domain}.test/.well-known/mta-sts.txt`)).toMatch(
        new RegExp(`text/plain[\\s\\S]*mode: enforce\\r\\nmx: mx\\.${domain}\\.test\\r\\n`),
      )
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
    await expect.poll(() => impostor.attempts(before), { timeout: 5000 }).not.toEqual([])
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

const OWN = 'postconf -e smtpd_tls_cert_file=/root/own.crt smtpd_tls_key_file=/root/own.key; postfix reload'
const BACK = `postconf -e smtpd_tls_cert_file=${LEGO}.crt smtpd_tls_key_file=${LEGO}.key smtpd_tls_security_level=may; ${POLICY}; postfix reload`
interface Fault {
  fault: string
  provider: MailProvider
  /** Of names, of the machine. */
  names?: () => ZoneRecord[]
  server?: string
  /** Of the delivery, null where it goes on; and of what is published. */
  failure: string
  delivered?: boolean
  found: string
}

const FAULTS: Fault[] = [
  {
    fault: 'a TLSA record of another key',
    provider: 'copine',
    names: () => other('_25._tcp.mail', `3 1 1 ${'ab'.repeat(32)}`),
    failure: 'validation-failure',
    found: 'tlsa-mismatch',
  },
  {
    fault: 'a TLSA record that mail can’t use',
    provider: 'copine',
    names: () => other('_25._tcp.mail', `1 1 1 ${'ab'.repeat(32)}`),
    failure: 'tlsa-invalid',
    delivered: true,
    found: 'tlsa-unusable',
  },
  {
    fault: 'a certificate of its own making, for DANE',
    provider: 'copine',
    server: OWN,
    failure: 'validation-failure',
    found: 'tlsa-mismatch',
  },
  {
    fault: 'a certificate of its own making, for MTA-STS',
    provider: 'grosmail',
    server: OWN,
    failure: 'certificate-not-trusted',
    found: 'sts-mx-certificate',
  },
  {
    fault: 'no STARTTLS',
    provider: 'grosmail',
    server: 'postconf -e smtpd_tls_security_level=none; postfix reload',
    failure: 'starttls-not-supported',
    found: 'sts-mx-certificate',
  },
  {
    fault: 'a policy that names another MX',
    provider: 'grosmail',
    server: policy('mode: enforce\\r\\nmx: mx.ada.test\\r\\nmax_age: 86400\\r\\n'),
    failure: 'validation-failure',
    found: 'sts-mx-not-listed',
  },
  {
    fault: 'a policy in testing that names another MX',
    provider: 'grosmail',
    server: policy('mode: testing\\r\\nmx: mx.ada.test\\r\\nmax_age: 86400\\r\\n'),
    failure: 'validation-failure',
    delivered: true,
    found: 'sts-mx-not-listed',
  },
]

describe('one fault', () => {
  it.each(FAULTS.map(one => [one.fault, one] as const))(
    'is seen: %s',
    async (_, { provider, names = () => good, server, failure, delivered = false, found }) => {
      if (server) await run('server', server)
      await publish(names())
      const answer = await send(provider)
      expect([answer.accepted, answer.secured.failure?.type, answer.secured.valid]).toEqual([
        delivered,
        failure,
        false,
      ])
      const [told] = await ask<MailEvent[]>('GET', `/mail/recent?from=${provider}.test&to=ada.test`)
      expect([told?.fate, told?.reasons.map(({ rule }) => rule)]).toEqual([
        delivered ? 'inbox' : 'deferred',
        [failure],
      ])
      const { dane, mtaSts } = await probes().providers[provider].policy()
      expect([...dane.faults, ...mtaSts.faults].map(({ code }) => code)).toContain(found)
      if (server) await run('server', BACK)
    },
    60_000,
  )

  it('is seen: a policy that changed under an id that didn’t', async () => {
    await publish(good)
    const { grosmail } = probes()
    await send('grosmail')
    await run('server', policy('mode: none\\r\\nmax_age: 86400\\r\\n'))
    expect((await grosmail.policy()).mtaSts.faults.map(({ code }) => code)).toEqual(['sts-id-unchanged'])
    expect((await send('grosmail')).secured.by).toBe('mta-sts')
    await run('server', BACK)
  })

  it.each([
    [
      'an HTML policy',
      "sed -i 's/location = /types { } default_type text\\/html; location = /' /etc/nginx/sites-enabled/sts",
      'sts-media-type',
    ],
    [
      'a redirect',
      "sed -i 's/location = .*/return 301 https:\\/\\/mail.ada.test\\/;/' /etc/nginx/sites-enabled/sts",
      'sts-status',
    ],
    [
      'a certificate of its own making on the web',
      `sed -i 's#ssl_certificate .*#ssl_certificate /root/own.crt;#; s#ssl_certificate_key .*#ssl_certificate_key /root/own.key;#' /etc/nginx/sites-enabled/sts`,
      'sts-certificate',
    ],
  ])('is seen, and mail goes on as without a policy: %s', async (_, change, found) => {
    await run('server', `cp /etc/nginx/sites-enabled/sts /root/sts; ${change}; service nginx reload`)
    await expect
      .poll(async () => (await probes().grosmail.policy()).mtaSts.faults.map(({ code }) => code), {
        timeout: 10_000,
      })
      .toEqual([found])
    await run('server', 'cp /root/sts /etc/nginx/sites-enabled/sts; service nginx reload')
  })
})

describe('reports', () => {
  /** The last message in the learner's mailbox with this attachment, unpacked. */
  async function arrived(file: string): Promise<{ head: string; text: string }> {
    const box = await run('server', 'cat /var/mail/friend')
    const source = box.split(/^(?=From \S+ {2})/m).findLast(one => one.includes(file)) ?? ''
    const { attachments } = await PostalMime.parse(source.replace(/^From .*\n/, ''))
    const [report] = attachments
    return { head: source, text: report ? gunzipSync(report.content as ArrayBuffer).toString() : '' }
  }
  const report = async (probe: ProviderProbe, kind: 'tls' | 'dmarc') => {
    const answer = await probe.report(kind)
    expect(answer.sent.map(({ to, code }) => [to, code])).toEqual([['mailto:friend@ada.test', 250]])
    if (answer.report === null) throw new Error('no report')
    const { file } = answer.report
    await expect.poll(async () => (await arrived(file)).text, { timeout: 10_000 }).toBe(answer.report.text)
    return { ...answer.report, head: (await arrived(file)).head }
  }

  it('about TLS arrive, and count what succeeded and what failed', async () => {
    const { copine } = probes().providers
    await publish(other('_25._tcp.mail', `3 1 1 ${'ab'.repeat(32)}`))
    await copine.report('tls')
    await send('copine')
    await publish(good)
    await send('copine')
    const { sessions, text, head } = await report(copine, 'tls')
    // A failure counts for each of the two addresses.
    expect(sessions).toMatchObject([
      {
        policy: 'tlsa',
        failure: 2,
        failures: [{ type: 'validation-failure' }, { type: 'validation-failure' }],
      },
      { policy: 'tlsa', success: 1, failure: 0 },
    ])
    expect(JSON.parse(text).policies[0]['failure-details'][0]['receiving-mx-hostname']).toBe('mail.ada.test')
    expect(head).toMatch(/multipart\/report; report-type="tlsrpt"/)
  })

  it('about DMARC arrive, and name who forged and who did not', async () => {
    const { grosmail } = probes()
    await run(
      'server',
      `printf 'From: friend@ada.test\\nTo: zoe@grosmail.test\\nSubject: mine\\n\\nHello\\n' | sendmail -f friend@ada.test zoe@grosmail.test`,
    )
    await expect
      .poll(() => grosmail.receive('zoe@grosmail.test', 'Subject: mine'), { timeout: 20_000 })
      .toBeTruthy()
    const { sources: forgers, replies } = await grosmail.forge(3)
    expect(replies.map(({ code }) => code)).toEqual([250, 250, 250])
    const { sources, text, head } = await report(grosmail, 'dmarc')
    expect(sources[0]).toMatchObject({
      address: forgers[0],
      count: 3,
      spf: false,
      dkim: false,
      disposition: 'quarantine',
      headerFrom: 'ada.test',
      envelopeFrom: 'pourriel.test',
    })
    const own = [ada.address.server.ipv4, ada.address.server.ipv6]
    expect(sources[1]).toMatchObject({ count: 1, spf: true, disposition: 'pass' })
    expect(own).toContain(sources[1]?.address)
    expect(text).toMatch(/xmlns="urn:ietf:params:xml:ns:dmarc-2\.0"/)
    expect(text).toMatch(/<scope>mfrom<\/scope>\s*<result>pass<\/result>/)
    // Whoever gets it can see that it is grosmail's own.
    const { results } = await dkimVerify(head.replace(/^From .*\n/, '').replace(/\r?\n/g, '\r\n'), {
      resolver: async (name, type) =>
        (await probes().dns.resolve(name, type)).map(text =>
          [...text.matchAll(/"([^"]*)"/g)].map(([, part = '']) => part),
        ),
    })
    expect(results.map(({ signingDomain, status }) => [signingDomain, status.result])).toEqual([
      ['grosmail.test', 'pass'],
    ])
  }, 60_000)

  it('say why there is none', async () => {
    const { agrume } = probes().providers
    expect((await agrume.report('dmarc')).why?.en).toMatch(/nothing new/)
    await publish(other('_dmarc', '"v=DMARC1; p=none; rua=mailto:zoe@copine.test"'))
    await probes().grosmail.forge(1)
    const answer = await probes().grosmail.report('dmarc')
    expect([answer.sent, answer.why?.en]).toEqual([
      [],
      expect.stringMatching(/ada\.test\._report\._dmarc\.copine\.test/),
    ])
    await publish(good.filter(({ name }) => name !== '_dmarc'))
    expect((await probes().grosmail.report('dmarc')).why?.en).toMatch(/names no address/)
  })

  it('about TLS come by themselves, half a minute after the last message', async () => {
    // fenetre has sent above, and nobody has asked it for a report.
    const path = '/mail/recent?from=fenetre.test&to=ada.test'
    await expect
      .poll(async () => (await ask<MailEvent[]>('GET', path)).map(one => one.envelope.from), {
        timeout: 45_000,
        interval: 1000,
      })
      .toContain('reports@fenetre.test')
  }, 60_000)
})
