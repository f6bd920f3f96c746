/** What comes from the internet container and from learners' logs, cut to sizes that we keep and send on. */
import { z } from 'zod'
import type { MailEvent } from '../../../containers/internet/api.ts'

const MOST_RECIPIENTS = 20
const MOST_REASONS = 12

/** A string whose end beyond `most` characters is left out. */
const cut = (most: number) =>
  z.string().transform(text => (text.length > most ? `${text.slice(0, most)}…` : text))

const Event = z.object({
  id: z.number(),
  at: z.number(),
  from: cut(255),
  to: cut(255),
  envelope: z.object({
    from: cut(320),
    to: z.array(cut(320)).transform(all => all.slice(0, MOST_RECIPIENTS)),
  }),
  subject: cut(300).exactOptional(),
  size: z.number(),
  fate: z.enum(['inbox', 'spam', 'deferred', 'refused']),
  code: z.number(),
  reply: cut(1000),
  tls: z.union([cut(100), z.literal(false)]),
  authentication: z
    .object({ spf: cut(40), dkim: cut(40), dmarc: cut(40), arc: cut(40), header: cut(4000) })
    .exactOptional(),
  reasons: z
    .array(z.object({ rule: cut(60), text: z.object({ en: cut(1000), fr: cut(1000) }) }))
    .transform(all => all.slice(0, MOST_REASONS)),
  transcript: cut(16_000),
}) satisfies z.ZodType<MailEvent>

/** The event within bounds, or null if it is none. */
export function tidy(event: unknown): MailEvent | null {
  const { success, data } = Event.safeParse(event)
  return success ? data : null
}
