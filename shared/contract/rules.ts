import { z } from 'zod'
import { presets } from '../domain/preset.ts'
import { isSystemRole, parsePermission } from '../domain/role.ts'
import { effect, entryName, epochMs, grantId, json, riskLevel, workspaceName } from './shapes.ts'

const host = z
  .string()
  .max(253)
  .toLowerCase()
  .regex(/^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/, 'A host is written as example.com or *.example.com.')
const label = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'A label has lower-case letters, digits and -.')
const minute = z.number().int().min(0).max(1439)

/** What else must hold for a rule. */
export const ruleConditions = z.strictObject({
  workspace: workspaceName.optional(),
  hosts: z.array(host).min(1).max(50).optional(),
  labels: z.array(label).min(1).max(20).optional(),
  actions: z
    .array(z.enum(['read', 'write', 'delete', 'run', 'send', 'unknown']))
    .min(1)
    .max(6)
    .optional(),
  /** Minutes of the local day; over midnight where `from` is the later. */
  hours: z.strictObject({ from: minute, to: minute }).optional(),
  /** 1 Monday … 7 Sunday. */
  weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7).optional(),
  /** By JSON pointer: a text in which `*` stands for any text. */
  arguments: z
    .record(
      z
        .string()
        .regex(/^(?:\/.*)$/s, 'Write a JSON pointer, such as /to.')
        .max(200),
      z.string().max(500),
    )
    .optional(),
  /** Of a rule that allows. */
  budget: z
    .strictObject({
      calls: z.number().int().min(1).max(1_000_000).optional(),
      bytes: z.number().int().min(1).optional(),
    })
    .optional(),
})

export const ruleDraft = z.object({
  client: z.string().max(64).default('*'),
  tool: z.string().min(1).max(200),
  path: z.string().optional(),
  until: epochMs.optional(),
  conditions: ruleConditions.optional(),
})

/** A rule as it would be: what it says, and what about it would not work. */
export const rulePreview = z.object({ sentence: z.string(), cedar: z.string(), warnings: z.array(z.string()) })

/** Something about a rule that cannot do what it seems to. */
export const conflict = z.object({
  id: grantId,
  kind: z.enum(['shadowed', 'redundant', 'overlap', 'no-client', 'no-tool', 'no-folder', 'no-workspace', 'used-up']),
  /** The rule it is about, the other one where there is one. */
  other: grantId.optional(),
  sentence: z.string(),
})

export const explanation = z.object({
  effect,
  rule: z.string(),
  reasons: z.array(z.string()),
  risk: riskLevel,
  /** Everything that holds for the call. */
  matched: z.array(z.object({ id: z.string(), effect, sentence: z.string(), decided: z.boolean() })),
  /** What would change it. */
  change: z.array(z.string()),
})

export const ruleChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('add'), effect, draft: ruleDraft }),
  z.object({ kind: z.literal('revoke'), id: grantId }),
  z.object({ kind: z.literal('preset'), preset: z.enum(presets) }),
])

export const simulation = z.object({
  /** Recorded calls that could be judged, and those whose tool or app is gone. */
  calls: z.number().int(),
  skipped: z.number().int(),
  /** Days the calls lie back. */
  days: z.number().int(),
  changed: z.object({ allow: z.number().int(), ask: z.number().int(), deny: z.number().int() }),
  examples: z.array(z.object({ at: epochMs, client: z.string(), tool: z.string(), before: effect, after: effect })),
  sentence: z.string(),
})

const shownPolicy = z.object({ id: z.string(), effect, sentence: z.string(), cedar: z.string() })
export const shownPreset = z.object({
  id: z.enum(presets),
  name: z.string(),
  current: z.boolean(),
  /** Whether it lets more happen than the present one. */
  wider: z.boolean(),
  /** One plain sentence for each effect. */
  sentences: z.object({ allow: z.string(), ask: z.string(), deny: z.string() }),
  policies: z.array(shownPolicy),
  /** Against the present one. */
  added: z.array(z.string()),
  removed: z.array(z.string()),
})

export const role = z.object({
  id: grantId,
  /** `*` for every client of the workspace. */
  client: z.string(),
  workspace: z.string().optional(),
  role: z.string(),
  permissions: z.array(z.string()),
  sentence: z.string(),
})
const permissionList = z
  .array(
    z
      .string()
      .max(200)
      .refine((text) => parsePermission(text) !== undefined, 'Write server:NAME:ACTION.'),
  )
  .max(100)
export const roleDraft = z.object({
  client: z.string().min(1).max(64).default('*'),
  workspace: workspaceName.optional(),
  /** One that comes with Gatehouse or that the person defined, or permissions of its own. */
  role: z.string().max(40).optional(),
  permissions: permissionList.optional(),
})

/** A role of the person's own: its permissions, and those of the role it inherits from. */
export const ownRoleDraft = z.object({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'A role’s name has lower-case letters, digits and -.')
    .refine(
      (name) => !isSystemRole(name) && name !== 'custom',
      'A role of this name comes with Gatehouse; choose another.',
    ),
  permissions: permissionList.default([]),
  inherits: z.string().max(40).optional(),
})
/** A role there is: what it holds by itself and in all, and how many apps or workspaces have it. */
export const definedRole = z.object({
  name: z.string(),
  /** Comes with Gatehouse and cannot be changed. */
  builtIn: z.boolean(),
  permissions: z.array(z.string()),
  inherits: z.string().optional(),
  all: z.array(z.string()),
  holders: z.number().int(),
})

/** What every tool's rules come to for every paired app, judged without arguments; `hidden`: the app does not see it. */
export const ruleMatrix = z.object({
  clients: z.array(z.string()),
  servers: z.array(
    z.object({
      name: z.string(),
      tools: z.array(
        z.object({
          name: entryName,
          title: z.string(),
          /** One for each of `clients`, in their order. */
          effects: z.array(effect.or(z.literal('hidden'))),
        }),
      ),
    }),
  ),
})

export const testedCall = z.object({
  client: z.string(),
  tool: entryName,
  arguments: z.record(z.string(), json).default({}),
})
