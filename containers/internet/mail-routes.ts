/** What happened to mail, for those who watch and for those who look back. */
import { MailQuery, RecentMailQuery } from './bodies.ts'
import { parse, type Route } from './control.ts'
import type { MailLog } from './mail-log.ts'

export const mailRoutes = (mail: MailLog): Route[] => [
  {
    method: 'GET',
    path: '/mail',
    async answer({ query }) {
      const { since } = parse(MailQuery, query, 'query')
      return mail.follow(since)
    },
  },
  {
    method: 'GET',
    path: '/mail/recent',
    async answer({ query }) {
      const { from, to, after = 0 } = parse(RecentMailQuery, query, 'query')
      return mail
        .recent()
        .filter(event => event.at > after && (!from || event.from === from) && (!to || event.to === to))
        .reverse()
    },
  },
]
