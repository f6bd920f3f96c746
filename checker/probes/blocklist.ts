import type { BlocklistState, DelistAnswer } from '../../containers/internet/api.ts'
import type { Context } from './connect.ts'
import { internet } from './internet.ts'
import type { BlocklistProbe } from './types.ts'

/** A request for delisting takes a look at the server itself. */
const DELIST_MS = 25_000
const ASK_MS = 10_000

/** The blocklist of the lab internet. */
export function blocklistProbe(context: Context): BlocklistProbe {
  const path = (address: string) => `/blocklist/${encodeURIComponent(address)}`
  return {
    state: address => internet<BlocklistState>(context, ASK_MS, 'GET', path(address)),
    list: (address, cause) => internet<BlocklistState>(context, ASK_MS, 'POST', path(address), { cause }),
    unlist: address => internet<BlocklistState>(context, ASK_MS, 'DELETE', path(address)),
    delist: address => internet<DelistAnswer>(context, DELIST_MS, 'POST', `${path(address)}/delist`, {}),
  }
}
