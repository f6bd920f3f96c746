/** Spammers, blocklist and gateway as a learner meets them: real Postfix, one server well kept and one careless. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeProbes } from '../../checker/probes/index.ts'
import type { Probes } from '../../checker/probes/types.ts'
import type { MailEvent, PasswordsAttack, StoredMessage } from '../../containers/internet/api.ts'
import type { Lab, Machine, Start } from '../../containers/types.ts'
import { type Ground, ground, plain } from '../fixture.ts'

let place: Ground & AsyncDisposable
let event: string
let ada: Lab
let bob: Lab
let careless: Probes
let kept: Probes

/** The gateway may send for the domain, and so may its own server. */
const withGateway: Start = {
  ...plain,
  names: lab => {
    const { records = [], reverse = {} } = plain.names?.(lab) ?? {}
    const spf = { name: '@', type: 'TXT' as const, data: '"v=spf1 mx include:relais.test -all"' }
    return { records: [...records, spf], reverse }
  },
}

async function run(lab: Lab, machine: Machine, line: string, user?: string): Promise<string> {
  const { stdout, stderr } = await place.labs.exec(lab, machine, ['sh', '-c', line], {
    env: { DEBIAN_FRONTEND: 'noninteractive', HOME: user ? `/home/${user}` : '/root' },
    timeoutMs: 120_000,
    ...(user ? { user } : {}),
  })
  return `${stdout}${stderr}`
}
const desk = (lab: Lab, line: string) => run(lab, 'desk', line, lab.participant)

const install = (lab: Lab) =>
  run(
    lab,
    'server',
    `echo 'postfix postfix/main_mailer_type select Internet Site' | debconf-set-selections &&
     apt-get update -qq && apt-get install -y postfix ssl-cert >/dev/null &&
     postconf -e mydomain=${lab.domain} myhostname=${lab.host} 'mydestination=$mydomain' inet_interfaces=all inet_protocols=ipv4 'myorigin=$mydomain' mynetworks=127.0.0.0/8 &&
     useradd --create-home friend; service postfix restart`,
  )

/** Everybody in the event may relay; unknown users are taken, and sent back. */
const CARELESS = `postconf -e mynetworks=0.0.0.0/0 local_recipient_maps= && postfix reload`
const MENDED = `postconf -e mynetworks=127.0.0.0/8 && postconf -X local_recipient_maps && postfix reload`

beforeAll(async () => {
  place = await ground()
  event = place.event()
  ada = await place.labs.open({ event, participant: 'ada' }, withGateway)
  bob = await place.labs.open({ event, participant: 'bob' }, withGateway)
  await Promise.all([install(ada), install(bob)])
  await Promise.all([run(ada, 'server', CARELESS), run(bob, 'server', LOGINS)])
  const { signal } = new AbortController()
  careless = makeProbes(place.labs, ada, signal)
  kept = makeProbes(place.labs, bob, signal)
}, 400_000)
afterAll(() => place?.[Symbol.asyncDispose]())

const PASSWORD = 'tiger-77'
/** Logins over IMAP and submission, as step 5 ends with them. */
const LOGINS = `apt-get install -y dovecot-imapd >/dev/null && echo friend:${PASSWORD} | chpasswd &&
  cat > /etc/dovecot/local.conf <<'END'
ssl = required
auth_mechanisms = plain login
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
END
  service dovecot restart
  postconf -e smtpd_sasl_type=dovecot smtpd_sasl_path=private/auth smtpd_tls_auth_only=yes &&
  postconf -M 'submission/inet=submission inet n - y - - smtpd' &&
  postconf -P submission/inet/smtpd_tls_security_level=encrypt submission/inet/smtpd_sasl_auth_enable=yes \
    submission/inet/smtpd_relay_restrictions=permit_sasl_authenticated,reject &&
  service postfix restart`

const listed = (lab: Lab) =>
  desk(lab, `dig +short ${lab.address.server.ipv4.split('.').reverse().join('.')}.bl.blocklist.test A`).then(
    text => text.trim() === '127.0.0.2',
  )

describe('spammers', () => {
  it('find out that a well-kept server relays nothing, and tell how it refused', async () => {
    const seen = await kept.pourriel.attack({ kind: 'relay', domain: 'bob.test', count: 3, pace: 20 })
    // Debian's own setting is defer_unauth_destination, which says «later» to strangers.
    expect(seen).toMatchObject({ state: 'done', accepted: 0, deferred: 3 })
    expect(seen.attempts[0]).toMatchObject({ stage: 'RCPT', code: 454 })
    expect(seen.transcript).toContain('S: 454 4.7.1')
  })

  it('find out who exists where names are refused, and nothing where all are taken', async () => {
    const names = ['friend', 'root', 'nosuch', 'neither']
    const attack = { kind: 'dictionary', names, count: 4, pace: 20 } as const
    const there = await kept.pourriel.attack({ ...attack, domain: 'bob.test' })
    expect(there.attempts.filter(({ fate }) => fate === 'accepted')).toHaveLength(2)
    expect(there.refused).toBe(2)
    expect((await careless.pourriel.attack({ ...attack, domain: 'ada.test' })).accepted).toBe(4)
  })

  it('bring spam, forged senders and the test virus, which arrive where nobody stops them', async () => {
    const word = kept.canary()
    const to = ['friend@bob.test']
    for (const body of [
      { kind: 'spam', to, gtube: true },
      { kind: 'forged', to, sender: 'boss@bob.test' },
      { kind: 'virus', to },
    ] as const) {
      const seen = await kept.pourriel.attack({ ...body, containing: word, count: 1 })
      expect(seen).toMatchObject({ state: 'done', accepted: 1 })
    }
    const box = async () => (await run(bob, 'server', 'cat /var/mail/friend')).split(word).length - 1
    await expect.poll(box, { timeout: 20_000 }).toBe(3)
    const source = await run(bob, 'server', 'cat /var/mail/friend')
    expect(source).toMatch(/^From: <boss@bob\.test>/m)
    expect(source).toContain('GTUBE-STANDARD')
  })

  it('are seen on the map', async () => {
    const events = await place.labs.internet<MailEvent[]>(event, 'GET', '/mail/recent?from=pourriel.test')
    const rules = events.flatMap(({ reasons }) => reasons.map(({ rule }) => rule))
    expect(rules).toEqual(expect.arrayContaining(['attack-relay', 'attack-dictionary', 'attack-virus']))
  })

  it('attack no other address than those of the domain that is meant', async () => {
    const { records, reverse } = await kept.registrar.state()
    const at = records.map(one => (one.type === 'A' ? { ...one, data: ada.address.server.ipv4 } : one))
    await place.labs.internet(event, 'PUT', '/domains/bob.test', { records: at, reverse })
    const seen = await kept.pourriel.attack({ kind: 'dictionary', domain: 'bob.test', count: 1 })
    await place.labs.internet(event, 'PUT', '/domains/bob.test', { records, reverse })
    expect(seen).toMatchObject({ unanswered: 1 })
    expect(seen.attempts[0]?.reply).toContain('does not belong to bob.test')
  })
})

describe('the blocklist', () => {
  it('has its test entries, signed, and lists nobody who behaves', async () => {
    const ask = (name: string) => desk(bob, `dig ${name}.bl.blocklist.test`)
    const seen = await ask('2.0.0.127')
    expect(seen).toMatch(/flags: [a-z ]*\bad\b/)
    expect(seen).toMatch(/\sA\s+127\.0\.0\.2$/m)
    expect(await ask('1.0.0.127')).toContain('NXDOMAIN')
    expect(await listed(bob)).toBe(false)
  })

  it('lists an open relay with the evidence, and fenetre refuses it then', async () => {
    const seen = await careless.pourriel.attack({ kind: 'relay', domain: 'ada.test', count: 1 })
    expect(seen.accepted).toBe(1)
    await expect.poll(() => listed(ada), { timeout: 20_000 }).toBe(true)
    const { listing, page } = await careless.blocklist.state(ada.address.server.ipv4)
    expect(['open-relay', 'spam-trap']).toContain(listing?.cause)
    expect(listing?.evidence[0]?.dialogue).toContain('RCPT TO:<trap-')
    expect(await desk(ada, `curl -s ${page}`)).toMatch(/open relay|spam traps/)
    await run(ada, 'server', `printf 'Subject: x\\n\\nx\\n' | sendmail -f friend@ada.test zoe@fenetre.test`)
    const log = () => run(ada, 'server', 'grep fenetre.test /var/log/mail.log')
    await expect.poll(log, { timeout: 20_000 }).toContain('S3150')
  }, 60_000)

  it('refuses whoever asks before mending, makes them wait, and lets go when it sees that all is well', async () => {
    const { ipv4 } = ada.address.server
    await careless.blocklist.unlist(ipv4)
    await careless.blocklist.list(ipv4, 'open-relay')
    const form = `curl -s -X POST http://blocklist.test/${ipv4}`
    expect(await desk(bob, form)).toContain('Only the owner may ask')
    const refused = await desk(ada, form)
    expect(refused).toContain('The server still is an open relay')
    expect(refused).toContain('toujours un relais ouvert')
    expect(await desk(ada, form)).toContain('You asked a moment ago')
    expect(await listed(ada)).toBe(true)
    await run(ada, 'server', MENDED)
    const granted = () => desk(ada, `curl -s -H 'Accept: text/html' -X POST http://blocklist.test/${ipv4}`)
    await expect.poll(granted, { timeout: 30_000, interval: 1000 }).toContain('is not listed')
    expect(await listed(ada)).toBe(false)
    const { history } = await careless.blocklist.state(ipv4)
    expect(history.map(({ what }) => what).slice(0, 3)).toEqual(['delisted', 'asked', 'listed'])
  }, 60_000)

  it('takes bounces to people who never wrote for what they are', async () => {
    await run(ada, 'server', `postconf -e local_recipient_maps= && postfix reload`)
    const sender = 'innocent.by-stander@grosmail.test'
    await careless.pourriel.attack({
      kind: 'dictionary',
      domain: 'ada.test',
      sender,
      deliver: true,
      count: 2,
    })
    await expect.poll(() => listed(ada), { timeout: 20_000 }).toBe(true)
    expect((await careless.blocklist.state(ada.address.server.ipv4)).listing?.cause).toBe('backscatter')
    const answer = await careless.blocklist.delist(ada.address.server.ipv4)
    expect(answer).toMatchObject({ granted: false })
    expect(answer.why.en).toMatch(/quiet/)
    await careless.blocklist.unlist(ada.address.server.ipv4)
    await run(ada, 'server', MENDED)
  }, 60_000)

  it('lists IPv6 addresses too', async () => {
    const { ipv6 } = bob.address.server
    await kept.blocklist.list(ipv6, 'no-reverse-name')
    const name = await desk(
      bob,
      `dig +short -x ${ipv6} | head -1; dig -x ${ipv6} | sed -n 's/^;\\([0-9a-f.]*\\)ip6.arpa.*/\\1/p'`,
    )
    const nibbles = name.trim().split('\n').at(-1) ?? ''
    expect(await desk(bob, `dig +short ${nibbles}bl.blocklist.test TXT`)).toContain('no-reverse-name')
    expect(await kept.blocklist.delist(ipv6)).toMatchObject({ granted: true })
  })
})

describe('the gateway', () => {
  const swaks = (lab: Lab, more: string) =>
    desk(
      lab,
      `. /srv/slips/relay.txt; swaks --server $RELAY_HOST --tls -p 587 --tls-verify-ca 2>&1 ${more} || true`,
    )
  const login = '--auth-user $RELAY_USER --auth-password $RELAY_PASSWORD'

  it('takes mail with one’s own password, and grosmail sees SPF pass at its address', async () => {
    const word = kept.canary()
    const said = await swaks(
      bob,
      `${login} --from friend@bob.test --to zoe@grosmail.test --header 'Subject: ${word}' --header 'Date: ${new Date().toUTCString().replace('GMT', '+0000')}'`,
    )
    expect(said).toContain('250 2.0.0 OK: queued as')
    const message = await kept.grosmail.receive('zoe@grosmail.test', word)
    const path = `/providers/grosmail/messages?containing=${word}`
    const [stored] = await place.labs.internet<StoredMessage[]>(event, 'GET', path)
    expect(message?.source).toContain('by smtp.relais.test with ESMTPSA')
    expect(stored?.helo).toBe('smtp.relais.test')
    await expect
      .poll(
        async () =>
          (await place.labs.internet<StoredMessage[]>(event, 'GET', path))[0]?.verdict?.authentication?.spf,
      )
      .toBe('pass')
  })

  it('is no open relay', async () => {
    const to = '--to zoe@grosmail.test'
    expect(await swaks(bob, `--from friend@bob.test ${to}`)).toMatch(/530 .*[Aa]uth/)
    expect(
      await swaks(bob, `--auth-user bob@relais.test --auth-password wrong --from friend@bob.test ${to}`),
    ).toContain('535 5.7.8')
    expect(await swaks(bob, `${login} --from friend@ada.test ${to}`)).toContain('550 5.7.1 <friend@ada.test>')
    expect(
      await swaks(bob, `${login} --from friend@bob.test --h-From: 'Ada <friend@ada.test>' ${to}`),
    ).toContain('550 5.7.1 The From')
    const clear = await desk(
      bob,
      `. /srv/slips/relay.txt; swaks --server $RELAY_HOST -p 587 ${login} --from friend@bob.test ${to} 2>&1 || true`,
    )
    expect(clear).not.toContain('250 2.0.0 OK')
  }, 60_000)

  it('speaks TLS at once on 465, with a certificate that the machines trust', async () => {
    const seen = await desk(
      bob,
      'openssl s_client -connect smtp.relais.test:465 -verify_hostname smtp.relais.test -verify_return_error -brief </dev/null 2>&1',
    )
    expect(seen).toContain('Verification: OK')
  })
})

describe('a stolen account', () => {
  it('is found by guessing, at submission and at IMAP', async () => {
    const passwords = ['1234', PASSWORD]
    const guess: PasswordsAttack = { kind: 'passwords', domain: 'bob.test', users: ['friend'], passwords }
    for (const service of ['submission', 'imaps'] as const) {
      const seen = await kept.pourriel.attack({ ...guess, service })
      expect(seen).toMatchObject({ accepted: 1, refused: 1 })
      expect(seen.attempts.find(({ fate }) => fate === 'accepted')?.login?.password).toBe(PASSWORD)
    }
  })

  it('sends spam that partly stays in the queue, and brings the server onto the list', async () => {
    const { ipv4 } = bob.address.server
    const account = { domain: 'bob.test', user: 'friend', password: PASSWORD }
    const seen = await kept.pourriel.attack({ kind: 'stolen-account', ...account, count: 8, pace: 20 })
    expect(seen).toMatchObject({ state: 'done', accepted: 8 })
    const queue = () => run(bob, 'server', 'postqueue -j')
    await expect
      .poll(queue, { timeout: 20_000 })
      .toMatch(/"address": "slow-[0-9a-f]+@agrume\.test", "delay_reason": "[^"]*450 4\.2\.2/)
    await expect.poll(() => listed(bob), { timeout: 20_000 }).toBe(true)
    expect((await kept.blocklist.state(ipv4)).listing?.cause).toBe('spam-trap')
    expect(await kept.blocklist.delist(ipv4)).toMatchObject({
      granted: false,
      inspections: [{ what: 'quiet' }],
    })
  }, 60_000)
})

it('what is listed stays so over a crash, and goes with the lab', async () => {
  const { ipv4 } = bob.address.server
  await place.engine.kill(`ten-${place.instance}-${event}-internet`)
  await place.labs.ensureEvent(event)
  expect(await listed(bob)).toBe(true)
  expect((await kept.blocklist.state(ipv4)).listing?.evidence.length).toBeGreaterThan(0)
  await place.labs.close(bob)
  await expect(kept.blocklist.state(ipv4)).rejects.toThrow(/no address/)
}, 120_000)
