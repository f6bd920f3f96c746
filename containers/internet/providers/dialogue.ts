/** One SMTP dialogue of a provider's outgoing server, from the connection to the last reply. */
import { connect, isIPv4, type Socket } from 'node:net'
import { getSystemErrorMap } from 'node:util'
import type { NodemailerError } from 'nodemailer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SendAnswer } from '../api.ts'
import type { Secured } from '../api-reports.ts'
import { shown } from '../tls/certificates.ts'
import type { Demand } from '../tls/demand.ts'
import { brokenHandshake, type Failure } from '../tls/words.ts'
import type { Target } from './targets.ts'

const CONNECT_MS = 5000

export interface Message {
  from: string
  to: string
  source: Buffer
}

/** Who sends: name in EHLO, and address. */
export interface Sender {
  host: string
  ipv4: string
  ipv6: string
}

export interface Options {
  demand: Demand
  /** PEM certificates of those who may vouch for a host. */
  ca: readonly string[]
  ignoreTLS: boolean
  /** Milliseconds since the epoch. */
  deadline: number
}

export interface Attempt extends SendAnswer {
  /** Nothing was decided: another address, or no TLS, is worth a try. */
  again: 'elsewhere' | 'without-tls' | null
}

/** Rejects in the system's words: `connection refused`. */
export function open({ host, address }: Target, from: Omit<Sender, 'host'>): Promise<Socket> {
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

/** Rejects if there is no connection; whatever comes of it then is an answer. `lines` gets the dialogue. */
export async function talk(
  sender: Sender,
  target: Target,
  { from, to, source }: Message,
  options: Options,
  lines: string[],
): Promise<Omit<Attempt, 'transcript'>> {
  const socket = await open(target, sender)
  const { demand, deadline } = options
  const left = Math.max(1, deadline - Date.now())
  const note = ({ tnx }: { tnx?: string }, text: string) => {
    if (tnx === 'server') lines.push(...text.split(/\r?\n/).map(line => `S: ${line}`))
    else if (tnx === 'client') lines.push(`C: ${text}`)
    else if (tnx === 'message') lines.push(`C: (message, ${source.length} bytes)`)
  }
  const silent = () => undefined
  const connection = new SMTPConnection({
    connection: socket,
    host: target.address,
    port: 25,
    name: sender.host,
    opportunisticTLS: true,
    ignoreTLS: options.ignoreTLS,
    // Looked at below: what is no good ends some deliveries, and is only reported of others.
    tls: { rejectUnauthorized: false, servername: target.host, ca: [...options.ca] },
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
    let settled = false
    let secured: Secured = { by: 'none', host: target.host, tls: '', valid: false }
    const end = (accepted: boolean, code: number, reply: string, again: Attempt['again']) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      if (code > 0 || secured.tls) connection.quit()
      else connection.close()
      settle({ accepted, code, reply, again, secured })
    }
    const timer = setTimeout(() => end(false, 0, 'no answer in time', null), left)
    const refuse = (failure: Failure) => {
      secured = { ...secured, by: demand.by, failure }
      end(false, 0, failure.text.en, 'elsewhere')
    }
    const fail = (error: NodemailerError | Error) => {
      const { response, responseCode = 0 } = error as NodemailerError
      // Whatever the library calls it: what broke between STARTTLS and the second EHLO is the handshake.
      const handshake = lines.findLast(line => line.startsWith('C: ')) === 'C: STARTTLS'
      if (handshake && demand.strict && !settled) return refuse(brokenHandshake(target.host, error.message))
      const again = responseCode > 0 ? null : handshake ? 'without-tls' : 'elsewhere'
      end(false, responseCode, response?.trim() ?? error.message, again)
    }
    connection.on('error', fail)
    connection.once('end', () => fail(new Error('the server closed the connection')))
    connection.connect(() => {
      const seen = shown(connection._socket, target.host)
      const failure = demand.judge(seen)
      secured = {
        by: seen || demand.by === 'mta-sts' ? demand.by : 'none',
        host: target.host,
        tls: seen?.tls ?? '',
        valid: demand.by !== 'opportunistic' && failure === null,
        ...((failure ?? demand.note) && { failure: failure ?? demand.note }),
      }
      if (failure && demand.strict) return refuse(failure)
      connection.send({ from, to: [to], size: source.length }, source, (error, info) => {
        const reply = info?.response ?? ''
        if (error) fail(error)
        else end(true, Number(reply.slice(0, 3)), reply, null)
      })
    })
  })
}

/** One address of one exchanger; never rejects. */
export async function attempt(
  sender: Sender,
  target: Target,
  message: Message,
  options: Options,
): Promise<Attempt> {
  const { demand } = options
  const none: Secured = { by: 'none', host: target.host, tls: '', valid: false }
  if (demand.beforehand) {
    const reply = demand.beforehand.text.en
    const secured: Secured = { ...none, by: demand.by, failure: demand.beforehand }
    return { accepted: false, code: 0, reply, again: 'elsewhere', secured, transcript: `-- ${reply}` }
  }
  const lines = [`-- connecting to ${target.host} [${target.address}] port 25`]
  const answer = await talk(sender, target, message, options, lines).catch((error: Error) => ({
    accepted: false,
    code: 0,
    reply: error.message,
    again: 'elsewhere' as const,
    secured: none,
  }))
  if (answer.code === 0) lines.push(`-- ${answer.reply}`)
  return { ...answer, transcript: lines.join('\n') }
}
