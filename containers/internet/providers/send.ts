/** Sends as a provider's outgoing server does: the recipient's MX, port 25, STARTTLS where it is offered. */
import { connect, isIPv4, type Socket } from 'node:net'
import { getSystemErrorMap } from 'node:util'
import type { NodemailerError } from 'nodemailer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SendAnswer, SendBody } from '../api.ts'
import type { LabNet } from '../env.ts'
import type { MailLog } from '../mail-log.ts'
import type { Place } from '../places.ts'
import { type Target, targets } from './targets.ts'

const CONNECT_MS = 5000
const WHOLE_MS = 20_000

/** Who sends: where it lives, what it says in EHLO, what the log calls it. */
export interface Sending {
  name: Place
  domain: string
  host: string
}

interface Message {
  from: string
  to: string
  source: Buffer
}

interface Attempt extends SendAnswer {
  /** Nothing was decided: another address, or no TLS, is worth a try. */
  again: 'elsewhere' | 'without-tls' | null
}

/** Rejects in the system's words: `connection refused`. */
function open({ host, address }: Target, from: { ipv4: string; ipv6: string }): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect({ host: address, port: 25, localAddress: isIPv4(address) ? from.ipv4 : from.ipv6 })
    const to = `connect to ${host} [${address}] port 25`
    socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error(`no answer within ${CONNECT_MS / 1000} s`)))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const [, words = error.message] = getSystemErrorMap().get(error.errno ?? 0) ?? []
      fail(new Error(`${to}: ${words}`))
    })
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      socket.removeAllListeners('error')
      done(socket)
    })
  })
}

/** One dialogue over an open connection, written down in `lines`. */
function talk(
  provider: Sending,
  socket: Socket,
  { host, address }: Target,
  { from, to, source }: Message,
  options: { ignoreTLS: boolean; deadline: number },
  lines: string[],
): Promise<Omit<Attempt, 'transcript'>> {
  const left = Math.max(1, options.deadline - Date.now())
  const note = ({ tnx }: { tnx?: string }, text: string) => {
    if (tnx === 'server') lines.push(...text.split(/\r?\n/).map(line => `S: ${line}`))
    else if (tnx === 'client') lines.push(`C: ${text}`)
    else if (tnx === 'message') lines.push(`C: (message, ${source.length} bytes)`)
  }
  const silent = () => undefined
  const connection = new SMTPConnection({
    connection: socket,
    host: address,
    port: 25,
    name: provider.host,
    // As between real servers: encryption without proof of who is there beats none (RFC 7435).
    opportunisticTLS: true,
    ignoreTLS: options.ignoreTLS,
    tls: { rejectUnauthorized: false, servername: host },
    // Its own covers greeting and TLS too, and a server may let a stranger wait for its greeting (postscreen).
    connectionTimeout: left,
    greetingTimeout: left,
    socketTimeout: left,
    transactionLog: true,
    logger: {
      level: silent,
      trace: silent,
      debug: note,
      info: note,
      warn: silent,
      error: silent,
      fatal: silent,
    },
  })
  return new Promise(settle => {
    let timer: NodeJS.Timeout | undefined
    let settled = false
    const end = (accepted: boolean, code: number, reply: string, again: Attempt['again']) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      if (code > 0) connection.quit()
      else connection.close()
      settle({ accepted, code, reply, again })
    }
    timer = setTimeout(() => end(false, 0, `no answer within ${WHOLE_MS / 1000} s`, null), left)
    const fail = (error: NodemailerError | Error) => {
      const { response, responseCode = 0 } = error as NodemailerError
      // Whatever the library calls it: what broke between STARTTLS and the second EHLO is the handshake.
      const handshake = lines.findLast(line => line.startsWith('C: ')) === 'C: STARTTLS'
      const again = responseCode > 0 ? null : handshake ? 'without-tls' : 'elsewhere'
      end(false, responseCode, response?.trim() ?? error.message, again)
    }
    connection.on('error', fail)
    connection.once('end', () => fail(new Error('the server closed the connection')))
    connection.connect(() => {
      connection.send({ from, to: [to], size: source.length }, source, (error, info) => {
        const reply = info?.response ?? ''
        if (error) fail(error)
        else end(true, Number(reply.slice(0, 3)), reply, null)
      })
    })
  })
}

async function attempt(
  provider: Sending,
  target: Target,
  message: Message,
  options: { ignoreTLS: boolean; deadline: number; from: { ipv4: string; ipv6: string } },
): Promise<Attempt> {
  const lines = [`-- connecting to ${target.host} [${target.address}] port 25`]
  const answer = await open(target, options.from).then(
    socket => talk(provider, socket, target, message, options, lines),
    (error: Error) => ({ accepted: false, code: 0, reply: error.message, again: 'elsewhere' as const }),
  )
  if (answer.code === 0) lines.push(`-- ${answer.reply}`)
  return { ...answer, transcript: lines.join('\n') }
}

/**
 * Delivers one message and tells the log, unless there is another that tells it; never throws for what the other side
 * does or fails to do.
 */
export async function send(
  provider: Sending,
  net: LabNet,
  body: SendBody,
  mail: MailLog | null,
): Promise<SendAnswer> {
  const answer = await deliver(provider, net, body)
  const { accepted, code, reply, transcript } = answer
  mail?.add({
    from: provider.domain,
    to: body.to.slice(body.to.lastIndexOf('@') + 1).toLowerCase(),
    envelope: { from: body.from, to: [body.to] },
    size: Buffer.byteLength(body.source, 'base64'),
    fate: accepted ? 'inbox' : code >= 400 && code < 500 ? 'deferred' : 'refused',
    code,
    reply,
    tls: transcript.includes('C: STARTTLS') && 'TLS',
    reasons: [],
    transcript,
  })
  return answer
}

async function deliver(provider: Sending, net: LabNet, body: SendBody): Promise<SendAnswer> {
  const deadline = Date.now() + WHOLE_MS
  const from = net.at(provider.name)
  const message = { from: body.from, to: body.to, source: Buffer.from(body.source, 'base64') }
  const where = await targets(body.to.slice(body.to.lastIndexOf('@') + 1), net)
  if (typeof where === 'string') return { accepted: false, code: 0, reply: where, transcript: `-- ${where}` }

  const attempts: Attempt[] = []
  for (const target of where) {
    let last = await attempt(provider, target, message, { ignoreTLS: false, deadline, from })
    attempts.push(last)
    if (last.again === 'without-tls') {
      last = await attempt(provider, target, message, { ignoreTLS: true, deadline, from })
      attempts.push(last)
    }
    if (last.again === null || Date.now() >= deadline) break
  }
  const { accepted = false, code = 0, reply = '' } = attempts.at(-1) ?? {}
  return { accepted, code, reply, transcript: attempts.map(({ transcript }) => transcript).join('\n') }
}
