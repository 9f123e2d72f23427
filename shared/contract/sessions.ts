import { z } from 'zod'
import { contentLabels } from '../domain/flow.ts'
import { call, event } from './define.ts'
import { effect, epochMs, sessionId } from './shapes.ts'

export const sessionState = z.enum(['initializing', 'active', 'idle', 'suspended', 'expired', 'terminated', 'error'])
export const session = z.object({
  id: sessionId,
  client: z.string(),
  state: sessionState,
  door: z.enum(['bridge', 'http', 'cli', 'window']),
  protocol: z.string().optional(),
  startedAt: epochMs,
  lastActiveAt: epochMs,
  calls: z.number().int(),
  refused: z.number().int(),
  /** The session a person ended before the app connected again with this one. */
  follows: sessionId.optional(),
})
/** A call as it happens; no arguments, no results. */
export const liveCall = z.object({
  callId: z.string(),
  session: z.string(),
  client: z.string(),
  entry: z.string(),
  server: z.string().optional(),
  stage: z.enum(['received', 'waiting', 'running', 'done', 'refused', 'failed']),
  effect: effect.optional(),
  at: epochMs,
  durationMs: z.number().optional(),
  code: z.string().optional(),
})
export type LiveCall = z.output<typeof liveCall>
const going = { server: z.string(), entry: z.string(), place: z.string().optional(), at: epochMs }
/** Where what it read came from, and where its calls went that could leave this computer. Forgotten when it ends. */
export const sessionFlow = z.object({
  reads: z.array(z.object({ label: z.enum(contentLabels), ...going })).readonly(),
  sent: z.array(z.object(going)).readonly(),
})
export type ShownFlow = z.output<typeof sessionFlow>

export const sessions = {
  list: call(z.void(), z.object({ sessions: z.array(session) }), { verb: 'status' }),
  /** One session, and those of its calls that are in flight or ended lately, newest first. */
  show: call(z.object({ id: sessionId }), z.object({ session, calls: z.array(liveCall), flow: sessionFlow }), {
    verb: 'status',
  }),
  end: call(z.object({ id: sessionId }), z.void(), { verb: 'changes' }),
  /** Refuses its calls until it is resumed; also those that are waiting for the person. */
  suspend: call(z.object({ id: sessionId }), z.void(), { verb: 'changes' }),
  resume: call(z.object({ id: sessionId }), z.void(), { verb: 'changes' }),
  /** Calls in flight and the latest ended ones, newest first, for Home. */
  calls: call(z.void(), z.array(liveCall), { verb: 'status' }),
  changed: event(session),
  called: event(liveCall),
} as const
