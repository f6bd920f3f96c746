import { once } from 'node:events'
import { connect } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { ProbeError } from '../../checker/probes/error.ts'
import type { SmtpSession } from '../../checker/probes/types.ts'
import { LabError } from '../../containers/types.ts'
import { authority, cert, key } from './certificate.ts'
import { closeAll, listening, type Ports, probesOf, saying, serverThat } from './lab.ts'

afterEach(closeAll)

type Talk<T> = (session: SmtpSession) => Promise<T>
const on25 = async <T>(server: Ports[number], talk: Talk<T>, tls: 'none' | 'starttls' = 'none'): Promise<T> =>
  probesOf({ 25: server }).smtp.session({ port: 25, tls }, talk)

const failure = async (work: Promise<unknown>): Promise<ProbeError> => {
  const error = await work.then(
    () => null,
    cause => cause,
  )
  if (!(error instanceof ProbeError)) throw new Error(`expected a ProbeError, got ${error}`, { cause: error })
  return error
}

const nothing = async () => {}

interface Received {
  from: string
  to: string[]
  source: string
}

/** A right server: STARTTLS, AUTH for ada, one refused recipient. */
async function rightServer(received: Received[], secure = false) {
  const smtp = new SMTPServer({
    key,
    cert,
    secure,
    name: 'mail.you.test',
    authMethods: ['PLAIN', 'LOGIN'],
    authOptional: true,
    logger: false,
    onAuth({ username, password }, _session, done) {
      if (username === 'ada' && password === 'secret') return done(null, { user: username })
      done(Object.assign(new Error('5.7.8 Who are you?'), { responseCode: 535 }))
    },
    onRcptTo({ address }, _session, done) {
      if (address === 'nobody@you.test')
        return done(Object.assign(new Error('5.1.1 Nobody'), { responseCode: 550 }))
      done()
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', chunk => chunks.push(chunk))
      stream.on('end', () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : ''
        const to = envelope.rcptTo.map(({ address }) => address)
        received.push({ from, to, source: Buffer.concat(chunks).toString() })
        done(null, '2.0.0 Kept')
      })
    },
  })
  smtp.on('error', () => {})
  await listening(smtp.server)
  return smtp.server
}

describe('an SMTP session with a right server', () => {
  it('delivers a message byte for byte, dots at the begin of lines included', async () => {
    const received: Received[] = []
    const message = 'Subject: dots\r\n\r\n.one\r\n..two\r\n.\r\nend\r\n'
    const reply = await on25(await rightServer(received), session =>
      session.send({ from: 'a@grosmail.test', to: ['ada@you.test'] }, message),
    )
    expect(reply).toEqual({ at: 'END', code: 250, enhanced: '2.0.0', text: 'Kept' })
    expect(received).toEqual([{ from: 'a@grosmail.test', to: ['ada@you.test'], source: message }])
  })

  it('says at which command it was refused, and can begin another message', async () => {
    const received: Received[] = []
    const [refused, kept] = await on25(await rightServer(received), async session => [
      await session.send({ from: 'a@grosmail.test', to: ['nobody@you.test'] }, 'x'),
      await session.send({ from: 'a@grosmail.test', to: ['ada@you.test'] }, 'y\n'),
    ])
    expect(refused).toEqual({ at: 'RCPT', code: 550, enhanced: '5.1.1', text: 'Nobody' })
    expect(kept).toMatchObject({ at: 'END', code: 250 })
    expect(received.map(({ source }) => source)).toEqual(['y\r\n'])
  })

  it('upgrades with STARTTLS, asks EHLO anew and offers AUTH only then', async () => {
    const server = await rightServer([])
    const before = await on25(server, async session => [session.secure, session.extensions.has('STARTTLS')])
    const after = await on25(
      server,
      async session => [session.secure, session.extensions.has('STARTTLS'), session.mechanisms],
      'starttls',
    )
    expect(before).toEqual([false, true])
    expect(after).toEqual([true, false, ['PLAIN', 'LOGIN']])
  })

  it('speaks TLS from the start on 465', async () => {
    const probes = probesOf({ 465: await rightServer([], true) })
    const code = await probes.smtp.session(
      { port: 465, tls: 'implicit' },
      async s => (await s.login('ada', 'secret')).code,
    )
    expect(code).toBe(235)
  })

  it('gives the reply of a refused login, and shows no password in the transcript', async () => {
    const [reply, transcript] = await on25(
      await rightServer([]),
      async session => {
        const refused = await session.login('ada', 'wrong')
        await session.command('AUTH LOGIN')
        await session.command(Buffer.from('ada').toString('base64'))
        await session.command(Buffer.from('secret').toString('base64'))
        return [refused, session.transcript] as const
      },
      'starttls',
    )
    expect(reply).toMatchObject({ code: 535, enhanced: '5.7.8', text: 'Who are you?' })
    expect(transcript).toContain('C: AUTH PLAIN ***\nS: 535 5.7.8 Who are you?')
    expect(transcript).not.toContain(Buffer.from('secret').toString('base64'))
    expect(transcript).not.toContain(Buffer.from('ada').toString('base64'))
  })

  it('sends no second line inside a command', async () => {
    const server = await rightServer([])
    await expect(on25(server, session => session.command('NOOP\r\nRSET'))).rejects.toThrow(TypeError)
  })
})

describe('an SMTP session with a server that is not right', () => {
  it('tells a refused connection from a machinery that broke', async () => {
    const refused = await failure(probesOf({}).smtp.session({ port: 25, tls: 'none' }, nothing))
    expect([refused.kind, refused.observed]).toEqual([
      'refused',
      {
        en: 'Nothing listens on port 25: the connection was refused.',
        fr: 'Rien n’écoute sur le port 25 : la connexion a été refusée.',
      },
    ])
    const gone = await failure(
      on25(new LabError('unreachable', 'connect ENOENT /var/run/docker.sock'), nothing),
    )
    expect(gone.kind).toBe('ours')
    const dropped = await failure(on25(new LabError('refused', 'connect: Connection timed out'), nothing))
    expect(dropped.kind).toBe('timeout')
    const away = await failure(on25(new LabError('refused', 'connect: No route to host'), nothing))
    expect(away.kind).toBe('ours')
  })

  it('names what it was waiting for when the connection is closed', async () => {
    const mute = await failure(on25(await serverThat(socket => socket.end()), nothing))
    expect([mute.kind, mute.observed.en]).toEqual([
      'closed',
      'The server closed the connection on port 25 before the banner.',
    ])
    const half = await serverThat(socket => socket.end('220 mail.you.test\r\n250-mail.you.test\r\n250-SI'))
    const cut = await failure(on25(half, nothing))
    expect([cut.kind, cut.observed.fr]).toEqual([
      'closed',
      'Le serveur a fermé la connexion sur le port 25 avant la réponse à EHLO.',
    ])
    expect(cut.transcript).toBe('S: 220 mail.you.test\nC: EHLO mx.grosmail.test\nS: 250-mail.you.test')
  })

  it('refuses a line without end, however much comes', async () => {
    let sent = 0
    const flood = await serverThat(socket => {
      const more = () => {
        while (!socket.destroyed && socket.write('220 '.padEnd(65_536, 'x'))) sent += 65_536
      }
      socket.on('drain', more)
      more()
    })
    const error = await failure(on25(flood, nothing))
    expect([error.kind, error.observed.en]).toEqual([
      'protocol',
      'A line longer than 4096 bytes came on port 25.',
    ])
    expect(sent).toBeLessThan(64_000_000)
  })

  it('refuses a reply without end', async () => {
    const lines = '220-hello\r\n'.repeat(100_000)
    expect((await failure(on25(await saying(lines), nothing))).kind).toBe('protocol')
  })

  it('shows what is no SMTP, without its escapes', async () => {
    const error = await failure(on25(await saying('SSH-2.0-\u001b[2J\u202eOpenSSH\r\n'), nothing))
    expect([error.kind, error.observed.en]).toEqual([
      'protocol',
      'Not an SMTP reply on port 25: «SSH-2.0-OpenSSH»',
    ])
  })

  it('takes a busy server’s banner for what it says', async () => {
    const error = await failure(on25(await saying('421 4.3.2 Too busy\r\n'), nothing))
    expect(error.observed.en).toBe('Expected 220 on port 25, got: 421 4.3.2 Too busy')
  })

  it('refuses clear text that was put behind STARTTLS (CVE-2011-0411)', async () => {
    const ehlo = '250-mail.you.test\r\n250 STARTTLS\r\n'
    const injected = await saying('220 hi\r\n', ehlo, '220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n')
    const error = await failure(on25(injected, nothing, 'starttls'))
    expect([error.kind, error.observed.en]).toEqual([
      'protocol',
      'Clear text came before the TLS handshake on port 25.',
    ])
  })

  it('calls a STARTTLS that is not offered, or refused, or no TLS, a failure of TLS', async () => {
    const without = await saying('220 hi\r\n', '250 mail.you.test\r\n')
    const ehlo = '250-mail.you.test\r\n250 STARTTLS\r\n'
    const refusing = await saying('220 hi\r\n', ehlo, '454 4.7.0 no\r\n')
    const fake = await serverThat(socket => {
      const lines = ['220 hi\r\n', ehlo, '220 go\r\n']
      socket.write(lines.shift() ?? '')
      socket.on('data', () => socket.write(lines.shift() ?? 'this is no TLS record at all\r\n'))
    })
    for (const server of [without, refusing, fake])
      expect((await failure(on25(server, nothing, 'starttls'))).kind).toBe('tls')
  })

  it('lets a server lie about AUTH and gives its reply to the check', async () => {
    const lying = await saying(
      '220 hi\r\n',
      '250-mail.you.test\r\n250 AUTH PLAIN\r\n',
      '503 5.5.1 No AUTH here\r\n',
    )
    const seen = await on25(lying, async s => [s.mechanisms, (await s.login('ada', 'x')).code])
    expect(seen).toEqual([['PLAIN'], 503])
  })

  it('ends at once when the check is stopped', async () => {
    const stop = new AbortController()
    const server = await serverThat(() => stop.abort(new Error('enough')))
    const session = probesOf({ 25: server }, stop.signal).smtp.session({ port: 25, tls: 'none' }, nothing)
    await expect(session).rejects.toThrow('enough')
  })
})

describe.concurrent('a server that keeps still', () => {
  it('is given ten seconds for its banner', { timeout: 15_000 }, async () => {
    const error = await failure(on25(await serverThat(() => {}), nothing))
    expect([error.kind, error.observed]).toEqual([
      'timeout',
      {
        en: 'No answer on port 25 within 10 s, waiting for the banner.',
        fr: 'Pas de réponse sur le port 25 en 10 s, dans l’attente de : la bannière.',
      },
    ])
  })

  it('gains no time by sending a byte now and then', { timeout: 15_000 }, async () => {
    const dripping = await serverThat(socket => {
      const timer = setInterval(() => socket.write('2'), 500)
      socket.once('close', () => clearInterval(timer))
    })
    expect((await failure(on25(dripping, nothing))).kind).toBe('timeout')
  })

  it('is given ten seconds for its TLS handshake', { timeout: 15_000 }, async () => {
    const probes = probesOf({ 465: await serverThat(() => {}) })
    const error = await failure(probes.smtp.session({ port: 465, tls: 'implicit' }, nothing))
    expect([error.kind, error.observed.en]).toEqual([
      'timeout',
      'No answer on port 465 within 10 s, waiting for the end of the TLS handshake.',
    ])
  })
})

describe('a TLS handshake', () => {
  it('reports certificate, names and trust', async () => {
    const server = await rightServer([])
    const trusting = probesOf({ 25: server }, undefined, [authority])
    const seen = await trusting.tls.handshake({ port: 25, starttls: 'smtp' })
    expect(seen).toMatchObject({
      protocol: 'TLSv1.3',
      subject: 'mail.you.test',
      altNames: ['DNS:mail.you.test', 'DNS:imap.you.test'],
      trusted: true,
      why: '',
    })
    const bare = await probesOf({ 465: await rightServer([], true) }).tls.handshake({ port: 465 })
    expect([bare.trusted, bare.why]).toEqual([false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])
  })

  it('fails in words where clear text is spoken', async () => {
    const error = await failure(probesOf({ 465: await saying('220 hi\r\n') }).tls.handshake({ port: 465 }))
    expect(error.kind).toBe('tls')
    expect(error.observed.en).toMatch(/^The TLS handshake on port 465 failed: /)
  })

  it('asks an IMAP server for STARTTLS', async () => {
    const refusing = await saying('* OK hi\r\n', '* CAPABILITY x\r\na NO not here\r\n')
    const error = await failure(probesOf({ 143: refusing }).tls.handshake({ port: 143, starttls: 'imap' }))
    expect(error.observed.en).toBe('STARTTLS is not offered on port 143, or was refused.')
  })
})

it('leaves no connection behind', async () => {
  const server = await rightServer([])
  await on25(server, nothing)
  const port = (server.address() as { port: number }).port
  const other = connect(port, '127.0.0.1')
  await once(other, 'data')
  other.destroy()
  await expect.poll(() => new Promise(resolve => server.getConnections((_, count) => resolve(count)))).toBe(0)
})
