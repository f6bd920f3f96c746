/**
 * What a record's data may look like, a pattern a type. A zone file is a small language: `$INCLUDE`, line ends,
 * comments and parentheses in a record would let its author write other records or read files.
 */
import { isIPv4, isIPv6 } from 'node:net'
import { z } from 'zod'
import type { ZoneRecord } from './api.ts'

/** 1 to 63 characters; an underscore leads service names such as `_dmarc` (RFC 8552). */
const LABEL = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?'
const NAME = `(?:@|(?:${LABEL}\\.)*${LABEL}\\.?)`
const NUMBER = '\\d{1,5}'
/** A character-string of RFC 1035, 5.1: printable ASCII, quotes and backslashes escaped. */
const STRING = '"(?:[ !#-\\[\\]-~]|\\\\["\\\\]|\\\\\\d{3}){0,255}"'

const matches = (pattern: string) => {
  const whole = new RegExp(`^${pattern}$`)
  return (data: string) => whole.test(data)
}

const FORMS: Record<ZoneRecord['type'], { like: string; fits: (data: string) => boolean }> = {
  A: { like: '198.18.7.3', fits: isIPv4 },
  // Zone indices (fe80::1%eth0) are no part of a record.
  AAAA: { like: '2001:db8:7::3', fits: data => isIPv6(data) && !data.includes('%') },
  MX: { like: '10 mail.you.test.', fits: matches(`${NUMBER} (?:${NAME}|\\.)`) },
  TXT: { like: '"v=spf1 mx -all"', fits: matches(`${STRING}(?: ${STRING})*`) },
  CNAME: { like: 'mail.you.test.', fits: matches(NAME) },
  SRV: { like: '0 1 993 mail.you.test.', fits: matches(`${NUMBER} ${NUMBER} ${NUMBER} (?:${NAME}|\\.)`) },
  CAA: { like: '0 issue "ca.test"', fits: matches(`\\d{1,3} [A-Za-z0-9]{1,15} ${STRING}`) },
  TLSA: { like: '3 1 1 HEX', fits: matches('\\d{1,3} \\d{1,3} \\d{1,3} (?:[0-9A-Fa-f]{2}){1,512}') },
}

/** Data as the type wants it. */
export const exampleOf = (type: ZoneRecord['type']): string => FORMS[type].like

/** The host name of a PTR, without the final dot. */
export const HostName = z
  .string()
  .max(253)
  .refine(matches(`(?:${LABEL}\\.)+${LABEL}`), { error: 'expected a host name such as mail.you.test' })

export const RecordSchema = z
  .strictObject({
    name: z
      .string()
      .max(200)
      .refine(matches(`(?:@|(?:\\*|${LABEL})(?:\\.${LABEL})*)`), {
        error: 'expected @ or a name relative to the domain, such as mail or _dmarc',
      }),
    type: z.enum(Object.keys(FORMS) as [ZoneRecord['type'], ...ZoneRecord['type'][]]),
    data: z.string().max(8192),
    ttl: z.int().min(1).max(604800).exactOptional(),
  })
  .superRefine(({ type, data }, context) => {
    const { like, fits } = FORMS[type]
    if (!fits(data)) {
      context.addIssue({ code: 'custom', path: ['data'], message: `expected ${type} data such as ${like}` })
    }
  })
