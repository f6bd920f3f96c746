/** What each happening of the night leaves in the log. */

export const HAPPENINGS = [
  'statistics',
  'client',
  'received',
  'sent',
  'deferred',
  'refused',
  'attempt',
  'hole',
] as const
export type Happening = (typeof HAPPENINGS)[number]

export interface Night {
  log: string
  hours: { hour: number; what: Happening }[]
  /** The account whose password somebody else has. */
  hole: string
}

/** What the lines are drawn with. */
export interface Teller {
  hole: string
  /** Another member each time. */
  member(): string
  below(limit: number): number
  /** A queue id. */
  id(): string
  pid(): number
}

interface Line {
  /** Seconds since the line before; 1 if it is not given. */
  after?: number
  text: string
}

const HERE = 'voisins.test'
const HOME = '198.18.77.21'

export const TELL: Record<Happening, (teller: Teller) => Line[]> = {
  statistics: ({ pid }) => {
    const anvil = `postfix/anvil[${pid()}]: statistics:`
    return [
      { text: `${anvil} max connection rate 2/60s for (smtp:198.18.0.4) at Nov 14 00:58:12` },
      { after: 0, text: `${anvil} max connection count 1 for (smtp:198.18.0.4) at Nov 14 00:58:12` },
      { after: 0, text: `${anvil} max cache size 2 at Nov 14 00:58:14` },
    ]
  },

  client: ({ member, pid }) => {
    const [user, session, imap] = [member(), 'q7Xk2pVDoMzGEk0V', pid()]
    return [
      {
        text: `dovecot: imap-login: Logged in: user=<${user}>, method=PLAIN, rip=${HOME}, lip=198.18.77.16, mpid=${imap}, TLS, session=<${session}>`,
      },
      {
        after: 34,
        text: `dovecot: imap(${user})<${imap}><${session}>: Disconnected: Logged out in=118 out=1203 deleted=0 expunged=0 trashed=0 hdr_count=0 hdr_bytes=0 body_count=0 body_bytes=0`,
      },
    ]
  },

  received: ({ member, pid, id, below }) => {
    const [user, queued, smtpd] = [member(), id(), pid()]
    const from = `newsletter${below(90)}@grosmail.test`
    return [
      { text: `postfix/smtpd[${smtpd}]: connect from mx.grosmail.test[198.18.0.4]` },
      { text: `postfix/smtpd[${smtpd}]: ${queued}: client=mx.grosmail.test[198.18.0.4]` },
      {
        after: 0,
        text: `postfix/cleanup[${pid()}]: ${queued}: message-id=<${id().toLowerCase()}@grosmail.test>`,
      },
      {
        after: 0,
        text: `postfix/qmgr[911]: ${queued}: from=<${from}>, size=${2000 + below(9000)}, nrcpt=1 (queue active)`,
      },
      {
        after: 0,
        text: `postfix/local[${pid()}]: ${queued}: to=<${user}@${HERE}>, relay=local, delay=0.21, delays=0.2/0.01/0/0.01, dsn=2.0.0, status=sent (delivered to maildir)`,
      },
      { after: 0, text: `postfix/qmgr[911]: ${queued}: removed` },
      {
        text: `postfix/smtpd[${smtpd}]: disconnect from mx.grosmail.test[198.18.0.4] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5`,
      },
    ]
  },

  sent: ({ member, pid, id, below }) => {
    const user = member()
    const lines = submitted({ user, pid, id, below })
    return [
      ...lines.head,
      {
        text: `postfix/smtp[${pid()}]: ${lines.queued}: to=<lucie.moreau@grosmail.test>, relay=mx.grosmail.test[198.18.0.4]:25, delay=1.1, delays=0.2/0.02/0.4/0.48, dsn=2.0.0, status=sent (250 2.0.0 OK: ${id().toLowerCase()})`,
      },
      { after: 0, text: `postfix/qmgr[911]: ${lines.queued}: removed` },
    ]
  },

  deferred: ({ pid, id, below }) => {
    const queued = id()
    return [
      {
        text: `postfix/smtp[${pid()}]: ${queued}: host mx.copine.test[198.18.0.7] said: 451 4.7.1 Greylisted: we do not know you yet. Come again in 15 seconds (in reply to RCPT TO command)`,
      },
      {
        text: `postfix/smtp[${pid()}]: ${queued}: to=<noor.jansen@copine.test>, relay=mx.copine.test[198.18.0.7]:25, delay=${310 + below(80)}, delays=309/0.02/0.3/0.1, dsn=4.7.1, status=deferred (host mx.copine.test[198.18.0.7] said: 451 4.7.1 Greylisted: we do not know you yet. Come again in 15 seconds (in reply to RCPT TO command))`,
      },
    ]
  },

  refused: ({ pid, id }) => {
    const [queued, notice] = [id(), id()]
    return [
      {
        text: `postfix/smtp[${pid()}]: ${queued}: to=<unknown@agrume.test>, relay=mx.agrume.test[198.18.0.5]:25, delay=0.9, delays=0.2/0.01/0.5/0.19, dsn=5.1.1, status=bounced (host mx.agrume.test[198.18.0.5] said: 550 5.1.1 <unknown@agrume.test>: There is no such user here (in reply to RCPT TO command))`,
      },
      {
        after: 0,
        text: `postfix/bounce[${pid()}]: ${queued}: sender non-delivery notification: ${notice}`,
      },
      { after: 0, text: `postfix/qmgr[911]: ${queued}: removed` },
    ]
  },

  attempt: ({ pid, below }) => {
    const smtpd = pid()
    const from = `unknown[198.18.0.${below(2) ? 8 : 9}]`
    return [
      { text: `postfix/smtpd[${smtpd}]: connect from ${from}` },
      {
        text: `postfix/smtpd[${smtpd}]: NOQUEUE: reject: RCPT from ${from}: 554 5.7.1 <spamtest@grosmail.test>: Relay access denied; from=<info@${HERE}> to=<spamtest@grosmail.test> proto=ESMTP helo=<localhost>`,
      },
      { after: 0, text: `postfix/smtpd[${smtpd}]: lost connection after RCPT from ${from}` },
      {
        after: 0,
        text: `postfix/smtpd[${smtpd}]: disconnect from ${from} ehlo=1 mail=1 rcpt=0/1 commands=2/3`,
      },
    ]
  },

  hole: ({ hole, member, pid, id, below }) => {
    const from = 'unknown[198.18.0.9]'
    const smtpd = pid()
    const rounds = 3 + below(3)
    return [
      { text: `postfix/submission/smtpd[${smtpd}]: connect from ${from}` },
      ...Array.from({ length: rounds }, () => {
        const queued = id()
        const many = 30 + below(20)
        return [
          {
            text: `postfix/submission/smtpd[${smtpd}]: ${queued}: client=${from}, sasl_method=LOGIN, sasl_username=${hole}`,
          },
          {
            after: 0,
            text: `postfix/qmgr[911]: ${queued}: from=<${member()}@${HERE}>, size=${1800 + below(300)}, nrcpt=${many} (queue active)`,
          },
          {
            text: `postfix/smtp[${pid()}]: ${queued}: to=<${member()}${below(99)}@grosmail.test>, relay=mx.grosmail.test[198.18.0.4]:25, delay=0.8, delays=0.1/0.02/0.4/0.28, dsn=2.0.0, status=sent (250 2.0.0 OK: ${id().toLowerCase()})`,
          },
        ]
      }).flat(),
    ]
  },
}

/** A member's message at the door: logged in, from home, one recipient, under the member's own address. */
function submitted({ user, pid, id, below }: Pick<Teller, 'pid' | 'id' | 'below'> & { user: string }) {
  const queued = id()
  const smtpd = `postfix/submissions/smtpd[${pid()}]`
  const head: Line[] = [
    { text: `${smtpd}: connect from dsl-21.agrume.test[${HOME}]` },
    {
      text: `${smtpd}: ${queued}: client=dsl-21.agrume.test[${HOME}], sasl_method=PLAIN, sasl_username=${user}`,
    },
    {
      after: 0,
      text: `postfix/qmgr[911]: ${queued}: from=<${user}@${HERE}>, size=${700 + below(2000)}, nrcpt=1 (queue active)`,
    },
  ]
  return { queued, head }
}
