import { z } from 'zod'
import { call, event } from './define.ts'
import { allowScope, effect, entryName, epochMs, grantId, json } from './shapes.ts'

/** A remembered approval or a rule the person made. */
export const grant = z.object({
  id: grantId,
  effect,
  /** Client name, or `*`. */
  client: z.string(),
  /** Entry name or pattern: `filesystem__read_*`. */
  tool: z.string(),
  /** Folder it is limited to. */
  path: z.string().optional(),
  scope: allowScope.or(z.literal('rule')),
  /** As the person reads it. */
  sentence: z.string(),
  createdAt: epochMs,
  expiresAt: epochMs.optional(),
  /** Suspended because the clock was set back or the row fails its seal. */
  suspended: z.string().optional(),
  origin: z.string(),
})
export const defaultRule = z.object({ id: z.string(), sentence: z.string(), effect, cedar: z.string() })
export const ruleDraft = z.object({
  client: z.string().default('*'),
  tool: z.string().min(1),
  path: z.string().optional(),
  until: epochMs.optional(),
})
export const permissions = {
  list: call(z.void(), z.object({ grants: z.array(grant), defaults: z.array(defaultRule) }), { verb: 'status' }),
  allow: call(ruleDraft, grant, { verb: 'changes', widens: true }),
  ask: call(ruleDraft, grant, { verb: 'changes' }),
  deny: call(ruleDraft, grant, { verb: 'changes' }),
  revoke: call(z.object({ id: grantId }), z.object({ revoked: z.boolean() }), { verb: 'changes' }),
  /** Explains a decision without calling. */
  test: call(
    z.object({ client: z.string(), tool: entryName, arguments: z.record(z.string(), json).default({}) }),
    z.object({ effect, rule: z.string(), reasons: z.array(z.string()) }),
    { verb: 'status' },
  ),
  /** Folders AI apps may use through the bundled filesystem server. */
  folders: call(
    z.void(),
    z.object({ folders: z.array(z.object({ path: z.string(), access: z.enum(['read', 'write']) })) }),
    { verb: 'status' },
  ),
  setFolders: call(
    z.object({ folders: z.array(z.object({ path: z.string().min(1), access: z.enum(['read', 'write']) })) }),
    z.void(),
    {
      verb: 'changes',
      widens: true,
    },
  ),
  changed: event(z.object({})),
} as const
