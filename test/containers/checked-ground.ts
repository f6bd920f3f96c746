/** A learner's server that promises DANE and MTA-STS, with Debian's Postfix, lego, nginx and openssl. */
import { expect, vi } from 'vitest'
import { makeProbes } from '../../checker/probes/index.ts'
import type { DomainState, MailProvider, ZoneRecord } from '../../containers/internet/api.ts'
import type { Lab, Machine } from '../../containers/types.ts'
import { type Ground, plain } from '../fixture.ts'

let place: Ground
let event: string
export let ada: Lab
/** The names of a domain that promises everything, and keeps it. */
export let good: ZoneRecord[]
let id = 0

export async function run(machine: Machine, line: string): Promise<string> {
  const { stdout, stderr } = await place.labs.exec(ada, machine, ['sh', '-c', line], {
    env: { DEBIAN_FRONTEND: 'noninteractive', HOME: '/root' },
    timeoutMs: 120_000,
  })
  return `${stdout}${stderr}`
}

export const ask = <T>(method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown) =>
  place.labs.internet<T>(event, method, path, body)
const state = () => ask<DomainState>('GET', '/domains/ada.test')
export const probes = () => makeProbes(place.labs, ada, AbortSignal.timeout(60_000))

/** Publishes these, with a new id of the policy: a provider that knows the last one fetches again. */
export async function publish(records: ZoneRecord[]): Promise<void> {
  id++
  const { reverse } = await state()
  const sts = { name: '_mta-sts', type: 'TXT' as const, data: `"v=STSv1; id=${id};"` }
  await ask('PUT', '/domains/ada.test', { records: [...records, sts], reverse })
}
export const other = (name: string, data: string) =>
  good.map(one => (one.name === name ? { ...one, data } : one))
export const policy = (lines: string) => `printf 'version: STSv1\\r\\n${lines}' > /var/www/mta-sts.txt`
export const POLICY = policy('mode: enforce\\r\\nmx: mail.ada.test\\r\\nmax_age: 86400\\r\\n')
export const LEGO = '/root/.lego/certificates/mail.ada.test'

/** Opens the lab, and gives ada's server what this file is about. */
export async function open(ground: Ground): Promise<void> {
  place = ground
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
}

export const send = (provider: MailProvider) =>
  probes().providers[provider].send({
    from: `zoe@${provider}.test`,
    to: 'friend@ada.test',
    source: `From: zoe@${provider}.test\r\nTo: friend@ada.test\r\nSubject: hello\r\n\r\nHello\r\n`,
  })
