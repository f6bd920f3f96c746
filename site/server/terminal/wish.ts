/** What a page asks for when it opens a terminal's socket, and what it sends as text. Hostile until read here. */
import { z } from 'zod'
import type { TerminalClient } from '../../protocol.ts'

const whole = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const size = z.coerce.number().int().min(2).max(1000)

const wish = z.object({
  /** The next output byte that the page wants. */
  from: whole.catch(0),
  /** The shell it had, or empty. */
  shell: z
    .string()
    .regex(/^[\w.]{0,64}$/)
    .catch(''),
  cols: size.catch(80),
  rows: size.catch(24),
  writer: z.string().regex(/^[\w-]{1,64}$/),
})

export type Wish = z.infer<typeof wish>

/** Null when the address isn't one that our page makes. */
export function readWish(url: string): Wish | null {
  const { searchParams } = new URL(url, 'http://localhost')
  return wish.safeParse(Object.fromEntries(searchParams)).data ?? null
}

const strictWhole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const strictSize = z.number().int().min(2).max(1000)
const message: z.ZodType<TerminalClient> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ack'), seq: strictWhole }),
  z.strictObject({ type: z.literal('resize'), cols: strictSize, rows: strictSize }),
  z.strictObject({ type: z.literal('close') }),
])

/** Null when it is no message of ours. */
export function readMessage(text: string): TerminalClient | null {
  try {
    return message.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
