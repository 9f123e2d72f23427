import { z } from 'zod'
import { call, event } from './define.ts'
import { anyServerName, epochMs, workspaceName } from './shapes.ts'

/** An isolated set of servers and apps: neither reaches anything of another one. */
export const workspace = z.object({
  name: z.string(),
  /** The one everything belongs to that names none. */
  isDefault: z.boolean(),
  createdAt: epochMs.optional(),
  servers: z.array(z.string()),
  clients: z.array(z.string()),
})

export const workspaces = {
  list: call(z.void(), z.object({ workspaces: z.array(workspace) }), { verb: 'status' }),
  add: call(z.object({ name: workspaceName }), workspace, { verb: 'changes', widens: true }),
  /** Only an empty one. */
  remove: call(z.object({ name: workspaceName }), z.void(), { verb: 'changes' }),
  /** Its processes end; what was allowed of it in the old workspace no longer counts. */
  moveServer: call(z.object({ server: anyServerName, workspace: workspaceName }), z.void(), {
    verb: 'changes',
    widens: true,
  }),
  changed: event(z.object({})),
} as const
