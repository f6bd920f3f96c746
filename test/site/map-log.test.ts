import { describe, expect, test } from 'vitest'
import { PostfixLog } from '../../site/server/map/postfix-log.ts'

const at = (text: string) => `2026-11-21T04:23:03.123456+00:00 mail ${text}`
const NOW = Date.parse('2026-11-21T04:24:00Z')

/** What the lines of a log say, one after the other. */
function read(...lines: string[]) {
  const log = new PostfixLog()
  return lines.map(line => log.read(line, NOW)).filter(said => said !== null)
}

const sent = (status: string) =>
  at(
    `postfix/smtp[912]: 4F1B22081A: to=<bob@bob.test>, relay=mail.bob.test[198.18.0.20]:25, delay=0.2, delays=0/0/0.1/0.1, ${status}`,
  )

describe('the log of a Postfix says', () => {
  test('that a message went out, by whom, to whom and with what reply', () => {
    const [said] = read(
      at('postfix/qmgr[80]: 4F1B22081A: from=<ada@ada.test>, size=431, nrcpt=1 (queue active)'),
      sent('dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 5A)'),
    )
    expect(said).toEqual({
      at: Date.parse('2026-11-21T04:23:03.123Z'),
      way: 'out',
      peer: '198.18.0.20',
      sender: 'ada@ada.test',
      recipient: 'bob@bob.test',
      size: 431,
      fate: 'inbox',
      code: 250,
      reply: '250 2.0.0 Ok: queued as 5A',
    })
  })

  test('what the other server answered when it bounced', () => {
    const [said] = read(
      sent(
        'dsn=5.1.1, status=bounced (host mail.bob.test[198.18.0.20] said: 550 5.1.1 <bob@bob.test>: Recipient address rejected: User unknown (in reply to RCPT TO command))',
      ),
    )
    expect(said).toMatchObject({ fate: 'refused', code: 550 })
    expect(said?.reply).toBe('550 5.1.1 <bob@bob.test>: Recipient address rejected: User unknown')
  })

  test('that nobody was reached', () => {
    const line = sent(
      'dsn=4.4.1, status=deferred (connect to mail.bob.test[198.18.0.20]:25: Connection refused)',
    )
    expect(read(line.replace('mail.bob.test[198.18.0.20]:25, delay', 'none, delay'))).toMatchObject([
      {
        peer: null,
        fate: 'deferred',
        code: 0,
        reply: '4.4.1 connect to mail.bob.test[198.18.0.20]:25: Connection refused',
      },
    ])
  })

  test('whom it refused, and why', () => {
    const line = at(
      'postfix/smtpd[33]: NOQUEUE: reject: RCPT from mail.bob.test[198.18.0.20]: 554 5.7.1 <eve@else.test>: Relay access denied; from=<bob@bob.test> to=<eve@else.test> proto=ESMTP helo=<mail.bob.test>',
    )
    expect(read(line)).toMatchObject([
      {
        way: 'in',
        peer: '198.18.0.20',
        fate: 'refused',
        code: 554,
        sender: 'bob@bob.test',
        recipient: 'eve@else.test',
      },
    ])
  })

  test('that mail of another host came to its box, or to the one for spam; nothing of its own people’s', () => {
    const from = (client: string) => [
      at(`postfix/smtpd[33]: 5A1B22081A: client=${client}`),
      at('postfix/cleanup[34]: 5A1B22081A: message-id=<m1@bob.test>'),
    ]
    const end = at(
      'postfix/lmtp[35]: 5A1B22081A: to=<sasha@ada.test>, relay=mail.ada.test[private/dovecot-lmtp], delay=0.1, dsn=2.0.0, status=sent (250 2.0.0 <sasha> Saved)',
    )
    const junk = at(
      "dovecot: lmtp(sasha)<77><abc>: sieve: msgid=<m1@bob.test>: stored mail into mailbox 'Junk'",
    )
    expect(read(...from('mail.bob.test[198.18.0.20]'), end)).toMatchObject([
      { way: 'in', fate: 'inbox', peer: '198.18.0.20' },
    ])
    expect(read(...from('mail.bob.test[198.18.0.20]'), junk, end)).toMatchObject([
      { way: 'in', fate: 'spam' },
    ])
    expect(read(...from('desk[198.18.0.17], sasl_method=PLAIN, sasl_username=sasha'), end)).toEqual([])
  })

  test('nothing in lines that only look like it, are too long, or lie about their time by more than a week', () => {
    const good = sent('dsn=2.0.0, status=sent (250 ok)')
    expect(
      read(good.replace('postfix/smtp', 'postfix/smtp/evil'), good.replace('status=sent', 'status=won')),
    ).toEqual([])
    expect(read(good.replace('250 ok', 'x'.repeat(3000)), `\u0000${good}`, good.slice(20), '')).toEqual([])
    expect(read(good.replace('2026', '1970'))[0]?.at).toBe(NOW)
    expect(read(good.replace('2026', '2099'))[0]?.at).toBe(NOW)
  })

  test('nothing quickly, however hostile the line', () => {
    const began = performance.now()
    for (const fill of ['[', '<a@b>,', 'said: 5', ': ', ' (', '\\'])
      read(
        sent(fill.repeat(1900).slice(0, 1850)),
        at(`postfix/smtpd[1]: NOQUEUE: reject: RCPT from ${fill.repeat(800)}`),
      )
    expect(performance.now() - began).toBeLessThan(2000)
  })

  test('and remembers a bounded number of messages', () => {
    const log = new PostfixLog()
    for (let i = 0; i < 5000; i++)
      log.read(
        at(
          `postfix/qmgr[80]: ${(0xabcdef0 + i).toString(16).toUpperCase()}: from=<a@a.test>, size=1, nrcpt=1`,
        ),
        NOW,
      )
    const [line] = [
      sent('dsn=2.0.0, status=sent (250 ok)').replace('4F1B22081A', (0xabcdef0).toString(16).toUpperCase()),
    ]
    expect(log.read(line ?? '', NOW)).toMatchObject({ sender: '' })
  })
})
