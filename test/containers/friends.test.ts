import PostalMime from 'postal-mime'
import { describe, expect, it, vi } from 'vitest'
import type { SendBody } from '../../containers/internet/api.ts'
import { answerTo, languageOf } from '../../containers/internet/friends/answer.ts'
import { openFriends } from '../../containers/internet/friends/answering.ts'
import { FRIENDS, type Friend, friendAddress, friendAt } from '../../containers/internet/friends/friends.ts'
import { openMembers } from '../../containers/internet/friends/members.ts'
import { PersonName } from '../../containers/internet/mailboxes/routes.ts'
import { grosmail } from '../../containers/internet/providers/grosmail.ts'
import type { Envelope } from '../../containers/internet/providers/store.ts'

const lucie = FRIENDS[0] as Friend
const message = (headers: string, text = 'Bonjour Lucie, est-ce que tu vas bien ?') =>
  Buffer.from(`From: Zoé <zoe@you.test>\r\nSubject: Essai\r\n${headers}\r\n${text}\r\n`)
const ask = (headers = '', from = 'zoe@you.test') => answerTo(lucie, { from }, message(headers), () => 0)

describe('the friends', () => {
  it('have names that no participant can have, each with something to say in both languages', () => {
    expect(new Set(FRIENDS.map(friendAddress)).size).toBe(FRIENDS.length)
    for (const friend of FRIENDS) {
      expect(PersonName.safeParse(friend.local).success).toBe(false)
      expect(friend.says.en.length && friend.says.fr.length).toBeGreaterThan(0)
      expect(friendAt(`${friend.provider}.test`, friend.local)).toBe(friend)
    }
  })
})

describe('an answer', () => {
  it('is a reply as a mail program writes it', async () => {
    const written = await ask('Message-ID: <1@you.test>\r\nReferences: <0@you.test>\r\n')
    if (typeof written === 'string') throw new Error(written)
    const email = await PostalMime.parse(written.answer.source)
    expect(email).toMatchObject({
      subject: 'Re: Essai',
      inReplyTo: '<1@you.test>',
      references: '<0@you.test> <1@you.test>',
      from: { name: 'Lucie Moreau', address: 'lucie.moreau@grosmail.test' },
    })
    expect(email.text).toContain(lucie.says.fr[0])
    expect(email.text).toContain('> Bonjour Lucie')
    expect(written.answer).toMatchObject({ from: 'lucie.moreau@grosmail.test', to: 'zoe@you.test' })
  })

  it('goes where the writer wants it', async () => {
    const written = await ask('Reply-To: asso@you.test\r\n')
    expect(typeof written === 'string' ? written : written.answer.to).toBe('asso@you.test')
  })

  it.each([
    ['Auto-Submitted: auto-replied\r\n', 'zoe@you.test', /automatically/],
    ['Precedence: bulk\r\n', 'zoe@you.test', /precedence/],
    ['List-Id: <asso.you.test>\r\n', 'zoe@you.test', /list/],
    ['List-Unsubscribe: <https://you.test/>\r\n', 'zoe@you.test', /list/],
    ['', '', /no return path/],
    ['', 'MAILER-DAEMON@you.test', /machine/],
    ['', 'asso-bounces+zoe@you.test', /machine/],
    ['Reply-To: noreply@you.test\r\n', 'zoe@you.test', /machine/],
    ['Reply-To: sam.okafor@grosmail.test\r\n', 'zoe@you.test', /for ever/],
    ['Reply-To: "x\\r\\nRCPT TO:<a@b.test>"@you.test\r\n', 'zoe@you.test', /no address/],
  ])('is not written to %j from %j', async (headers, from, why) => {
    expect(await ask(headers, from)).toMatch(why)
  })

  it('is written where Auto-Submitted says no', async () => {
    expect(await ask('Auto-Submitted: no\r\n')).toHaveProperty('answer')
  })

  it.each([
    ['Bonjour, merci pour le message', 'fr'],
    ['Hello, thanks for the message', 'en'],
    ['test', null],
  ])('knows the language of %j', (text, language) => expect(languageOf(text)).toBe(language))

  it('puts no line of the subject or of a name into its own header', async () => {
    const source = Buffer.from(
      'From: =?utf-8?q?Eve=0D=0ABcc:_x@y.test?= <eve@you.test>\r\nSubject: =?utf-8?q?a=0D=0ABcc:_x@y.test?=\r\n\r\nhello\r\n',
    )
    const written = await answerTo(lucie, { from: 'eve@you.test' }, source, () => 0)
    if (typeof written === 'string') throw new Error(written)
    expect((await PostalMime.parse(written.answer.source)).headers.map(({ key }) => key)).not.toContain('bcc')
  })
})

describe('people who answer', () => {
  const pace = { triesMs: [1, 1, 1], perCorrespondent: 2, silenceMs: 10_000, most: 3 }
  const envelope: Envelope = {
    from: 'zoe@you.test',
    to: ['lucie.moreau@grosmail.test'],
    remoteAddress: '198.18.0.16',
    helo: 'mail.you.test',
    tls: true,
  }

  function friends(codes: number[]) {
    const sent: SendBody[] = []
    const people = openFriends(
      async (_, body) => {
        sent.push(body)
        const code = codes.shift() ?? 250
        return {
          accepted: code >= 200 && code < 400,
          code,
          reply: '',
          transcript: '',
          secured: { by: 'none', host: '', tls: '', valid: false },
        }
      },
      openMembers(),
      pace,
    )
    const write = (headers = '', fate: 'inbox' | 'spam' = 'inbox') =>
      people.reached(grosmail, 'lucie.moreau', envelope, message(headers), { fate, reasons: [] })
    return { sent, write }
  }
  const settled = () => new Promise(resolve => setTimeout(resolve, 100))

  it('try again after «later», and not after «no»', async () => {
    const later = friends([451, 0])
    later.write()
    await vi.waitFor(() => expect(later.sent).toHaveLength(3), 10_000)
    const never = friends([550])
    never.write()
    await settled()
    expect(never.sent).toHaveLength(1)
  })

  it("don't answer what lies among the junk", async () => {
    const { sent, write } = friends([])
    write('', 'spam')
    await settled()
    expect(sent).toEqual([])
  })

  it('fall silent towards a machine that goes on and on', async () => {
    const { sent, write } = friends([])
    for (let i = 0; i < 6; i++) {
      write()
      await settled()
    }
    expect(sent).toHaveLength(2)
  })

  it('take no more work than they can do', async () => {
    const { sent, write } = friends([])
    for (let i = 0; i < 50; i++) write(`Reply-To: p${i}@you.test\r\n`)
    await settled()
    expect(sent).toHaveLength(3)
  })
})

describe('a member', () => {
  const address = 'member-7@grosmail.test'
  const question = Buffer.from(
    'From: asso-confirm+abcdef0123@lists.you.test\r\nSubject: Your confirmation is needed\r\nMessage-ID: <q@you.test>\r\nPrecedence: bulk\r\n\r\nconfirm abcdef0123\r\n',
  )

  it('confirms when told to, by a reply to the address that asked, and not more often than it may', async () => {
    const members = openMembers()
    expect(await members.confirm(address, question)).toBeNull()
    members.tell(address, true)
    const answer = await members.confirm(address, question)
    expect(answer?.to).toBe('asso-confirm+abcdef0123@lists.you.test')
    const email = await PostalMime.parse(answer?.source ?? '')
    expect(email).toMatchObject({ subject: 'Re: Your confirmation is needed', inReplyTo: '<q@you.test>' })
    expect(email.text).toContain('> confirm abcdef0123')
    expect(await members.confirm(address, question)).not.toBeNull()
    expect(await members.confirm(address, question)).not.toBeNull()
    expect(await members.confirm(address, question)).toBeNull()
  })

  it('answers no post, and nothing once it is told to leave it', async () => {
    const members = openMembers()
    members.tell(address, true)
    expect(await members.confirm(address, message('Precedence: list\r\n'))).toBeNull()
    members.tell(address, false)
    expect(await members.confirm(address, question)).toBeNull()
  })
})
