/** The control API of the blocklist, in the shapes of api.ts. */
import { type Call, parse, type Route } from '../control.ts'
import { ListSchema } from './bodies.ts'
import type { Requests } from './delist.ts'
import type { Blocklist } from './list.ts'

const addressOf = ({ parameters }: Call): string => {
  try {
    return decodeURIComponent(parameters.address ?? '')
  } catch {
    return ''
  }
}

export const blocklistRoutes = (list: Blocklist, requests: Requests): Route[] => [
  { method: 'GET', path: '/blocklist/log', answer: async () => list.log() },
  { method: 'GET', path: '/blocklist/:address', answer: async call => list.state(addressOf(call)) },
  {
    method: 'POST',
    path: '/blocklist/:address',
    answer: async call => list.list(addressOf(call), parse(ListSchema, call.body, 'body').cause),
  },
  { method: 'DELETE', path: '/blocklist/:address', answer: async call => list.unlist(addressOf(call)) },
  {
    method: 'POST',
    path: '/blocklist/:address/delist',
    answer: async call => requests.ask(addressOf(call)),
  },
]
