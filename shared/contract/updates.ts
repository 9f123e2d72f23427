import { z } from 'zod'
import { call } from './define.ts'
import { epochMs } from './shapes.ts'

export const updateState = z.object({
  /** Of this Gatehouse. */
  version: z.string(),
  installed: z.enum(['package', 'sources']),
  /** Where it runs from. */
  folder: z.string(),
  checking: z.enum(['off', 'asked', 'daily']),
  /** Whether `check` would ask anybody. */
  mayAsk: z.boolean(),
  checkedAt: epochMs.optional(),
  newer: z.string().optional(),
  /** Why it could not be asked. */
  problem: z.string().optional(),
})

export const updates = {
  /** What is known; asks nobody. */
  state: call(z.void(), updateState, { verb: 'status' }),
  /** Asks over the network; fetches and installs nothing. @throws input.invalid unless the person switched it on */
  check: call(z.void(), updateState, { verb: 'changes' }),
} as const
