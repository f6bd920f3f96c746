/** What the blocklist's control API accepts. */
import { z } from 'zod'
import { LISTING_CAUSES, type ListBody } from './api.ts'

export const Cause = z.enum(LISTING_CAUSES)
export const ListSchema = z.strictObject({ cause: Cause }) satisfies z.ZodType<ListBody>
