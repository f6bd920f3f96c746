import { imap } from './imap.ts'
import { relay } from './relay.ts'
import { smtp } from './smtp.ts'
import { tls } from './tls.ts'
import type { Scene } from './types.ts'

/** All pictures, by the name under which a lesson shows them. */
export const scenes: Readonly<Record<string, Scene>> = { imap, smtp, relay, tls }
