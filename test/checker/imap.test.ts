import type { Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ProbeError } from '../../checker/probes/error.ts'
import type { ImapOptions } from '../../checker/probes/types.ts'
import { type ImapScript, imapServer } from './imap-server.ts'
import { closeAll, probesOf, serverThat } from './lab.ts'

afterEach(closeAll)

const ada = { user: 'ada', password: 'secret' }
const in993: ImapOptions = { port: 993, tls: 'implicit', ...ada }
const in143: ImapOptions = { port: 143, tls: 'starttls', ...ada }
const clear: ImapOptions = { port: 143, tls: 'none', ...ada }

const imapOf = (server: Server) => probesOf({ 143: server, 993: server }).imap
const imap = async (script: ImapScript) => imapOf(await imapServer(script))

async function failure(work: Promise<unknown>): Promise<ProbeError> {
  const error = await work.then(
    () => null,
    cause => cause,
  )
  if (!(error instanceof ProbeError)) throw new Error(`expected a ProbeError, got ${error}`, { cause: error })
  return error
}

describe('a login', () => {
  it('works over TLS on 993, with STARTTLS on 143 and in clear text', async () => {
    expect((await (await imap({ tls: 'implicit' })).login(in993)).ok).toBe(true)
    expect((await (await imap({ tls: 'starttls' })).login(in143)).ok).toBe(true)
    expect((await (await imap({})).login(clear)).ok).toBe(true)
  })

  it('that is refused gives the server’s words, and no password in the transcript', async () => {
    const probe = await imap({ tls: 'implicit' })
    const { ok, text, transcript } = await probe.login({ ...in993, password: 'geheim' })
    expect([ok, text]).toEqual([false, 'Authentication failed.'])
    expect(transcript).toContain('S: * OK ready')
    expect(transcript).toContain('AUTHENTICATIONFAILED')
    for (const secret of ['geheim', Buffer.from('\0ada\0geheim').toString('base64')])
      expect(transcript).not.toContain(secret)
  })

  it('is not tried where the server says LOGINDISABLED', async () => {
    const { ok, text } = await (await imap({ capability: 'IMAP4rev1 STARTTLS LOGINDISABLED' })).login(clear)
    expect([ok, text]).toEqual([false, 'Login is disabled'])
  })
})

it('a TLS handshake after STARTTLS reports the certificate', async () => {
  const probes = probesOf({ 143: await imapServer({ tls: 'starttls' }) })
  expect(await probes.tls.handshake({ port: 143, starttls: 'imap' })).toMatchObject({
    subject: 'mail.you.test',
    trusted: false,
  })
})

describe('a mailbox', () => {
  const messages = ['Subject: a\r\n\r\nold\r\n', 'Subject: b\r\n\r\ncanary-1\r\n']

  it('gives the source of the message that contains the text', async () => {
    const source = await (await imap({ tls: 'implicit', messages })).fetch(in993, 'canary-1')
    expect(source?.toString()).toBe(messages[1])
  })

  it('is looked at again until the message is there', async () => {
    const box: string[] = []
    const growing = await imap({
      messages: box,
      commands: { NOOP: tag => `* ${box.push('x canary-2')} EXISTS\r\n${tag} OK\r\n` },
    })
    expect((await growing.fetch(clear, 'canary-2'))?.toString()).toBe('x canary-2')
  })

  it('gives null when the message does not come in time', async () => {
    expect(await (await imap({ messages })).fetch(clear, 'canary-9', 700)).toBeNull()
  })

  it('is cleaned of the messages that contain the text', async () => {
    const stored: string[] = []
    const commands = {
      UID: (tag: string, rest: string) => {
        stored.push(rest)
        return rest.startsWith('SEARCH') ? `* SEARCH 2 5\r\n${tag} OK\r\n` : `${tag} OK\r\n`
      },
    }
    expect(await (await imap({ messages, commands })).remove(clear, 'canary-1')).toBe(2)
    expect(stored).toContainEqual(expect.stringMatching(/^STORE 2,5 \+FLAGS(\.SILENT)? \(\\Deleted\)/))
  })

  it('of someone who may not log in is a failed login', async () => {
    const error = await failure((await imap({})).fetch({ ...clear, password: 'x' }, 'canary'))
    expect([error.kind, error.observed]).toEqual([
      'login',
      {
        en: 'The login was refused: Authentication failed.',
        fr: 'La connexion a été refusée : Authentication failed.',
      },
    ])
  })
})

describe('a hostile or broken IMAP server', () => {
  it('that nobody runs is refused, one that hangs up is closed', async () => {
    expect((await failure(probesOf({}).imap.login(in993))).kind).toBe('refused')
    expect((await failure(imapOf(await serverThat(s => s.end())).login(clear))).kind).toBe('closed')
    expect(
      (
        await failure(
          (await imap({ commands: { EXAMINE: (_, __, s) => `${s.destroy() && ''}` } })).fetch(clear, 'x'),
        )
      ).kind,
    ).toBe('closed')
  })

  it('that speaks clear text on 993 fails at TLS', async () => {
    expect((await failure((await imap({})).login(in993))).kind).toBe('tls')
  })

  it('that does not offer STARTTLS, or refuses it, fails at TLS', async () => {
    expect((await failure((await imap({ capability: 'IMAP4rev1' })).login(in143))).kind).toBe('tls')
    const refusing = await imap({ commands: { STARTTLS: tag => `${tag} NO not now\r\n` } })
    expect((await failure(refusing.login(in143))).kind).toBe('tls')
  })

  it('that puts clear text behind STARTTLS is caught', async () => {
    const injecting = await imap({
      commands: { STARTTLS: tag => `${tag} OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n` },
    })
    expect((await failure(injecting.login(in143))).kind).toBe('protocol')
  })

  it('that sends an endless line, or a literal beyond all measure, is caught', async () => {
    const line = await imap({ greeting: `* OK ${'x'.repeat(200_000)}` })
    expect((await failure(line.login(clear))).kind).toBe('protocol')
    const huge = (tag: string, rest: string) =>
      rest.startsWith('SEARCH') ? `* SEARCH 1\r\n${tag} OK\r\n` : '* 1 FETCH (UID 1 BODY[] {999999999}\r\n'
    const literal = await imap({ messages: ['x'], commands: { UID: huge } })
    expect((await failure(literal.fetch(clear, 'x'))).kind).toBe('protocol')
  })

  it('that keeps still is given ten seconds', { timeout: 20_000 }, async () => {
    const error = await failure(imapOf(await serverThat(() => {})).login(clear))
    expect([error.kind, error.observed.en]).toEqual([
      'timeout',
      'No answer on port 143 within 10 s, waiting for the end of the IMAP dialogue.',
    ])
  })

  it('is left at once when the check is stopped', async () => {
    const stop = new AbortController()
    const server = await serverThat(() => stop.abort(new Error('enough')))
    await expect(probesOf({ 143: server }, stop.signal).imap.login(clear)).rejects.toThrow('enough')
  })
})
