/** The control API of people and mailboxes, in the shapes of api.ts. */
import { rm } from 'node:fs/promises'
import { z } from 'zod'
import {
  IMAP_FLAGS,
  MAIL_PROVIDERS,
  type MailChange,
  type MemberBody,
  type PeopleBody,
  type PersonAnswer,
} from '../api.ts'
import { parse, Refused, type Route } from '../control.ts'
import { FRIENDS, friendAddress } from '../friends/friends.ts'
import { isMember, type Members } from '../friends/members.ts'
import type { MailLog } from '../mail-log.ts'
import { homeOf } from './deliver.ts'
import { change, makeInbox, put, remove } from './maildir.ts'
import { domainOf, type People } from './people.ts'
import { detail, find, summaries } from './read.ts'

/** Role addresses, and the local parts that providers say are nobody's. */
const RESERVED = new Set([
  ...['abuse', 'admin', 'hostmaster', 'mailer-daemon', 'noc', 'noreply', 'no-reply', 'postmaster', 'root'],
  ...['security', 'webmaster', 'unknown', 'nobody-here', 'no-such-user'],
])
const REFUSED_AT_MOST = 50

/** No dot and no plus: a friend's name has a dot, and what follows a plus is only a detail. */
export const PersonName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, { error: 'expected a name of a-z, 0-9 and -, such as ada' })
  .refine(name => !RESERVED.has(name) && !/^(?:member|slow|trap)-/.test(name), {
    error: 'this name is a role at every provider, not a person',
  })

const PlacedSchema = z.strictObject({
  provider: z.enum(MAIL_PROVIDERS),
  source: z.base64().min(1).max(200_000),
  at: z.int().positive(),
  flags: z.array(z.enum(IMAP_FLAGS)),
})

export const PeopleSchema = z.strictObject({
  participant: PersonName,
  mail: z.array(PlacedSchema).max(100).exactOptional(),
}) satisfies z.ZodType<PeopleBody>

export const ChangeSchema = z
  .strictObject({ folder: z.enum(['inbox', 'junk']).exactOptional(), seen: z.literal(true).exactOptional() })
  .refine(({ folder, seen }) => folder !== undefined || seen, {
    error: 'expected a folder, or seen',
  }) satisfies z.ZodType<MailChange>

const homesOf = (root: string, name: string) =>
  MAIL_PROVIDERS.map(provider => homeOf(root, domainOf(provider), name))

/** The person's logins and all their mail; false if there is nobody of that name. */
export async function removePerson(root: string, people: People, name: string): Promise<boolean> {
  if (!(await people.remove(name))) return false
  for (const home of homesOf(root, name)) await rm(home, { recursive: true, force: true })
  return true
}

export const MemberSchema = z.strictObject({ confirms: z.boolean() }) satisfies z.ZodType<MemberBody>

/** `root` is where the mailboxes lie. */
export function mailboxRoutes(root: string, people: People, log: MailLog, members: Members): Route[] {
  function homeFor(address: string | undefined): string {
    const [name = '', domain = ''] = (address ?? '').split('@')
    const known = MAIL_PROVIDERS.some(provider => domainOf(provider) === domain)
    if (!known || !people.has(name)) throw new Refused(404, `there is no mailbox ${address}`)
    return homeOf(root, domain, name)
  }

  async function fileFor({ address, id = '' }: Record<string, string>) {
    const home = homeFor(decode(address))
    const file = await find(home, decode(id) ?? '')
    if (file === null) throw new Refused(404, `there is no message ${id}: it was moved or removed`)
    return { home, file }
  }

  const refused = (name: string) =>
    log
      .recent()
      .filter(({ fate, envelope }) => {
        const domain = envelope.from.slice(envelope.from.lastIndexOf('@') + 1).toLowerCase()
        const theirs = domain === `${name}.test` || domain.endsWith(`.${name}.test`)
        return theirs && (fate === 'refused' || fate === 'deferred')
      })
      .toReversed()
      .slice(0, REFUSED_AT_MOST)

  return [
    {
      method: 'POST',
      path: '/people',
      limit: 4_000_000,
      async answer({ body }) {
        const { participant, mail = [] } = parse(PeopleSchema, body, 'body')
        const answer = await people.put(participant)
        if (answer === null) throw new Refused(503, 'there are as many people here as there can be')
        for (const provider of MAIL_PROVIDERS) await makeInbox(homeOf(root, `${provider}.test`, participant))
        for (const { provider, source, at, flags } of answer.made ? mail : [])
          await put(homeOf(root, domainOf(provider), participant), 'inbox', Buffer.from(source, 'base64'), {
            at,
            flags,
          })
        return answer
      },
    },
    {
      method: 'DELETE',
      path: '/people/:name',
      async answer({ parameters }) {
        const name = parse(PersonName, parameters.name, 'name')
        if (!(await removePerson(root, people, name)))
          throw new Refused(404, `there is nobody called ${name}`)
        return { participant: name }
      },
    },
    {
      method: 'GET',
      path: '/people/:name',
      async answer({ parameters }): Promise<PersonAnswer> {
        const name = parse(PersonName, parameters.name, 'name')
        const mailboxes = await Promise.all(
          (people.has(name) ? MAIL_PROVIDERS : []).map(async provider => {
            const domain = domainOf(provider)
            return {
              provider,
              address: `${name}@${domain}`,
              messages: await summaries(homeOf(root, domain, name)),
            }
          }),
        )
        const friends = FRIENDS.map(friend => ({
          name: friend.name,
          address: friendAddress(friend),
          language: friend.language,
        }))
        return { mailboxes, refused: refused(name), friends }
      },
    },
    {
      method: 'PUT',
      path: '/members/:address',
      async answer({ parameters, body }) {
        const address = decode(parameters.address) ?? ''
        const [name = '', domain] = address.split('@')
        if (!isMember(name) || !MAIL_PROVIDERS.some(provider => domainOf(provider) === domain))
          throw new Refused(400, 'expected an address such as member-7@grosmail.test')
        const { confirms } = parse(MemberSchema, body, 'body')
        members.tell(address, confirms)
        return { address, confirms }
      },
    },
    {
      method: 'GET',
      path: '/mailboxes/:address/messages',
      answer: ({ parameters }) => summaries(homeFor(decode(parameters.address))),
    },
    {
      method: 'GET',
      path: '/mailboxes/:address/messages/:id',
      async answer({ parameters }) {
        const { home, file } = await fileFor(parameters)
        const found = await detail(home, file)
        if (found === null) throw new Refused(404, 'this message was moved or removed just now')
        return found
      },
    },
    {
      method: 'POST',
      path: '/mailboxes/:address/messages/:id',
      async answer({ parameters, body }) {
        const to = parse(ChangeSchema, body, 'body')
        const { home, file } = await fileFor(parameters)
        if (!(await change(home, file, to)))
          throw new Refused(404, 'this message was moved or removed just now')
        return { id: file.id, ...to }
      },
    },
    {
      method: 'DELETE',
      path: '/mailboxes/:address/messages/:id',
      async answer({ parameters }) {
        const { file } = await fileFor(parameters)
        await remove(file)
        return { id: file.id }
      },
    },
  ]
}

/** A part of a path; undefined for broken percent encoding. */
function decode(part: string | undefined): string | undefined {
  try {
    return decodeURIComponent(part ?? '')
  } catch {
    return undefined
  }
}
