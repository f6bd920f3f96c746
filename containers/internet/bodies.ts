/** What the control API accepts, as schemas of the shapes in api.ts. */
import { z } from 'zod'
import type { DomainChange, DomainEdit, DoorsBody, RegisterBody, ResolveBody, SendBody } from './api.ts'
import { Cause } from './blocklist/bodies.ts'
import { canonical, type LabNet } from './env.ts'
import { PLACES, type Place } from './places.ts'
import { HostName, RecordSchema } from './records.ts'

/** RFC 5321, 4.5.3.1: 64 octets before the @, 255 after; no space, bracket or control character can break a command. */
const address =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9-]{1,63}$/

/** A mailbox in ASCII, `local@domain`. */
export const Address = z
  .string()
  .max(254)
  .regex(address, { error: 'expected an address such as ada@you.test' })

/** A learner's domain: one label under .test that is not taken by the lab itself. */
export const domainSchema = (taken: ReadonlySet<string>) =>
  z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.test$/, {
      error: 'expected one lower-case label under .test, such as you.test',
    })
    .refine(domain => !taken.has(domain), { error: 'this name belongs to the lab itself' })

/** Base64 of 32 bytes: hmac-sha256's own length. */
const Key = z.base64().length(44)

const Ttl = z.int().min(0).exactOptional()

/** The bodies of POST and PUT /domains/:domain and POST /domains/:domain/changes. An address has to be one of the lab's machines, never the internet's own. */
export function domainSchemas(net: LabNet) {
  const own = new Set((Object.keys(PLACES) as Place[]).flatMap(place => Object.values(net.at(place))))
  const Machine = z
    .string()
    .refine(address => net.contains(address) && !own.has(canonical(address)), {
      error: "expected an address of this lab's machines",
    })
    .transform(canonical)
  const byAddress = <T>(value: z.ZodType<T>) =>
    z.record(z.string(), value).transform((map, context) => {
      const entries = Object.entries(map)
      if (entries.length > 64) context.addIssue({ code: 'custom', message: 'expected at most 64 addresses' })
      return Object.fromEntries(
        entries.map(([address, host]): [string, T] => {
          const parsed = Machine.safeParse(address)
          if (!parsed.success)
            context.addIssue({
              code: 'custom',
              path: [address],
              message: parsed.error.issues[0]?.message ?? 'expected an address',
            })
          return [parsed.data ?? address, host]
        }),
      )
    })
  const names = { records: z.array(RecordSchema).max(500), reverse: byAddress(HostName) }
  const version = z.string().max(64).exactOptional()
  return {
    Register: z.strictObject({
      ...names,
      addresses: z.array(Machine).max(16),
      key: Key,
      strict: z.boolean().exactOptional(),
      relay: z.string().min(16).max(100).exactOptional(),
      listed: z.record(z.string(), Cause).exactOptional(),
      since: z.int().min(0).exactOptional(),
    }) satisfies z.ZodType<RegisterBody>,
    Change: z.strictObject({
      ...names,
      version,
    }) satisfies z.ZodType<DomainChange>,
    Edit: z.strictObject({
      // Only compared with what is there, where `nsupdate` may have put what a table would not take.
      remove: z
        .array(z.strictObject({ ...RecordSchema.shape, name: z.string(), data: z.string(), ttl: Ttl }))
        .max(1000),
      add: z.array(RecordSchema).max(500),
      reverse: byAddress(HostName.nullable()),
      version,
    }) satisfies z.ZodType<DomainEdit>,
  }
}

export const ZoneText = z.strictObject({ text: z.string().max(200_000) })

export const ResolveSchema = z.strictObject({
  name: z
    .string()
    .max(253)
    .regex(/^(?:\.|[A-Za-z0-9_*][A-Za-z0-9_*.-]*)$/, { error: 'expected a name such as mail.you.test' }),
  type: z
    .string()
    .regex(/^[A-Z][A-Z0-9]{0,10}$/, { error: 'expected a record type such as MX' })
    // A zone transfer is no question to a resolver.
    .refine(type => !/^[AI]XFR$/.test(type), { error: 'expected a type other than a zone transfer' }),
}) satisfies z.ZodType<ResolveBody>

/** 10 MB of message, as Base64. */
export const SOURCE_LIMIT = 14_000_000

export const SendSchema = z.strictObject({
  // An empty sender is a bounce's (RFC 5321, 4.5.5).
  from: z.union([z.literal(''), Address]),
  to: Address,
  source: z.base64().min(1).max(SOURCE_LIMIT),
}) satisfies z.ZodType<SendBody>

export const MessagesQuery = z.strictObject({
  to: Address.optional(),
  containing: z.string().min(1).max(200).optional(),
})

export const DeliveriesQuery = z.strictObject({
  sender: z.string().min(1).max(254),
  after: z.coerce.number().nonnegative().default(0),
})

export const RecentMailQuery = z.strictObject({
  from: z.string().optional(),
  to: z.string().optional(),
  after: z.coerce.number().nonnegative().optional(),
})
export const MailQuery = z.strictObject({
  /** Events after this one; without it, all that are remembered. */
  since: z.coerce.number().int().min(0).default(0),
})

/** A house stands among the last 256 addresses of an event's /22 (containers/addresses.ts), where no machine is. */
const houseAddress = (net: LabNet) =>
  z.ipv4().refine(address => net.contains(address) && Number(address.split('.')[2]) % 4 === 3, {
    error: "expected an address of the lab's houses",
  })

export const doorsSchema = (net: LabNet) =>
  z.strictObject({
    address: houseAddress(net),
    certificate: HostName,
    doors: z
      .array(
        z.strictObject({
          port: z.literal([25, 143, 465, 587, 993]),
          speaks: z.enum(['smtp', 'imap']),
          tls: z.enum(['none', 'starttls', 'first']),
        }),
      )
      .max(5)
      .refine(
        doors => new Set(doors.map(({ port }) => port)).size === doors.length,
        'expected each port once',
      ),
  }) satisfies z.ZodType<DoorsBody>
