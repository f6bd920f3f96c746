/** A change of names as the page sends it, looked at before it goes on, so that refusals are in the reader's words. */
import { z } from 'zod'
import { exampleOf, HostName, RecordSchema } from '../../../containers/internet/records.ts'
import type { DomainEdit } from '../../protocol.ts'
import { HttpError } from '../errors.ts'

/** As the internet container takes them. */
const RECORDS = 500

const { name: Name, ttl: Ttl, type } = RecordSchema.shape
const Loose = z.strictObject({
  name: z.string().max(1024),
  type,
  data: z.string().max(70_000),
  ttl: z.number().exactOptional(),
})

/** What the page could never send by mistake is refused as a whole. */
const Shape = z.strictObject({
  remove: z.array(Loose),
  add: z.array(Loose),
  reverse: z.record(z.string().max(60), z.string().max(400).nullable()),
  version: z.string().max(64),
}) satisfies z.ZodType<DomainEdit>

const short = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text)

/** Throws with the first thing that is wrong; `field` in its details says where. */
export function checked(body: unknown, domain: string): DomainEdit {
  const shape = Shape.safeParse(body)
  if (!shape.success) throw new HttpError('bad-request')
  const { add, reverse } = shape.data
  if (add.length > RECORDS) throw new HttpError('too-many-records', { most: RECORDS })
  for (const one of add) {
    const wrong = (code: 'bad-name' | 'bad-data' | 'bad-ttl', seen: string, field: string) =>
      new HttpError(code, { seen, type: one.type, example: exampleOf(one.type) }, { field })
    if (!Name.safeParse(one.name).success) throw wrong('bad-name', short(one.name), 'name')
    if (one.ttl !== undefined && !Ttl.safeParse(one.ttl).success) throw wrong('bad-ttl', `${one.ttl}`, 'ttl')
    if (!RecordSchema.safeParse(one).success) throw wrong('bad-data', short(one.data), 'data')
  }
  for (const host of Object.values(reverse))
    if (host !== null && !HostName.safeParse(host).success)
      throw new HttpError('bad-host', { seen: short(host), domain }, { field: 'host' })
  return shape.data
}
