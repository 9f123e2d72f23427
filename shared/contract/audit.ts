import { z } from 'zod'
import { call, event } from './define.ts'
import { epochMs, json } from './shapes.ts'

export const auditEntry = z.object({
  seq: z.number().int(),
  time: epochMs,
  action: z.string(),
  severity: z.enum(['info', 'notice', 'warning', 'critical']),
  decision: z.string().optional(),
  client: z.string().optional(),
  session: z.string().optional(),
  server: z.string().optional(),
  tool: z.string().optional(),
  /** The plain sentence: what happened. */
  summary: z.string(),
  durationMs: z.number().optional(),
  code: z.string().optional(),
})
export const verification = z.object({
  valid: z.boolean(),
  checked: z.number().int(),
  firstFault: z.object({ seq: z.number().int(), problem: z.string() }).optional(),
  /** Entries newer than the last anchor in the keychain. */
  notAnchored: z.number().int(),
  sentence: z.string(),
})
export const auditFilter = z.object({
  limit: z.number().int().min(1).max(1000).default(100),
  /** Only entries before this number: for paging. */
  before: z.number().int().optional(),
  client: z.string().optional(),
  server: z.string().optional(),
  decision: z.string().optional(),
  workspace: z.string().optional(),
  text: z.string().max(200).optional(),
})
/** Segment and byte of the log. */
const exportPlace = z.string().regex(/^\d{1,6}:\d{1,15}$/)

export const audit = {
  list: call(auditFilter, z.object({ entries: z.array(auditEntry), total: z.number().int() }), { verb: 'status' }),
  /** Decrypts arguments and result; itself audited. */
  show: call(
    z.object({ seq: z.number().int() }),
    auditEntry.extend({ arguments: json.optional(), result: json.optional(), hash: z.string() }),
    {
      verb: 'contents',
    },
  ),
  verify: call(z.void(), verification, { verb: 'status' }),
  /** A piece of the log as text; ask again from its `next` until there is none. */
  export: call(
    z.object({ format: z.enum(['jsonl', 'csv', 'cef']), from: exportPlace.optional() }),
    z.object({ text: z.string(), next: exportPlace.optional() }),
    { verb: 'contents' },
  ),
  /** Checks an exported log (jsonl) on its own; nothing of it is kept. */
  verifyFile: call(z.object({ file: z.string().min(1).max(4096) }), verification, { verb: 'status' }),
  /** The log has grown: the number of its newest entry. Told in groups. */
  grown: event(z.object({ seq: z.number().int() })),
} as const
