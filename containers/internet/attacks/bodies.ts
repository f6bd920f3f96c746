/** What POST /attacks accepts: the shapes of api.ts, bounded. */
import { z } from 'zod'
import { Address } from '../bodies.ts'
import { ATTACK_LIMITS, type AttackBody } from './api.ts'

const Domain = z
  .string()
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+test$/, { error: 'expected a domain such as you.test' })
/** Nothing in it ends a line or needs a literal. */
const Word = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x20-\x7e]+$/, { error: 'expected printable ASCII' })
const Sender = z.union([z.literal(''), Address])
const Recipients = z.array(Address).min(1).max(ATTACK_LIMITS.count)
const Names = z
  .array(z.string().regex(/^[A-Za-z0-9._+-]{1,64}$/))
  .min(1)
  .max(ATTACK_LIMITS.count)

const common = {
  pace: z.number().min(0.1).max(ATTACK_LIMITS.pace).exactOptional(),
  count: z.int().min(1).max(ATTACK_LIMITS.count).exactOptional(),
  from: z.enum(['pourriel', 'pourriel2']).exactOptional(),
  family: z.union([z.literal(4), z.literal(6)]).exactOptional(),
}
const letter = { containing: Word.exactOptional() }

export const AttackSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('spam'),
    ...common,
    ...letter,
    to: Recipients,
    sender: Sender.exactOptional(),
    gtube: z.boolean().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('forged'), ...common, ...letter, to: Recipients, sender: Address }),
  z.strictObject({
    kind: z.literal('dictionary'),
    ...common,
    ...letter,
    domain: Domain,
    names: Names.exactOptional(),
    sender: Sender.exactOptional(),
    deliver: z.boolean().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('relay'),
    ...common,
    ...letter,
    domain: Domain,
    to: Recipients.exactOptional(),
    sender: Sender.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('passwords'),
    ...common,
    domain: Domain,
    service: z.enum(['submission', 'submissions', 'imaps', 'imap']).exactOptional(),
    users: z.array(Word).min(1).max(100),
    passwords: z.array(Word).min(1).max(100).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('virus'),
    ...common,
    ...letter,
    to: Recipients,
    sender: Sender.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('stolen-account'),
    ...common,
    ...letter,
    domain: Domain,
    user: Word,
    password: Word,
    sender: Address.exactOptional(),
    service: z.enum(['submission', 'submissions']).exactOptional(),
    to: Recipients.exactOptional(),
    gtube: z.boolean().exactOptional(),
  }),
]) satisfies z.ZodType<AttackBody>
