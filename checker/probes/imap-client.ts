import { ImapFlow, type ImapFlowError } from 'imapflow'
import { type Context, connect, REPLY_MS } from './connect.ts'
import { ProbeError } from './error.ts'
import { closed, noStartTls, protocol, silent, type Target, tlsFailed } from './faults.ts'
import { forwardOnce } from './forwarder.ts'
import type { Transcript } from './transcript.ts'
import type { ImapOptions } from './types.ts'
import { within } from './within.ts'

const IMAP = { en: 'the end of the IMAP dialogue', fr: 'la fin du dialogue IMAP' }
const LOGOUT_MS = 1000

/** Runs `talk` with a client that is logged in; closes everything in any case. */
export async function withImap<T>(
  context: Context,
  options: ImapOptions,
  transcript: Transcript,
  budgetMs: number,
  talk: (client: ImapFlow) => Promise<T>,
): Promise<T> {
  const target = { host: context.lab.host, port: options.port }
  const duplex = await connect(context, target, context.lab.address.server.ipv4)
  const door = await forwardOnce(duplex)
  const client = newClient(context, options, transcript, door.port)
  // What breaks the connection comes as an event first; the promises may tell of no more than a connection that ended.
  let broken: Error | undefined
  client.on('error', error => {
    broken ??= error
  })
  const late = (s: number) => silent(target, s, IMAP)
  try {
    await within(client.connect(), { ms: REPLY_MS * 1.5, signal: context.signal, late })
    const result = await within(talk(client), { ms: budgetMs, signal: context.signal, late })
    await within(client.logout(), { ms: LOGOUT_MS, signal: context.signal, late }).catch(() => {})
    return result
  } catch (error) {
    const cause = endOnly(error) ? (broken ?? error) : error
    throw withTranscript(toProbeError(cause, target, options), transcript)
  } finally {
    client.close()
    door.close()
  }
}

function newClient(context: Context, options: ImapOptions, transcript: Transcript, port: number): ImapFlow {
  const hear = (entry: { src?: string; data?: string; hidden?: boolean }) => {
    if (entry.src !== 'c' && entry.src !== 's') return
    const side = entry.src === 'c' ? 'C' : 'S'
    if (entry.hidden) return transcript.add(side, '***')
    const text = Buffer.from(entry.data ?? '', 'base64').toString()
    for (const line of text.split(/\r?\n/).filter(Boolean)) transcript.add(side, line)
  }
  const silence = () => {}
  return new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: options.tls === 'implicit',
    ...(options.tls === 'implicit' ? {} : { doSTARTTLS: options.tls === 'starttls' }),
    servername: context.lab.host,
    tls: { rejectUnauthorized: false, ca: [...context.authorities] },
    auth: { user: options.user, pass: options.password },
    logger: { trace: hear, debug: silence, info: silence, warn: silence, error: silence },
    logRaw: true,
    disableAutoIdle: true,
    // A compressed stream from a hostile server can grow a thousandfold.
    disableCompression: true,
    connectionTimeout: REPLY_MS,
    greetingTimeout: REPLY_MS,
    socketTimeout: REPLY_MS,
    maxLineLength: 64 * 1024,
    maxLiteralSize: 4 * 1024 * 1024,
    maxResponseSize: 5 * 1024 * 1024,
  })
}

/** The server's words where it refused the login; null if the error is another. */
export function refusalOf(error: unknown): string | null {
  const cause = (error instanceof ProbeError ? error.cause : error) as ImapFlowError | undefined
  if (!cause?.authenticationFailed) return null
  return cause.responseText || (typeof cause.response === 'string' && cause.response) || cause.message
}

function toProbeError(error: unknown, target: Target, options: ImapOptions): unknown {
  if (error instanceof ProbeError || !(error instanceof Error)) return error
  const { code = '', tlsFailed: noTls, responseText, message } = error as ImapFlowError
  const refusal = refusalOf(error)
  if (refusal !== null) {
    return new ProbeError(
      'login',
      {
        expected: {
          en: `${options.user} can log in over IMAP on port ${target.port}.`,
          fr: `${options.user} peut se connecter en IMAP sur le port ${target.port}.`,
        },
        observed: {
          en: `The login was refused: ${refusal}`,
          fr: `La connexion a été refusée : ${refusal}`,
        },
      },
      error,
    )
  }
  if (/TIMEOUT$/.test(code)) return silent(target, REPLY_MS / 1000, IMAP)
  if (code === 'STARTTLS_INJECTION' || /TooLarge$|^Parser/.test(code)) return odd(target, message, error)
  if (noTls && !/^ERR_|^E[A-Z]+$/.test(code)) return noStartTls(target)
  if (noTls || /^ERR_SSL|^ERR_TLS/.test(code) || /TLS connection was established/.test(message))
    return tlsFailed(target, message, error)
  if (endOnly(error)) return closed(target, IMAP, error)
  return odd(target, responseText ?? message, error)
}

/** Whether the error says no more than that the connection is at its end. */
const endOnly = (error: unknown): boolean =>
  /^(NoConnection|EConnectionClosed|StateLogout|ClosedAfterConnect.*|ECONNRESET|EPIPE)$/.test(
    (error as ImapFlowError).code ?? '',
  )

const odd = (target: Target, seen: string, cause: unknown): ProbeError =>
  protocol(
    target,
    {
      en: `The IMAP dialogue on port ${target.port} failed: ${seen}`,
      fr: `Le dialogue IMAP sur le port ${target.port} a échoué : ${seen}`,
    },
    cause,
  )

function withTranscript(error: unknown, transcript: Transcript): unknown {
  if (error instanceof ProbeError) error.transcript ??= transcript.text
  return error
}
