/** What the finders of mistakes share: how names and texts are read, and how a mistake is told. */
import type { Mistake, ZoneRecord } from '../api.ts'

/** What is looked up elsewhere. */
export interface Outside {
  /** Whether the name has an address. */
  hasAddress(host: string): Promise<boolean>
  /** Whether the name is an alias (CNAME). */
  isAlias(host: string): Promise<boolean>
  /** The TXT records of a name, each with its strings joined. */
  texts(host: string): Promise<string[]>
}

export type Text = Mistake['text']
export type Tell = (record: { name: string; type: string; data: string }, code: string, text: Text) => void

/** A name of a record, absolute, without the final dot, in lower case. */
export const absolute = (name: string, domain: string): string =>
  (name === '@' ? domain : name.endsWith('.') ? name.slice(0, -1) : `${name}.${domain}`).toLowerCase()

/** The strings of a TXT record, joined as their readers do. */
export const textOf = (data: string): string =>
  [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part = '']) => part.replace(/\\(.)/g, '$1')).join('')

export const isSpf = (record: ZoneRecord) => record.type === 'TXT' && spf(textOf(record.data))
export const spf = (text: string) => /^v=spf1( |$)/i.test(text)
