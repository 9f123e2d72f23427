import { z } from 'zod'
import { call } from './define.ts'
import { epochMs, grantId } from './shapes.ts'

export const integrityState = z.object({
  /** False: the database is not as Gatehouse left it, and nothing is allowed. */
  sound: z.boolean(),
  /** What is wrong, each in one sentence. */
  findings: z.array(z.object({ table: z.string(), sentence: z.string() })),
  /**
   * Single records that somebody wrote without Gatehouse’s key and that gave no more than they took: each counts for nothing.
   * All that were found since the start, also those written again since.
   */
  forged: z.array(z.string()),
  /** What was allowed before, and allows nothing until the person says it again. */
  held: z.array(z.object({ id: grantId, sentence: z.string(), heldAt: epochMs })),
})

/** Whether the records that give rights are as Gatehouse wrote them, and the ways back when they are not. */
export const integrity = {
  state: call(z.void(), integrityState, { verb: 'status' }),
  /** Keeps what can be authenticated, holds what was allowed for review, switches servers off, and ends the app. */
  accept: call(z.void(), z.object({ held: z.number().int(), switchedOff: z.array(z.string()) }), {
    verb: 'changes',
    widens: true,
  }),
  /** Allows again what is held. */
  release: call(z.object({ id: grantId }), z.object({ sentence: z.string() }), { verb: 'changes', widens: true }),
  drop: call(z.object({ id: grantId }), z.object({ dropped: z.boolean() }), { verb: 'changes' }),
} as const
