import { z } from 'zod'
import { keyScopePattern } from '../domain/key-scope.ts'
import { quotaMeasures, quotaPeriods } from '../domain/quota.ts'
import { program } from './approvals.ts'
import { call, event } from './define.ts'
import { clientId, epochMs, workspaceName } from './shapes.ts'

export const clientState = z.enum(['paired', 'suspended', 'revoked'])
export const client = z.object({
  id: clientId,
  name: z.string(),
  workspace: z.string(),
  state: clientState,
  pairedAt: epochMs,
  lastSeenAt: epochMs.optional(),
  program: program.optional(),
  connected: z.boolean(),
  /** How long it was seen to wait for an answer before it gave up, less a margin, in milliseconds. */
  patienceMs: z.number().int().optional(),
  /** What it uses that will go away: method names from before the first revision, the first revision. */
  deprecated: z.array(z.enum(['old-names', 'old-revision'])).optional(),
  /** Its requests under those old names are taken. */
  oldNames: z.boolean().optional(),
  tokens: z.array(
    z.object({
      id: z.string(),
      createdAt: epochMs,
      expiresAt: epochMs,
      /** The programs the key was used by, as far as they could be told. */
      programs: z.array(program).optional(),
      /** What it is confined to; empty: nothing. */
      scopes: z.array(z.string()),
      usedAt: epochMs.optional(),
      /** Requests it came with. */
      uses: z.number().int(),
    }),
  ),
})

export const clients = {
  list: call(z.void(), z.object({ clients: z.array(client) }), { verb: 'status' }),
  pair: call(
    z.object({ name: z.string().min(1).max(64), workspace: z.string().optional() }),
    z.object({ id: clientId, secret: z.string() }),
    {
      verb: 'changes',
      widens: true,
    },
  ),
  /** A revocable API key for the HTTP endpoint; 90 days unless given. */
  token: call(
    z.object({
      name: z.string(),
      days: z.number().int().min(1).max(365).default(90),
      /** `read`, `tools:PATTERN`, `servers:NAME`; each kind that is given narrows. */
      scopes: z.array(z.string().regex(keyScopePattern)).max(32).default([]),
      limits: z
        .array(
          z.object({
            measure: z.enum(quotaMeasures),
            per: z.enum(quotaPeriods),
            most: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
          }),
        )
        .max(12)
        .default([]),
    }),
    z.object({ token: z.string(), expiresAt: epochMs }),
    {
      verb: 'changes',
      widens: true,
    },
  ),
  /** A certificate in place of a key, for the HTTPS endpoint; it stands among the keys. */
  certificate: call(
    z.object({
      name: z.string(),
      /** One certificate, without its key. */
      pem: z.string().max(65_536),
      scopes: z.array(z.string().regex(keyScopePattern)).max(32).default([]),
    }),
    z.object({ id: z.string(), expiresAt: epochMs }),
    { verb: 'changes', widens: true },
  ),
  /** Another secret for an API key; its scopes, limits and end stay, the old secret is refused. */
  rotateKey: call(z.object({ name: z.string(), id: z.string() }), z.object({ token: z.string(), expiresAt: epochMs }), {
    verb: 'changes',
    widens: true,
  }),
  /** The key opens nothing from now on, and its limits go; the app's sessions end. */
  revokeKey: call(z.object({ name: z.string(), id: z.string() }), z.void(), { verb: 'changes' }),
  /** Ends its sessions and calls in flight, its tokens and its grants. */
  revoke: call(z.object({ name: z.string() }), z.void(), { verb: 'changes' }),
  /** Ends its sessions and calls in flight and keeps it out; its keys and rules stay for when it is resumed. */
  suspend: call(z.object({ name: z.string() }), z.void(), { verb: 'changes' }),
  /** Lets a suspended app in again. */
  resume: call(z.object({ name: z.string() }), z.void(), { verb: 'changes', widens: true }),
  /** Whether requests under method names from before the first revision are taken: `execute_tool`, `list_tools` … */
  setOldNames: call(z.object({ name: z.string(), taken: z.boolean() }), z.void(), { verb: 'changes' }),
  /** What to paste into an AI app's configuration; it names the workspace unless that is the first. */
  snippet: call(
    z.object({ name: z.string(), workspace: workspaceName.optional() }),
    z.object({ json: z.string(), command: z.string(), args: z.array(z.string()) }),
    { verb: 'status' },
  ),
  changed: event(client),
} as const
