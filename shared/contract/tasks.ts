import { z } from 'zod'
import { call, event } from './define.ts'
import { epochMs } from './shapes.ts'

export const taskState = z.enum(['working', 'input_required', 'completed', 'failed', 'cancelled'])
/** A call that its AI app follows as a task; no arguments, no result. */
export const task = z.object({
  id: z.string(),
  client: z.string(),
  tool: z.string(),
  state: taskState,
  createdAt: epochMs,
  updatedAt: epochMs,
  /** It is forgotten then, with its result. */
  expiresAt: epochMs,
})
export type ShownTask = z.output<typeof task>

const taskId = z.object({ id: z.string().max(64) })
export const tasks = {
  /** Newest first. */
  list: call(z.object({ limit: z.number().int().min(1).max(1_000).default(100) }), z.object({ tasks: z.array(task) }), {
    verb: 'status',
  }),
  show: call(
    taskId,
    z.object({
      task,
      message: z.string().optional(),
      /** What the AI app was or will be answered, decrypted. */
      result: z.unknown().optional(),
      error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
    }),
    { verb: 'contents' },
  ),
  /** The call ends; what its server already did stays done. */
  cancel: call(taskId, z.object({ cancelled: z.boolean() }), { verb: 'changes' }),
  changed: event(task),
} as const
