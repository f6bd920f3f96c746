/** What each kind of attack does, attempt by attempt. */
import type { AttackBody } from './api.ts'
import type { Plan } from './attempt.ts'
import { letter } from './letters.ts'

export const COUNT = 10
const NAMES = [
  ...['admin', 'info', 'contact', 'sales', 'test', 'user', 'alice', 'bob', 'martin', 'julie', 'sophie'],
  ...['thomas', 'nicolas', 'marie', 'webmaster1', 'john', 'jane', 'smith', 'dupont', 'durand'],
]
const PASSWORDS = ['123456', 'password', 'azerty', 'qwerty', 'motdepasse', 'admin', 'soleil', 'letmein']
const PORTS = { submission: 587, submissions: 465, imaps: 993, imap: 143 } as const
const TRAPS = ['grosmail', 'fenetre', 'agrume'].map(provider => `trap-${provider}@${provider}.test`)

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()
const pick = <T>(all: readonly T[], number: number): T => all[number % all.length] as T

/** The attempt of that number, from 0 on. `mark`: what its message is known by. */
export function plan(body: AttackBody, number: number, mark: string): Plan {
  const spammer = `offre-${mark.slice(0, 6)}@pourriel.test`
  const containing = 'containing' in body ? body.containing : undefined
  const write = (
    from: string,
    to: string,
    content?: 'gtube' | 'eicar',
  ): Pick<Plan, 'envelope' | 'source'> => ({
    envelope: { from, to },
    source: letter({ mark, from, to, number, containing, content }),
  })
  const overMx = (from: string, to: string, content?: 'gtube' | 'eicar'): Plan => ({
    at: { mx: domainOf(to) },
    port: 25,
    ...write(from, to, content),
  })
  switch (body.kind) {
    case 'spam':
      return overMx(body.sender ?? spammer, pick(body.to, number), body.gtube ? 'gtube' : undefined)
    case 'virus':
      return overMx(body.sender ?? spammer, pick(body.to, number), 'eicar')
    case 'forged':
      return overMx(body.sender, pick(body.to, number))
    case 'dictionary': {
      const names = body.names ?? NAMES
      // Made-up ones when the list is at its end: a flood of unknown users needs no more names.
      const name =
        body.names || number < names.length ? pick(names, number) : `${pick(names, number)}${number}`
      const whole = overMx(body.sender ?? spammer, `${name}@${body.domain}`)
      return body.deliver ? whole : { ...whole, source: null }
    }
    case 'relay':
      return {
        ...write(body.sender ?? spammer, pick(body.to ?? TRAPS, number)),
        at: { mx: body.domain },
        port: 25,
      }
    case 'passwords': {
      const words = body.passwords ?? PASSWORDS
      const user = pick(body.users, Math.floor(number / words.length))
      return {
        at: { host: `mail.${body.domain}`, domain: body.domain },
        port: PORTS[body.service ?? 'submission'],
        envelope: { from: '', to: user },
        login: { user, password: pick(words, number) },
        source: null,
      }
    }
    case 'stolen-account': {
      const slow = `slow-${mark.slice(0, 6)}@agrume.test`
      const to = body.to ? pick(body.to, number) : number % 2 ? slow : pick(TRAPS, number / 2)
      const sender = body.sender ?? (body.user.includes('@') ? body.user : `${body.user}@${body.domain}`)
      return {
        ...write(sender, to, body.gtube ? 'gtube' : undefined),
        at: { host: `mail.${body.domain}`, domain: body.domain },
        port: PORTS[body.service ?? 'submission'],
        login: { user: body.user, password: body.password },
      }
    }
  }
}

/** How many attempts there are to be. Every guess once, unless more or fewer are wanted. */
export const planned = (body: AttackBody): number =>
  body.count ??
  (body.kind === 'passwords'
    ? Math.min(500, body.users.length * (body.passwords ?? PASSWORDS).length)
    : COUNT)
