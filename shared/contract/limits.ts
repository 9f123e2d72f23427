import { z } from 'zod'
import { quotaHolders, quotaMeasures, quotaPeriods } from '../domain/quota.ts'
import { call } from './define.ts'
import { epochMs } from './shapes.ts'

const which = z.object({
  holder: z.enum(quotaHolders),
  /** A name; of a tool also a pattern with `*`. */
  name: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[^\p{C}]+$/u),
  measure: z.enum(quotaMeasures),
  per: z.enum(quotaPeriods),
})

export const useQuota = which.extend({
  /** Calls, bytes, estimated tokens (four bytes each), or seconds of calls. */
  most: z.number().int().min(0),
  used: z.number(),
  /** When it is whole again; absent while nothing of it is used. */
  refillsAt: epochMs.optional(),
})

/** How much a client, server, tool or workspace may use in a minute, an hour, a day. */
export const limits = {
  list: call(z.void(), z.object({ quotas: z.array(useQuota) }), { verb: 'status' }),
  /** Replaces the one for the same holder, name, measure and time. */
  set: call(which.extend({ most: z.number().int().min(0).max(1e15) }), z.void(), { verb: 'changes', widens: true }),
  /** From now on there is none. */
  remove: call(which, z.void(), { verb: 'changes', widens: true }),
} as const
