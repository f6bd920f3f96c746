/**
 * mx.imposteur.test: a host between a domain and its mail. The domain promises a key by DANE and a certificate by
 * MTA-STS; what answers on port 25 has neither. Who looks goes away; who doesn't hands its mail to a stranger, and both
 * are written down here.
 */
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { IMPOSTOR, type ImpostorAttempt } from '../api-reports.ts'
import type { LabNet } from '../env.ts'
import type { MailLog } from '../mail-log.ts'
import { Transcripts } from '../providers/transcripts.ts'
import { certificateOf, promiseRecords, servePolicy } from '../tls/promises.ts'
import type { Zone } from '../zones.ts'

export const HOST = `mx.${IMPOSTOR}`
const SELF = { host: HOST, domain: IMPOSTOR }
const REMEMBERED = 1000
const LARGEST = 10_000_000

const REASON = {
  rule: 'impostor',
  text: {
    en: `Whoever answers for ${IMPOSTOR} is not ${IMPOSTOR}: its certificate is nobody’s, and its domain says by DANE and MTA-STS how to see that. Your server did not look, and a stranger has the message.`,
    fr: `Qui répond pour ${IMPOSTOR} n’est pas ${IMPOSTOR} : son certificat n’est de personne, et son domaine dit par DANE et MTA-STS comment s’en apercevoir. Votre serveur n’a pas regardé, et un inconnu a le message.`,
  },
}

/** The zone of the domain whose mail goes astray. */
export async function impostorZone(net: LabNet): Promise<Zone> {
  const { ipv4, ipv6 } = net.at('impostor')
  return {
    origin: `${IMPOSTOR}.`,
    lines: [
      `@ MX 10 ${HOST}.`,
      '@ TXT "v=spf1 -all"',
      '_dmarc TXT "v=DMARC1; p=reject"',
      `mx A ${ipv4}`,
      `mx AAAA ${ipv6}`,
      ...(await promiseRecords(SELF, [`true.${HOST}.key`, `next.true.${HOST}.key`], { ipv4, ipv6 })),
    ],
  }
}

export interface Impostor {
  /** Newest first. */
  attempts(query: { from?: string | undefined; after?: number | undefined }): ImpostorAttempt[]
}

/** `owner`: whose address it is. Resolves when it listens. */
export async function openImpostor(
  net: LabNet,
  owner: (address: string) => string,
  log: MailLog,
): Promise<Impostor> {
  const seen: ImpostorAttempt[] = []
  const open = new Map<string, ImpostorAttempt>()
  const transcripts = new Transcripts()

  /** What is known so far; the log of the dialogue is complete only at its end. */
  function look(session: SMTPServerSession): void {
    const attempt = open.get(session.id)
    if (attempt === undefined) return
    attempt.helo = session.hostNameAppearsAs || attempt.helo
    attempt.transcript = transcripts.of(session.id, '').trimEnd()
    if (session.secure) attempt.starttls = 'done'
    else if (/^C: STARTTLS$/im.test(attempt.transcript)) attempt.starttls = 'broken'
  }

  const server = async () =>
    new SMTPServer({
      ...(await certificateOf(HOST)),
      name: HOST,
      banner: `${IMPOSTOR} ready`,
      size: LARGEST,
      disabledCommands: ['AUTH'],
      hideSMTPUTF8: true,
      disableReverseLookup: true,
      maxClients: 100,
      socketTimeout: 30_000,
      logger: transcripts.logger as never,
      onConnect(session, done) {
        // Who reset the connection before it was looked at has no address any more, whatever the types say.
        const address = ((session.remoteAddress as string | undefined) ?? '').replace(/^::ffff:/i, '')
        const attempt: ImpostorAttempt = {
          at: Date.now(),
          address,
          from: owner(address),
          helo: '',
          starttls: 'none',
          mail: false,
          sender: '',
          delivered: false,
          transcript: '',
          over: false,
        }
        open.set(session.id, attempt)
        // This container asks for its own health.
        if (address !== net.ipv4) seen.push(attempt)
        if (seen.length > REMEMBERED) seen.shift()
        done()
      },
      onSecure(_, session, done) {
        const attempt = open.get(session.id)
        if (attempt) attempt.starttls = 'done'
        done()
      },
      onMailFrom({ address }, session, done) {
        const attempt = open.get(session.id)
        if (attempt) Object.assign(attempt, { mail: true, sender: address })
        look(session)
        done()
      },
      onRcptTo({ address }, session, done) {
        look(session)
        const here = address.toLowerCase().endsWith(`@${IMPOSTOR}`)
        done(here ? null : Object.assign(new Error('5.7.1 Relaying denied'), { responseCode: 550 }))
      },
      onData(stream, session, done) {
        let size = 0
        stream.on('data', (chunk: Buffer) => {
          size += chunk.length
        })
        stream.on('error', done)
        stream.on('end', () => {
          const attempt = open.get(session.id)
          look(session)
          if (attempt) attempt.delivered = true
          const reply = '2.0.0 Thank you'
          log.add({
            from: attempt?.from ?? '',
            to: IMPOSTOR,
            envelope: {
              from: attempt?.sender ?? '',
              to: session.envelope.rcptTo.map(({ address }) => address),
            },
            size,
            fate: 'inbox',
            code: 250,
            reply: `250 ${reply}`,
            tls: session.secure && 'TLS',
            reasons: [REASON],
            transcript: transcripts.of(session.id, `S: 250 ${reply}`),
          })
          done(null, reply)
        })
      },
      onClose(session) {
        look(session)
        const attempt = open.get(session.id)
        if (attempt) attempt.over = true
        open.delete(session.id)
        transcripts.forget(session.id)
      },
    })

  const { ipv4, ipv6 } = net.at('impostor')
  await servePolicy(SELF, { ipv4, ipv6 })
  for (const address of [ipv4, ipv6]) {
    const one = await server()
    // A client's broken handshake or lost connection is the client's affair.
    one.on('error', (error: Error & { syscall?: string }) => {
      if (error.syscall === 'listen') throw error
    })
    await new Promise<void>(done => one.listen(25, address, () => done()))
  }
  return {
    attempts: ({ from, after = 0 }) =>
      seen.filter(one => one.at > after && (from === undefined || one.from === from)).reverse(),
  }
}
