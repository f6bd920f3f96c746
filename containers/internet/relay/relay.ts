/** The outgoing gateway relais.test: its door, its queue, its accounts. */
import { readFile } from 'node:fs/promises'
import type { LabNet } from '../env.ts'
import type { MailLog } from '../mail-log.ts'
import { type Sending, sendUnchecked } from '../providers/send.ts'
import { type Accounts, openAccounts } from './accounts.ts'
import { openQueue } from './queue.ts'
import { openDoor, RELAY_HOST } from './submission.ts'

const SENDING: Sending = { name: 'relais', domain: 'relais.test', host: RELAY_HOST }

export interface Relay {
  accounts: Pick<Accounts, 'put'>
  /** With a domain go its account and what it still has in the queue. */
  remove(domain: string): Promise<void>
}

/** `providers`: domains that tell the log themselves what they were brought. */
export async function openRelay(
  state: string,
  net: LabNet,
  mail: MailLog,
  providers: ReadonlySet<string>,
): Promise<Relay> {
  const accounts = await openAccounts(`${state}/relay.json`)
  const queue = await openQueue(`${state}/relay`, ({ from, to, source }) => {
    const told = providers.has(to.slice(to.lastIndexOf('@') + 1).toLowerCase())
    return sendUnchecked(SENDING, net, { from, to, source: source.toString('base64') }, told ? null : mail)
  })
  const certificate = {
    key: await readFile(`${state}/tls/${RELAY_HOST}.key`),
    cert: await readFile(`${state}/tls/${RELAY_HOST}.crt`),
  }
  await openDoor(net.at('relais'), certificate, { accounts, queue, mail })
  return {
    accounts,
    async remove(domain) {
      await accounts.remove(domain)
      await queue.drop(domain)
    },
  }
}
