/** What a domain can do wrong with its promises, one fault a line: how providers see it, and what becomes of mail. */
import { describe, expect, it } from 'vitest'
import type { MailEvent, MailProvider, ZoneRecord } from '../../containers/internet/api.ts'
import { ask, good, LEGO, other, POLICY, policy, probes, publish, run, send } from './checked-ground.ts'

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

export const faults = () =>
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
        if (server) await run('server', server.startsWith('printf') ? POLICY : BACK)
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
      await run('server', POLICY)
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
