import { z } from 'zod'
import { call, event } from './define.ts'
import { anyServerName } from './shapes.ts'

export const finding = z.object({
  id: z.string(),
  state: z.enum(['ok', 'warning', 'problem']),
  /** What was found. */
  finding: z.string(),
  /** What to do about it; empty when ok. */
  remedy: z.string(),
})
export const status = z.object({
  ready: z.boolean(),
  shell: z.enum(['electron', 'browser']),
  windowUrl: z.string().optional(),
  mcpUrl: z.string(),
  servers: z.object({ total: z.number().int(), running: z.number().int(), failed: z.number().int() }),
  pending: z.number().int(),
})
const appearance = z.object({ language: z.enum(['en', 'ro']), theme: z.enum(['system', 'light', 'dark']) })

export const system = {
  status: call(z.void(), status, { verb: 'status' }),
  doctor: call(z.void(), z.object({ findings: z.array(finding) }), { verb: 'status' }),
  /** Where keys are, what is set up: for first run and banners. */
  setup: call(
    z.void(),
    z.object({
      firstRunDone: z.boolean(),
      operatorSet: z.boolean(),
      keychain: z.enum(['system', 'safe-storage', 'file']),
      sandbox: z.object({
        available: z.boolean(),
        kind: z.string(),
        problem: z.string().optional(),
        remedy: z.string().optional(),
      }),
      home: z.string(),
      homeFolder: z.string(),
      ...appearance.shape,
      notices: z.array(z.string()),
      /** Whether Gatehouse starts when the person signs in; absent where this shell has no way to. */
      autostart: z.boolean().optional(),
    }),
    { verb: 'status' },
  ),
  finishFirstRun: call(z.void(), z.void(), { verb: 'changes' }),
  setAppearance: call(appearance.partial(), z.void(), { verb: 'changes' }),
  setAutostart: call(z.object({ on: z.boolean() }), z.void(), { verb: 'changes' }),
  /** First time: sets the operator passphrase. Later: needs the present one. */
  setOperator: call(z.object({ current: z.string().optional(), passphrase: z.string().min(8).max(1024) }), z.void(), {
    verb: 'changes',
  }),
  stop: call(z.void(), z.void(), { verb: 'changes' }),
  uninstall: call(z.void(), z.object({ removed: z.array(z.string()), kept: z.array(z.string()) }), { verb: 'changes' }),
  /** Language or theme was chosen, in whichever window. */
  appearanceChanged: event(appearance),
  /** Something a person should know; shown once as a toast. */
  noticed: event(z.object({ level: z.enum(['info', 'warning', 'problem']), text: z.string() })),
} as const

export const secrets = {
  set: call(
    z.object({
      server: anyServerName,
      name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
      value: z.string().min(1).max(65536),
    }),
    z.void(),
    { verb: 'changes' },
  ),
  list: call(
    z.void(),
    z.object({
      secrets: z.array(
        z.object({
          server: z.string(),
          name: z.string(),
          updatedAt: z.number(),
          holder: z.string(),
          /** How many values it had, this one counted. */
          version: z.number().int(),
          rotateDays: z.number().int().optional(),
          /** When it is to be replaced. */
          dueAt: z.number().optional(),
          usedAt: z.number().optional(),
          uses: z.number().int(),
          /** The value before this one can be had back. */
          former: z.literal(true).optional(),
        }),
      ),
    }),
    { verb: 'status' },
  ),
  /** A new value for one that is kept, and when the next is due; the server starts anew with it. */
  rotate: call(
    z.object({
      server: anyServerName,
      name: z.string(),
      value: z.string().min(1).max(65536).optional(),
      /** 0: no schedule any more; left out: as it was. */
      everyDays: z.number().int().min(0).max(3650).optional(),
    }),
    z.object({ version: z.number().int(), dueAt: z.number().optional() }),
    { verb: 'changes' },
  ),
  /** Back to the value before this one, which is kept 30 days; the server starts anew with it. */
  revert: call(z.object({ server: anyServerName, name: z.string() }), z.object({ version: z.number().int() }), {
    verb: 'changes',
  }),
  /** Starts of the server and sessions a secret was used for, latest first; kept 90 days. */
  uses: call(
    z.object({
      server: anyServerName,
      name: z.string().optional(),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    z.object({
      uses: z.array(
        z.object({
          server: z.string(),
          name: z.string(),
          version: z.number().int(),
          /** Absent: the server was started. */
          session: z.string().optional(),
          firstAt: z.number(),
          lastAt: z.number(),
          times: z.number().int(),
        }),
      ),
    }),
    { verb: 'status' },
  ),
  remove: call(z.object({ server: anyServerName, name: z.string() }), z.object({ removed: z.boolean() }), {
    verb: 'changes',
  }),
} as const
