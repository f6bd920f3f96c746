/** Providers' mailboxes with the tools that a participant has on the desk: openssl, curl, mutt. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { MailDetail, MailSummary, PeopleAnswer, PersonAnswer } from '../../containers/internet/api.ts'
import type { Lab, Machine, Start } from '../../containers/types.ts'
import { type Ground, ground, plain } from '../fixture.ts'

let here: Ground & AsyncDisposable
let event: string
let ada: Lab
let bob: Lab

/** What providers let into the inbox: SPF names both machines. */
const wellKept: Start = {
  ...plain,
  names: lab => {
    const { records = [], reverse = {} } = plain.names?.(lab) ?? {}
    const spf = { name: '@', type: 'TXT' as const, data: `"v=spf1 mx a:desk.${lab.domain} -all"` }
    return { records: [...records, spf], reverse }
  },
}

beforeAll(async () => {
  here = await ground()
  event = here.event()
  await here.labs.ensureEvent(event)
  ;[ada, bob] = await Promise.all([
    here.labs.open({ event, participant: 'ada' }, wellKept),
    here.labs.open({ event, participant: 'bob' }, wellKept),
  ])
  // Trust in the lab's authority is not this test's subject: certificates are compared with it all the same.
  const { stdout: authority } = await here.engine.exec(internetOf(), ['cat', '/var/lib/internet/ca.crt'])
  for (const lab of [ada, bob])
    await here.labs.exec(lab, 'desk', ['sh', '-c', 'cat >>/etc/ssl/certs/ca-certificates.crt'], {
      input: `\n${authority}`,
    })
  // The desk gets its passwords and mutt's settings behind its opening.
  const told = 'test -s mailboxes.txt && test -s .muttrc'
  for (const lab of [ada, bob])
    await vi.waitFor(async () => expect((await sh(lab, 'desk', told)).code).toBe(0), 60_000)
}, 180_000)

afterAll(async () => {
  await here?.[Symbol.asyncDispose]()
}, 60_000)

const internetOf = () => `ten-${here.instance}-${event}-internet`
const sh = (lab: Lab, machine: Machine, script: string, user = '1000') =>
  here.labs.exec(lab, machine, ['bash', '-c', `cd; ${script}`], { user, timeoutMs: 90_000 })
const person = (name: string) => here.labs.internet<PersonAnswer>(event, 'GET', `/people/${name}`)
const inbox = async (name: string) => (await person(name)).mailboxes[0]?.messages ?? []

/** As a machine of the lab hands a message over to the provider's MX. */
const write = (from: Lab, to: string, message: string, sender = `ada@${from.domain}`) =>
  sh(
    from,
    'desk',
    `cat >/tmp/m.eml <<'END'\nDate: ${new Date().toUTCString().replace('GMT', '+0000')}\n${message}\nEND\nswaks --silent 2 -s mx.grosmail.test -tls -f '${sender}' -t '${to}' -d @/tmp/m.eml 2>&1`,
  )

const ACCOUNT = (provider: string) =>
  `read -r address password host < <(grep @${provider}.test mailboxes.txt)`

describe('on the desk', () => {
  test('lie the passwords of four mailboxes, for nobody else to read', async () => {
    const seen = await sh(ada, 'desk', 'stat -c "%a %U" mailboxes.txt .muttrc; cat mailboxes.txt')
    expect(seen.stdout).toMatch(/^600 ada\n600 ada\n/)
    for (const provider of ['grosmail', 'agrume', 'fenetre', 'copine'])
      expect(seen.stdout).toMatch(
        new RegExp(`^ada@${provider}\\.test {2}[a-z2-9]{20} {2}imap\\.${provider}\\.test$`, 'm'),
      )
  })

  test('mutt opens the mailbox and shows what arrived, without a question', async () => {
    await write(ada, 'ada@grosmail.test', 'From: Zoe <zoe@ada.test>\nSubject: for mutt\n\nhello from zoe')
    const seen = await sh(
      ada,
      'desk',
      `export TERM=xterm-256color; (for i in 1 2 3 4 5 6; do sleep 1; printf '\\n'; done; printf 'qqq'; sleep 1) |
       timeout 20 script -qc 'stty rows 24 cols 100; mutt' /dev/null`,
    )
    expect(seen.stdout).toContain('for mutt')
    expect(seen.stdout).toContain('hello from zoe')
  })
})

describe('IMAP at a provider', () => {
  test.each([
    ['grosmail', 4],
    ['agrume', 5],
    ['fenetre', 6],
    ['copine', 7],
  ])('%s shows its own certificate at its own address, in both families', async (provider, place) => {
    const four = ada.address.server.ipv4.replace(/\d+$/, `${place}`)
    const six = ada.address.server.ipv6.replace(/[0-9a-f]+$/, `${place}`)
    for (const host of [`${four}:993`, `[${six}]:993`]) {
      const seen = await sh(
        ada,
        'desk',
        `openssl s_client -connect '${host}' -verify_return_error -verify_hostname imap.${provider}.test </dev/null 2>&1`,
      )
      expect(seen.stdout).toContain('Verify return code: 0 (ok)')
    }
    const upgraded = await sh(
      ada,
      'desk',
      `openssl s_client -connect ${four}:143 -starttls imap -verify_return_error -verify_hostname imap.${provider}.test </dev/null 2>&1`,
    )
    expect(upgraded.stdout).toContain('Verify return code: 0 (ok)')
    const login = await sh(
      ada,
      'desk',
      `${ACCOUNT(provider)}; curl -sS --resolve $host:993:${four} --user "$address:$password" "imaps://$host/" -X NOOP && echo in`,
    )
    expect(login.stdout + login.stderr).toBe('in\n')
  })

  test('gives the message with its trace and return path, over STARTTLS too', async () => {
    await write(ada, 'ada+detail@grosmail.test', 'From: Zoe <zoe@ada.test>\nSubject: whole\n\nbody')
    const seen = await sh(
      ada,
      'desk',
      `${ACCOUNT('grosmail')}; n=$(curl -sS --user "$address:$password" "imaps://$host/INBOX" -X 'SEARCH SUBJECT whole' | tr -dc 0-9)
       curl -sS --ssl-reqd --user "$address:$password" "imap://$host/INBOX;MAILINDEX=$n"`,
    )
    expect(seen.stdout).toMatch(
      /^Return-Path: <ada@ada\.test>\r\nDelivered-To: ada\+detail@grosmail\.test\r\n/,
    )
    expect(seen.stdout).toMatch(/Received: from desk\.ada\.test[\s\S]*by mx\.grosmail\.test with ESMTPS/)
    expect(seen.stdout).toMatch(/\r\n\r\nbody/)
  })

  test('refuses a password in clear', async () => {
    const seen = await sh(
      ada,
      'desk',
      `${ACCOUNT('grosmail')}; printf 'a LOGIN %s %s\\r\\nb LOGOUT\\r\\n' "$address" "$password" | nc -q 3 $host 143`,
    )
    expect(seen.stdout).toContain('LOGINDISABLED')
    expect(seen.stdout).toMatch(/a NO \[PRIVACYREQUIRED\]/)
  })

  test("refuses another's password, and another's mailbox with one's own, and slows guessing down", async () => {
    const { stdout } = await sh(bob, 'desk', `${ACCOUNT('grosmail')}; echo $password`)
    const seen = await sh(
      bob,
      'desk',
      `for i in 1 2 3; do curl -sS --user 'ada@grosmail.test:${stdout.trim()}' imaps://imap.grosmail.test/ -X NOOP; echo $?; done; echo $SECONDS s`,
    )
    expect(seen.stdout).toMatch(/^67\n67\n67\n/)
    expect(Number(/(\d+) s/.exec(seen.stdout)?.[1])).toBeGreaterThanOrEqual(4)
    // Where the login name is made into a path, nothing may lead out of it.
    const traversal = await sh(
      bob,
      'desk',
      `curl -sS --user '../ada@grosmail.test:${stdout.trim()}' imaps://imap.grosmail.test/ -X NOOP; echo $?`,
    )
    expect(traversal.stdout).toBe('67\n')
  })

  test('stops one participant from taking all connections, and does not let a mailbox grow without end', async () => {
    const seen = await sh(
      ada,
      'desk',
      `${ACCOUNT('grosmail')}
python3 - "$address" "$password" "$host" <<'END'
import imaplib, sys
address, password, host = sys.argv[1:]
open_ = []
try:
    for i in range(9):
        c = imaplib.IMAP4_SSL(host); c.login(address, password); open_.append(c)
except imaplib.IMAP4.error as e: print('limit', i, e)
c = open_[0]; c.select('INBOX')
print([c.append('Sent', None, None, b'x' * 7_000_000)[0] for i in range(4)])
print(max(int(c.create('box%d' % i)[0] == 'OK') * i for i in range(60)))
END`,
    )
    expect(seen.stdout).toMatch(/^limit 4 .*LIMIT/)
    expect(seen.stdout).toContain("['OK', 'OK', 'NO', 'NO']")
    expect(Number(seen.stdout.trim().split('\n').at(-1))).toBeLessThan(30)
  })
})

describe('the control API', () => {
  test('lists, opens, moves and removes a message, and IMAP sees the same', async () => {
    await write(
      bob,
      'bob@grosmail.test',
      'From: Zoé <zoe@bob.test>\nSubject: =?utf-8?q?caf=C3=A9?=\nContent-Type: text/html\n\n<p>Hi <b>bob</b></p><script>alert(1)</script>',
      'zoe@bob.test',
    )
    const [first] = await inbox('bob')
    expect(first).toMatchObject({
      folder: 'inbox',
      subject: 'café',
      from: 'Zoé <zoe@bob.test>',
      unread: true,
    })
    expect(first?.verdict).toMatchObject({ fate: 'inbox', reasons: [], authentication: { spf: 'pass' } })
    const at = (id: string) => `/mailboxes/bob@grosmail.test/messages/${encodeURIComponent(id)}`
    const path = at(first?.id ?? '')
    const detail = await here.labs.internet<MailDetail>(event, 'GET', path)
    expect(detail.text).toContain('Hi bob')
    expect(detail.text).not.toContain('<')
    expect(detail.envelope).toMatchObject({ from: 'zoe@bob.test', helo: 'desk.bob.test', tls: true })
    expect(detail.source).toContain('<script>')

    await here.labs.internet(event, 'POST', path, { folder: 'junk', seen: true })
    const junk = await sh(
      bob,
      'desk',
      `${ACCOUNT('grosmail')}; curl -sSk --user "$address:$password" "imaps://$host/Junk" -X 'FETCH 1 (FLAGS)'; curl -sSk --user "$address:$password" "imaps://$host/" -X 'LIST (SPECIAL-USE) "" "*"'`,
    )
    expect(junk.stdout).toMatch(/FLAGS \(.*\\Seen/)
    expect(junk.stdout).toMatch(/\\Junk\b.* Junk/)

    // Back by IMAP: the file gets another name, and what the provider thought is still known.
    await sh(
      bob,
      'desk',
      `${ACCOUNT('grosmail')}; curl -sSk --user "$address:$password" "imaps://$host/Junk" -X 'UID MOVE 1:* INBOX'`,
    )
    const [back] = await here.labs.internet<MailSummary[]>(
      event,
      'GET',
      '/mailboxes/bob@grosmail.test/messages',
    )
    expect(back).toMatchObject({ folder: 'inbox', unread: false, verdict: { fate: 'inbox' } })
    await here.labs.internet(event, 'DELETE', at(back?.id ?? ''))
    expect(await inbox('bob')).toEqual([])
    await expect(here.labs.internet(event, 'GET', at(back?.id ?? ''))).rejects.toThrow(/no message/)
    await expect(here.labs.internet(event, 'GET', at('../../slips/x'))).rejects.toThrow(/no message/)
  })

  test('gives nobody the name of a role, and tells the same passwords twice', async () => {
    for (const participant of ['postmaster', 'member-x', 'lucie.moreau', '../x', 'A'])
      await expect(here.labs.internet(event, 'POST', '/people', { participant })).rejects.toThrow(
        /expected|role/,
      )
    const put = () => here.labs.internet<PeopleAnswer>(event, 'POST', '/people', { participant: 'carl' })
    const first = await put()
    expect(first.made).toBe(true)
    expect(await put()).toEqual({ ...first, made: false })
  })

  test('removes the mailboxes with the domain', async () => {
    const domain = { records: [], reverse: {}, addresses: [], key: Buffer.alloc(32).toString('base64') }
    await here.labs.internet(event, 'POST', '/domains/dora.test', domain)
    const { mailboxes } = await here.labs.internet<PeopleAnswer>(event, 'POST', '/people', {
      participant: 'dora',
    })
    await write(ada, 'dora@grosmail.test', 'From: ada@ada.test\nSubject: x\n\nx')
    const login = () =>
      sh(
        ada,
        'desk',
        `curl -sS --user 'dora@grosmail.test:${mailboxes[0]?.password}' imaps://imap.grosmail.test/ -X NOOP; echo $?`,
      )
    // Dovecot looks at the file of passwords once a second; whoever comes too early waits as one who guesses does.
    const patient = { timeout: 30_000 }
    await expect.poll(async () => (await login()).stdout, patient).toBe('0\n')
    await here.labs.internet(event, 'DELETE', '/domains/dora.test')
    await expect.poll(async () => (await login()).stdout, patient).toBe('67\n')
    const left = await here.engine.exec(internetOf(), ['sh', '-c', 'ls /var/lib/internet/mail/grosmail.test'])
    expect(left.stdout).not.toContain('dora')
  })
})

describe('friends', () => {
  beforeAll(async () => {
    const script = `
      echo 'postfix postfix/main_mailer_type select Internet Site' | debconf-set-selections
      echo 'postfix postfix/mailname string ada.test' | debconf-set-selections
      apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y postfix
      useradd -m zoe
      cat >/usr/local/bin/auto <<'END'
#!/bin/bash
# A careless autoresponder: answers everything, says nothing of being one.
from=$(sed -n 's/^From:.*<\\(.*\\)>.*/\\1/p' | head -1)
echo "$from" >>/tmp/auto.log
printf 'From: Loop <loop@ada.test>\\nTo: %s\\nSubject: away\\n\\nI am away.\\n' "$from" | /usr/sbin/sendmail -f loop@ada.test "$from"
END
      chmod 755 /usr/local/bin/auto; touch /tmp/auto.log; chmod 666 /tmp/auto.log
      echo 'loop: "|/usr/local/bin/auto"' >>/etc/aliases; newaliases
      postconf -e 'mydestination = ada.test, mail.ada.test, localhost' 'home_mailbox = Maildir/' inet_interfaces=all
      service postfix restart`
    const done = await here.labs.exec(ada, 'server', ['bash', '-c', script], { timeoutMs: 120_000 })
    expect(done.code, done.stderr).toBe(0)
  }, 150_000)

  const received = async () => (await sh(ada, 'server', 'cat ~zoe/Maildir/new/* 2>/dev/null', 'root')).stdout

  test('answer a person, once, in the language they were written in', async () => {
    const message =
      'From: Zoe <zoe@ada.test>\nTo: lucie.moreau@grosmail.test\nSubject: Essai du serveur\nMessage-ID: <one@ada.test>\n\nBonjour Lucie, est-ce que tu as bien le message ?'
    await write(ada, 'lucie.moreau@grosmail.test', message, 'zoe@ada.test')
    await expect.poll(received, { timeout: 20_000 }).toContain('In-Reply-To: <one@ada.test>')
    const mail = await received()
    expect(mail).toMatch(/^From: Lucie Moreau <lucie\.moreau@grosmail\.test>$/m)
    expect(mail).toMatch(/^Subject: Re: Essai du serveur$/m)
    expect(mail).toMatch(/a =C3=A9crit|a écrit/)
    expect(mail.match(/^In-Reply-To:/gm)).toHaveLength(1)
  })

  test('stop answering a machine that answers everything', async () => {
    const calls = async () =>
      (await sh(ada, 'server', 'cat /tmp/auto.log', 'root')).stdout.split('\n').filter(Boolean).length
    await write(
      ada,
      'sam.okafor@grosmail.test',
      'From: Loop <loop@ada.test>\nSubject: hello\n\nhello Sam, this is a test for you',
      'loop@ada.test',
    )
    // Five answers, each after two seconds, and the machine has the last word.
    await expect.poll(calls, { timeout: 40_000 }).toBe(5)
    await expect
      .poll(async () => (await sh(ada, 'server', 'mailq', 'root')).stdout, { timeout: 10_000 })
      .toContain('empty')
    await new Promise(resolve => setTimeout(resolve, 6000))
    expect(await calls()).toBe(5)
  })
})

test('mailboxes, passwords and mail are there after a restart of the container', async () => {
  const before = await person('ada')
  await here.engine.kill(internetOf())
  await here.labs.ensureEvent(event)
  const after = await person('ada')
  expect(after.mailboxes).toEqual(before.mailboxes)
  const login = await sh(
    ada,
    'desk',
    `${ACCOUNT('grosmail')}; curl -sSk --user "$address:$password" imaps://$host/ -X NOOP; echo $?`,
  )
  expect(login.stdout).toBe('0\n')
})
