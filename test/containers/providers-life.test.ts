/** Providers as a learner meets them: with Debian's Postfix on two servers, and swaks and openssl on a desk. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Lab, Machine, Start } from '../../containers/types.ts'
import { type Ground, ground, plain } from '../fixture.ts'

let place: Ground & AsyncDisposable
let event: string
let ada: Lab
let bob: Lab
/** Has no server; looks at others' mail instead. */
let carol: Lab

/** A well-kept domain, but for DKIM. */
const withSpf: Start = {
  ...plain,
  names: lab => {
    const { records = [], reverse = {} } = plain.names?.(lab) ?? {}
    return { records: [...records, { name: '@', type: 'TXT', data: '"v=spf1 mx -all"' }], reverse }
  },
}

async function run(lab: Lab, machine: Machine, line: string): Promise<string> {
  const { stdout, stderr } = await place.labs.exec(lab, machine, ['sh', '-c', line], {
    env: { DEBIAN_FRONTEND: 'noninteractive', HOME: '/root' },
    timeoutMs: 120_000,
  })
  return `${stdout}${stderr}`
}

const install = (lab: Lab) =>
  run(
    lab,
    'server',
    `echo 'postfix postfix/main_mailer_type select Internet Site' | debconf-set-selections &&
     apt-get update -qq && apt-get install -y postfix ssl-cert >/dev/null &&
     postconf -e mydomain=${lab.domain} myhostname=${lab.host} 'mydestination=$mydomain' inet_interfaces=all 'myorigin=$mydomain' &&
     useradd --create-home friend; service postfix restart`,
  )

beforeAll(async () => {
  place = await ground()
  event = place.event()
  ada = await place.labs.open({ event, participant: 'ada' }, withSpf)
  bob = await place.labs.open({ event, participant: 'bob' }, withSpf)
  carol = await place.labs.open({ event, participant: 'carol' }, withSpf)
  await Promise.all([install(ada), install(bob)])
  await place.labs.internet(event, 'PUT', '/domains/ada.test/strict', {})
}, 400_000)
afterAll(() => place?.[Symbol.asyncDispose]())

let count = 0
/** Sends from ada's server; gives a function that tells what its log says of the delivery. */
async function write(to: string): Promise<() => Promise<string>> {
  const mark = `mark${++count}x`
  const message = `From: friend@ada.test\\nTo: ${to}\\nSubject: ${mark}\\nMessage-ID: <${mark}@ada.test>\\nDate: ${new Date().toUTCString().replace('GMT', '+0000')}\\n\\nHello\\n`
  await run(ada, 'server', `printf '${message}' | sendmail -f friend@ada.test '${to}'`)
  return () =>
    run(
      ada,
      'server',
      `id=$(grep '<${mark}@' /var/log/mail.log | sed -n 's/.*cleanup\\[[0-9]*\\]: \\([A-F0-9a-zA-Z]*\\):.*/\\1/p' | head -1); grep "$id: to=" /var/log/mail.log`,
    )
}

describe('two servers of the room', () => {
  it('write to each other by what the DNS says', async () => {
    const said = await write('friend@bob.test')
    await expect.poll(said, { timeout: 20_000 }).toMatch(/relay=mail\.bob\.test\[.*status=sent/)
    expect(await run(bob, 'server', 'cat /var/mail/friend')).toContain('From: friend@ada.test')
  })
})

describe('a third one of the room', () => {
  it('does not see what two others write to each other', async () => {
    const listen = 'nohup tcpdump -l -A -s 0 -i any tcp port 25 >/tmp/wire 2>/tmp/tcpdump &'
    await run(carol, 'desk', listen)
    await expect
      .poll(() => run(carol, 'desk', 'cat /tmp/tcpdump'), { timeout: 10_000 })
      .toContain('listening')
    const said = await write('friend@bob.test')
    const mark = `mark${count}x`
    await expect.poll(said, { timeout: 20_000 }).toContain('status=sent')
    await expect.poll(() => run(bob, 'server', 'cat /var/mail/friend')).toContain(mark)
    // What carol writes herself she does see: the wire is watched.
    const own = `swaks -s mx.grosmail.test -f carol@carol.test -t zoe@grosmail.test --h-Subject own-words`
    await run(carol, 'desk', own)
    await expect.poll(() => run(carol, 'desk', 'cat /tmp/wire'), { timeout: 10_000 }).toContain('own-words')
    expect(await run(carol, 'desk', 'cat /tmp/wire')).not.toContain(mark)
    await run(carol, 'desk', 'kill $(pidof tcpdump)')
  })

  it('can lead nobody else’s mail to herself, nor send it as theirs through their gateway', async () => {
    const update = `printf 'server ns.nic.test\nzone bob.test\nupdate add bob.test 300 MX 5 mail.carol.test.\nsend\n' | nsupdate -k /home/carol/registrar.key 2>&1`
    expect(await run(carol, 'desk', update)).toMatch(/NOTAUTH|REFUSED|BADKEY|NOTZONE/)
    expect(await run(carol, 'desk', 'dig +short MX bob.test')).toBe('10 mail.bob.test.\n')
    const guess = `swaks -s smtp.relais.test -p 587 --tls --auth-user bob@relais.test --auth-password $(. /srv/slips/relay.txt; echo $RELAY_PASSWORD) -f friend@bob.test -t zoe@grosmail.test 2>&1`
    expect(await run(carol, 'desk', guess)).toContain('535 5.7.8')
  })
})

describe('a strict domain with SPF and reverse names', () => {
  it('reaches grosmail', async () => {
    const said = await write('zoe@grosmail.test')
    await expect.poll(said, { timeout: 20_000 }).toMatch(/dsn=2\.0\.0, status=sent/)
  })

  it('is refused by agrume for its missing DKIM, in agrume’s words', async () => {
    const said = await write('zoe@agrume.test')
    await expect.poll(said, { timeout: 20_000 }).toMatch(/dsn=5\.7\.20, status=bounced .*AGR_535/)
  })

  it('waits for copine, and comes through when it tries again', async () => {
    const said = await write('zoe@copine.test')
    await expect.poll(said, { timeout: 20_000 }).toMatch(/dsn=4\.7\.1, status=deferred/)
    await new Promise(done => setTimeout(done, 15_500))
    await run(ada, 'server', 'postqueue -f')
    await expect.poll(said, { timeout: 20_000 }).toMatch(/status=sent/)
  }, 60_000)

  it('is refused by grosmail when its reverse names are gone', async () => {
    const state = await place.labs.internet<{ records: object[] }>(event, 'GET', '/domains/ada.test')
    await place.labs.internet(event, 'PUT', '/domains/ada.test', { records: state.records, reverse: {} })
    const said = await write('zoe@grosmail.test')
    await expect.poll(said, { timeout: 20_000 }).toMatch(/dsn=5\.7\.25, status=bounced/)
  })
})

describe('a beginner’s domain', () => {
  it('without anything is taken, and lands in spam with the reasons', async () => {
    await place.labs.internet(event, 'DELETE', '/domains/ada.test/strict')
    const said = await write('ada@grosmail.test')
    await expect.poll(said, { timeout: 20_000 }).toMatch(/status=sent/)
    const { mailboxes } = await place.labs.internet<{
      mailboxes: {
        messages: { subject: string; folder: string; verdict: { reasons: { rule: string }[] } }[]
      }[]
    }>(event, 'GET', '/people/ada')
    const [message] = mailboxes[0]?.messages ?? []
    expect(message?.folder).toBe('junk')
    expect(message?.verdict.reasons.map(({ rule }) => rule)).toContain('reverse')
  })
})

it.each(['grosmail', 'agrume', 'fenetre', 'copine'])('%s speaks to swaks and openssl', async name => {
  const dialogue = await run(
    bob,
    'desk',
    `swaks -s mx.${name}.test -tls -f '' -t no-such-user@${name}.test --quit-after RCPT 2>&1`,
  )
  expect(dialogue).toMatch(new RegExp(`220 mx\\.${name}\\.test ESMTP`))
  expect(dialogue).toMatch(/TLS started with cipher TLSv1\.3/)
  expect(dialogue).toMatch(/550 5\.1\.1|501 5\.5\.4/)
  const seen = await run(
    bob,
    'desk',
    `openssl s_client -starttls smtp -connect mx.${name}.test:25 -verify_hostname mx.${name}.test -verify_return_error -brief </dev/null 2>&1`,
  )
  expect(seen).toContain('Verification: OK')
})
