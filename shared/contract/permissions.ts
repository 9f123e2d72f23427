import { z } from 'zod'
import { presets } from '../domain/preset.ts'
import { call, event } from './define.ts'
import {
  conflict,
  definedRole,
  explanation,
  ownRoleDraft,
  role,
  roleDraft,
  ruleChange,
  ruleConditions,
  ruleDraft,
  ruleMatrix,
  rulePreview,
  shownPreset,
  simulation,
  testedCall,
} from './rules.ts'
import { runningChange } from './running.ts'
import { allowedPath, allowScope, effect, epochMs, grantId, workspaceName } from './shapes.ts'

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
  conditions: ruleConditions.extend({ unless: z.array(z.string()).optional() }).optional(),
  /** Of a budget: what was used. */
  used: z.object({ calls: z.number().int(), bytes: z.number().int() }).optional(),
  /** As the person reads it. */
  sentence: z.string(),
  cedar: z.string(),
  createdAt: epochMs,
  expiresAt: epochMs.optional(),
  /** Suspended because the clock was set back or the row fails its seal. */
  suspended: z.string().optional(),
  origin: z.string(),
})
export const defaultRule = z.object({ id: z.string(), sentence: z.string(), effect, cedar: z.string() })
const made = grant.extend({ warnings: z.array(z.string()) })
/** Whose folders; of the first workspace when left out. */
const inWorkspace = { workspace: workspaceName.optional() }

export const permissions = {
  list: call(
    z.void(),
    z.object({
      grants: z.array(grant),
      defaults: z.array(defaultRule),
      preset: z.enum(presets),
      conflicts: z.array(conflict),
    }),
    { verb: 'status' },
  ),
  allow: call(ruleDraft, made, { verb: 'changes', widens: true }),
  ask: call(ruleDraft, made, { verb: 'changes' }),
  deny: call(ruleDraft, made, { verb: 'changes' }),
  revoke: call(z.object({ id: grantId }), z.object({ revoked: z.boolean() }), { verb: 'changes' }),
  /** Undoes a `revoke` of the last ten minutes: the rule as it was. */
  putBack: call(z.object({ id: grantId }), z.object({ sentence: z.string() }), { verb: 'changes', widens: true }),
  /** A rule as it would read, before it is made. */
  preview: call(z.object({ effect, draft: ruleDraft }), rulePreview, { verb: 'status' }),
  /** Explains a decision without calling. */
  test: call(testedCall, explanation, { verb: 'status' }),
  matrix: call(z.void(), ruleMatrix, { verb: 'status' }),
  /** Judges the recorded calls by the rules as they would be. Reads their arguments; shows only names and counts. */
  simulate: call(z.object({ change: ruleChange, days: z.number().int().min(1).max(90).default(7) }), simulation, {
    verb: 'contents',
  }),
  presets: call(z.void(), z.object({ presets: z.array(shownPreset) }), { verb: 'status' }),
  setPreset: call(z.object({ preset: z.enum(presets) }), z.object({ preset: z.enum(presets) }), {
    verb: 'changes',
    widens: true,
  }),
  roles: call(z.void(), z.object({ roles: z.array(role), defined: z.array(definedRole) }), { verb: 'status' }),
  setRole: call(roleDraft, z.object({ role: role.optional() }), { verb: 'changes', widens: true }),
  /** Makes a role, or changes the one of that name; whoever holds it has it as it is now. */
  defineRole: call(ownRoleDraft, definedRole, { verb: 'changes', widens: true }),
  /** @throws input.invalid while an app or another role has it */
  removeRole: call(z.object({ name: z.string().max(40) }), z.object({ removed: z.boolean() }), { verb: 'changes' }),
  /** Folders AI apps of a workspace may use through its bundled filesystem server, and how much of it in a second. */
  folders: call(
    z.object(inWorkspace),
    z.object({
      folders: z.array(allowedPath),
      /** Left out: the usual. */
      operationsPerSecond: z.number().int().optional(),
    }),
    { verb: 'status' },
  ),
  /** Adds that server where the workspace has none. A rate that is left out stays as it is, `null` is the usual one. */
  setFolders: call(
    runningChange.pick({ operationsPerSecond: true }).extend({ ...inWorkspace, folders: z.array(allowedPath) }),
    z.void(),
    { verb: 'changes', widens: true },
  ),
  changed: event(z.object({})),
} as const
export { ruleDraft } from './rules.ts'
