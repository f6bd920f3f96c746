/** Looks at what a mail exchanger shows after STARTTLS, and goes away again. */
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { open, type Sender } from '../providers/dialogue.ts'
import type { Target } from '../providers/targets.ts'
import { type Shown, shown } from './certificates.ts'

const BUDGET_MS = 8000

/** In words why there was nothing to see: no connection, no STARTTLS, a broken handshake. */
export async function lookAt(sender: Sender, target: Target, ca: readonly string[]): Promise<Shown | string> {
  try {
    const socket = await open(target, sender)
    return await handshake(socket, sender, target, ca)
  } catch (error) {
    return (error as Error).message
  }
}

function handshake(
  socket: Awaited<ReturnType<typeof open>>,
  sender: Sender,
  target: Target,
  ca: readonly string[],
): Promise<Shown | string> {
  const connection = new SMTPConnection({
    connection: socket,
    host: target.address,
    port: 25,
    name: sender.host,
    opportunisticTLS: true,
    tls: { rejectUnauthorized: false, servername: target.host, ca: [...ca] },
    connectionTimeout: BUDGET_MS,
    greetingTimeout: BUDGET_MS,
    socketTimeout: BUDGET_MS,
  })
  return new Promise(done => {
    const timer = setTimeout(() => finish(`no answer within ${BUDGET_MS / 1000} s`), BUDGET_MS)
    const finish = (result: Shown | string) => {
      clearTimeout(timer)
      if (typeof result === 'string') connection.close()
      else connection.quit()
      done(result)
    }
    connection.on('error', error => finish(error.message))
    connection.once('end', () => finish('the server closed the connection'))
    connection.connect(() => finish(shown(connection._socket, target.host) ?? 'STARTTLS is not offered'))
  })
}
