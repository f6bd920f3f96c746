/** What a lab gets behind its opening: nobody needs mailboxes or certificates in the first second, and both take some of it. */
import { remember } from './accounts.ts'
import { giveMailboxes } from './desk-mail.ts'
import type { Authorities, PlacedMessage } from './internet/api.ts'
import type { Lab, Labs, Machine } from './types.ts'

const MACHINES: Machine[] = ['server', 'desk']

/** Never throws: what fails is told in our log, unless the lab is gone by then. `trust` as in trust.ts, by machine. */
export function furnish(
  labs: Pick<Labs, 'internet' | 'exec' | 'find'>,
  lab: Lab,
  how: { fresh: boolean; mail?: PlacedMessage[] },
  trust: (machine: Machine, authorities: Authorities) => Promise<void>,
): void {
  const work = async () => {
    await giveMailboxes(labs, lab, how)
    const pems = await labs.internet<Authorities>(lab.event, 'GET', '/authorities')
    await Promise.all(MACHINES.map(machine => trust(machine, pems)))
    await remember(labs, lab)
  }
  void work().catch(async (error: Error) => {
    const found = await labs.find(lab).catch(() => null)
    if (found?.seed === lab.seed) console.error(`${lab.host}: ${error.message}`)
  })
}
