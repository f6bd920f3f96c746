/** What several rows look at, looked at once. */
import { reverseName } from '../../containers/internet/zones.ts'
import type { DomainPolicy, Probes, ReceivedMessage, TlsDoor } from '../probes/types.ts'
import type { Member } from './row.ts'
import { type Evaluated, evaluate } from './spf-record.ts'
import { bare, partsOf } from './txt.ts'

const ARRIVAL_MS = 20_000

/** Port 25, as other servers come in. */
export const MX_DOOR: TlsDoor = { port: 25, starttls: 'smtp' }

/** A letter that the member sent to grosmail.test, as it arrived. */
export type Letter = ReceivedMessage & { canary: string }

export interface Looks {
  policy(): Promise<DomainPolicy>
  /** TXT records of a name, the strings of each joined. */
  texts(name: string): Promise<string[]>
  /** The reverse names of the server's addresses. */
  reverses(): Promise<Reverse[]>
  spf(): Promise<Evaluated>
  /** Null where it did not arrive. */
  letter(): Promise<Letter | null>
  handshake(): ReturnType<Probes['tls']['handshake']>
}

export interface Reverse {
  address: string
  names: string[]
  /** The addresses of the first of them. */
  back: string[]
}

export function makeLooks(probes: Probes, member: Member): Looks {
  const texts = async (name: string) =>
    (await probes.dns.resolve(name, 'TXT')).map(data => partsOf(data).join(''))
  const known = new Map<string, Promise<string[]>>()
  return {
    texts: name => {
      const seen = known.get(name) ?? texts(name)
      known.set(name, seen)
      return seen
    },
    reverses: once(() => reversesOf(probes)),
    policy: once(() => probes.providers.copine.policy()),
    spf: once(() => evaluate(probes, probes.lab.domain)),
    letter: once(() => letterTo(probes, member)),
    handshake: once(() => probes.tls.handshake(MX_DOOR)),
  }
}

const once = <T>(look: () => Promise<T>): (() => Promise<T>) => {
  let seen: Promise<T> | undefined
  return () => {
    seen ??= look()
    return seen
  }
}

const reversesOf = (probes: Probes): Promise<Reverse[]> =>
  Promise.all(
    Object.entries({ A: 'ipv4', AAAA: 'ipv6' } as const).map(async ([type, family]) => {
      const address = probes.lab.address.server[family]
      const names = (await probes.dns.resolve(bare(reverseName(address)), 'PTR')).map(bare)
      const back = names[0] ? await probes.dns.resolve(names[0], type) : []
      return { address, names, back }
    }),
  )

async function letterTo(probes: Probes, member: Member): Promise<Letter | null> {
  const canary = probes.canary()
  const to = `audit-${canary.slice(-8)}@grosmail.test`
  await send(probes, member, canary, [to])
  const seen = await probes.until(async () => {
    const message = await probes.grosmail.receive(to, canary, 0)
    return message?.verdict ? message : null
  }, ARRIVAL_MS)
  return seen && { ...seen, canary }
}

/** Sends one message for each recipient through port 465; rejects where the server does not take it. */
export async function send(probes: Probes, member: Member, canary: string, to: readonly string[]) {
  const from = member.address
  await probes.smtp.session({ port: 465, tls: 'implicit' }, async session => {
    const login = await session.login(member.login, member.password)
    if (login.code !== 235)
      throw new Error(`${member.login} can't log in on 465: ${login.code} ${login.text}`)
    for (const [i, one] of to.entries()) {
      const sent = await session.send(
        { from, to: [one] },
        letter({ from, to: one, id: `${canary}.${i}`, canary }),
      )
      if (sent.at !== 'END' || sent.code !== 250) throw new Error(`465 refuses: ${sent.code} ${sent.text}`)
    }
  })
}

/** What port 25 answers to a recipient of an ordinary stranger's; nothing is sent. `host`: as in `SmtpOptions`. */
export const offer = (probes: Probes, to: string, door: { tls: 'none' | 'starttls'; host?: string }) =>
  probes.smtp.session({ port: 25, ...door }, async session => {
    await session.command('MAIL FROM:<friend@grosmail.test>')
    const reply = await session.command(`RCPT TO:<${to}>`)
    await session.command('RSET')
    return reply
  })

/** An ordinary letter with the canary in subject and text. */
export const letter = ({ from, to, id, canary }: { from: string; to: string; id: string; canary: string }) =>
  [
    `Message-ID: <${id}@${from.split('@')[1]}>`,
    `From: <${from}>`,
    `To: <${to}>`,
    `Subject: ${canary}`,
    `Date: ${new Date().toUTCString()}`,
    '',
    `Good morning. ${canary}`,
    '',
  ].join('\r\n')
