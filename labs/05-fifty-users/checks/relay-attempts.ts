/** The tricks by which strangers have got mail through servers since the 1990s. */
import type { LabFacts } from '../../../checker/step.ts'

export interface Attempt {
  /** What a reader sees of it: sender and recipient as they go over the wire. */
  name: string
  from: string
  to: string[]
  /** Commands before MAIL. */
  before?: string[]
}

/** Attempts over one connection: at most six, since Postfix slows a client down after ten errors. */
export interface Group {
  session: { port: 25 | 465 | 587; tls: 'none' | 'starttls' | 'implicit'; helo?: string; host?: string }
  attempts: Attempt[]
}

/** @param grosmail IPv4 address of grosmail.test's server, for the address literal */
export function attemptsOf(lab: LabFacts, victim: string, grosmail: string): Group[] {
  const { domain, host } = lab
  const { ipv4, ipv6 } = lab.address.server
  const far = `${victim}@grosmail.test`
  const stranger = 'stranger@grosmail.test'
  const member = `sasha@${domain}`
  const one = (from: string, to: string, about = ''): Attempt => ({
    name: `MAIL FROM:<${from}> RCPT TO:<${to}>${about}`,
    from,
    to: [to],
  })
  const port25 = { port: 25, tls: 'none' } as const
  return [
    {
      session: port25,
      attempts: [
        one(stranger, far),
        one('', far),
        one(member, far),
        one(`postmaster@${domain}`, far),
        one(`root@${host}`, far),
        one(stranger, far.toUpperCase()),
      ],
    },
    {
      session: port25,
      attempts: [
        one(stranger, `${victim}%grosmail.test@${domain}`),
        one(stranger, `grosmail.test!${victim}@${domain}`),
        one(stranger, `@${domain}:${far}`),
        one(stranger, `"${far}"@${domain}`),
        one(stranger, `"${victim}%grosmail.test"@${domain}`),
        one(stranger, `${far}@${domain}`),
      ],
    },
    {
      session: port25,
      attempts: [
        one(stranger, `${victim}%grosmail.test`),
        one(stranger, `grosmail.test!${victim}`),
        one(stranger, `"${far}"`),
        one(stranger, `${victim}%grosmail.test@localhost`),
        one(stranger, `${victim}%grosmail.test@[${ipv4}]`),
        one(stranger, `${victim}@[${grosmail}]`),
      ],
    },
    {
      session: { ...port25, host: ipv6, helo: host },
      attempts: [
        one(stranger, far, ' (IPv6)'),
        one(member, far, ' (IPv6)'),
        one('', `${victim}%grosmail.test@${domain}`),
      ],
    },
    { session: { ...port25, helo: host }, attempts: [one(member, far, ` (HELO ${host})`)] },
    { session: { ...port25, helo: 'localhost' }, attempts: [one(member, far, ' (HELO localhost)')] },
    {
      session: port25,
      attempts: [
        {
          ...one(member, far, ' (after RSET)'),
          before: [`MAIL FROM:<${stranger}>`, `RCPT TO:<${member}>`, 'RSET'],
        },
        { ...one(stranger, far, ` (beside <${member}>)`), to: [member, far] },
        // Postfix's own command for trusted proxies: who may use it may say where they come from.
        {
          ...one(member, far, ' (XCLIENT ADDR=127.0.0.1)'),
          before: ['XCLIENT ADDR=127.0.0.1', 'EHLO localhost'],
        },
      ],
    },
    { session: { port: 587, tls: 'starttls' }, attempts: [one(member, far, ' (587)')] },
    { session: { port: 465, tls: 'implicit' }, attempts: [one(member, far, ' (465)')] },
  ]
}
