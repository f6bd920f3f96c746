/** A change of names as the page sends it, looked at before it goes on, so that refusals are in the reader's words. */
import { z } from 'zod'
import { exampleOf, HostName, RecordSchema } from '../../../containers/internet/records.ts'
import type { DomainChange, ZoneRecord } from '../../protocol.ts'
import { HttpError } from '../errors.ts'

/** As the internet container takes it. */
const RECORDS = 500

const { name: Name, ttl: Ttl, type: Type } = RecordSchema.shape

/** What the page could never send by mistake is refused as a whole. */
const Shape = z.strictObject({
  records: z.array(
    z.strictObject({
      name: z.string().max(400),
      type: Type,
      data: z.string().max(16_384),
      ttl: z.number().exactOptional(),
    }),
  ),
  reverse: z.record(z.string().max(60), z.string().max(400)),
  version: z.string().max(64),
})

const short = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text)

/** Throws with the first thing that is wrong; `record` in its details is the record's place in the list. */
export function checked(body: unknown, domain: string): DomainChange {
  const shape = Shape.safeParse(body)
  if (!shape.success) throw new HttpError('bad-request')
  const { records, reverse, version } = shape.data
  if (records.length > RECORDS) throw new HttpError('too-many-records', { most: RECORDS })
  for (const [record, one] of records.entries()) {
    const wrong = (code: 'bad-name' | 'bad-data' | 'bad-ttl', seen: string, field: string) =>
      new HttpError(code, { seen, type: one.type, example: exampleOf(one.type) }, { record, field })
    if (!Name.safeParse(one.name).success) throw wrong('bad-name', short(one.name), 'name')
    if (one.ttl !== undefined && !Ttl.safeParse(one.ttl).success) throw wrong('bad-ttl', `${one.ttl}`, 'ttl')
    if (!RecordSchema.safeParse(one).success) throw wrong('bad-data', short(one.data), 'data')
  }
  const alias = records.find(one => one.type === 'CNAME' && others(records, one))
  if (alias) throw new HttpError('alias-alone', { seen: alias.name }, { record: records.indexOf(alias) })
  for (const [address, host] of Object.entries(reverse)) {
    if (!HostName.safeParse(host).success)
      throw new HttpError('bad-host', { seen: short(host), domain }, { address })
  }
  return { records, reverse, version }
}

const others = (records: readonly ZoneRecord[], alias: ZoneRecord): boolean =>
  records.some(one => one !== alias && one.name.toLowerCase() === alias.name.toLowerCase())
