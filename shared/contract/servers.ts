import { z } from 'zod'
import { entryKinds } from '../domain/catalog.ts'
import { catalogWarning } from './catalog.ts'
import { cellShown, cellState } from './cells.ts'
import { call, event } from './define.ts'
import { finding } from './findings.ts'
import { runningChange, runningShown, usageSample } from './running.ts'
import {
  allowedPath,
  anyServerName,
  entryName,
  epochMs,
  json,
  sandboxLevel,
  serverName,
  sha256,
  workspaceName,
} from './shapes.ts'

export const serverState = z.enum(['disabled', 'idle', 'installing', 'starting', 'running', 'backing-off', 'failed'])

export const serverSummary = z.object({
  workspace: z.string(),
  name: z.string(),
  state: serverState,
  sandbox: sandboxLevel,
  /** The exact, untruncated command line. */
  command: z.string(),
  origin: z.enum(['bundled', 'command', 'package', 'remote']),
  trusted: z.boolean(),
  tools: z.number().int(),
  /** Entries held back until reviewed. */
  quarantined: z.number().int(),
  /** How many things of it could be mistaken for something else. */
  warningCount: z.number().int().optional(),
  problem: z.string().optional(),
  /** Of a remote server: the person has to sign in, it wants more rights, or all is well. */
  signIn: z.enum(['sign-in', 'more', 'signed-in']).optional(),
  /** How its cell stands. */
  cell: cellState.optional(),
})

export const serverDetail = serverSummary.extend({
  /** Which of Gatehouse's own servers it is. */
  bundle: z.string().optional(),
  allowedPaths: z.array(allowedPath),
  allowedHosts: z.array(z.string()),
  envNames: z.array(z.string()),
  secretNames: z.array(z.string()),
  shared: z.boolean(),
  /** It may know what a session is about. */
  context: z.boolean().optional(),
  /** What the person set about how it is run. */
  running: runningShown,
  /** What its processes use, as last measured; absent while it does not run or is not measured here. */
  usage: usageSample.optional(),
  /** Whether calls are let through. */
  breaker: z.enum(['closed', 'open', 'half-open']),
  /** Gets one call at a time, because it is over its quota. */
  throttled: z.boolean(),
  addedAt: epochMs,
  /** Of a remote server: TLS 1.2 will do, too. */
  tls12: z.boolean().optional(),
  /** What it may touch, in sentences. */
  mayTouch: z.array(z.string()),
  /** The sandbox that confines it here, e.g. "bubblewrap", or why there is none. */
  confinement: z.string(),
  limits: z.string(),
  pids: z.array(z.number().int()),
  startedAt: epochMs.optional(),
  warnings: z.array(catalogWarning).optional(),
  /** What was found in what it says of itself, the gravest first. */
  findings: z.array(finding).optional(),
  /** How it was registered. */
  registration: cellShown.optional(),
  entries: z.array(
    z.object({
      kind: z.enum(entryKinds),
      name: entryName,
      title: z.string(),
      description: z.string(),
      quarantine: z.enum(['new', 'changed']).optional(),
    }),
  ),
})
export type ServerDetail = z.output<typeof serverDetail>

const options = {
  sandbox: sandboxLevel.optional(),
  allowedPaths: z.array(allowedPath).optional(),
  allowedHosts: z.array(z.string().min(1).max(260)).optional(),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).optional(),
  secretNames: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)).optional(),
  trusted: z.boolean().optional(),
  shared: z.boolean().optional(),
  context: z.boolean().optional(),
  /** What is left out of it stays as it is. */
  running: runningChange.optional(),
}
export const bundledNames = ['filesystem', 'memory'] as const

export const serverDraft = z.object({
  name: serverName,
  command: z.string().min(1),
  args: z.array(z.string()),
  ...options,
  /** Whose it is; of the first workspace when left out. */
  workspace: workspaceName.optional(),
})
export type ServerDraft = z.output<typeof serverDraft>
export const serverChange = z.object({ name: anyServerName, ...options })

/** What a person agrees to before a server first runs. */
export const serverPlan = z.object({
  command: z.string(),
  /** The file that would run; empty when it was not found. */
  resolvedExecutable: z.string(),
  environmentNames: z.array(z.string()),
  sandbox: sandboxLevel,
  mayTouch: z.array(z.string()),
  warnings: z.array(z.string()),
})

export const pinChange = z.object({
  kind: z.enum(entryKinds),
  name: entryName,
  status: z.enum(['new', 'changed', 'removed']),
  /** Pretty JSON of the accepted and the present definition; of instructions their text. */
  before: z.string().optional(),
  after: z.string().optional(),
  pin: sha256.optional(),
  findings: z.array(finding).optional(),
})

export const servers = {
  list: call(z.void(), z.object({ servers: z.array(serverSummary) }), { verb: 'status' }),
  inspect: call(z.object({ name: anyServerName }), serverDetail, { verb: 'status' }),
  /** Checks a draft and says what would run; changes nothing, starts nothing. */
  plan: call(serverDraft, serverPlan, { verb: 'status' }),
  /** How the server in a folder is run, as its project file says; nothing when it is the path of no folder. */
  inFolder: call(
    z.object({ folder: z.string().min(1).max(4096) }),
    z.object({ found: z.object({ command: z.string(), args: z.array(z.string()) }).optional() }),
    { verb: 'status' },
  ),
  /** Adds, installs (package commands), starts once, lists, and leaves its entries pinned (accept) or quarantined. */
  add: call(
    serverDraft.extend({
      acceptPins: z.boolean().default(false),
      /** The person accepts what was found in its code. */
      acceptFindings: z.boolean().optional(),
    }),
    serverDetail,
    {
      verb: 'changes',
      widens: true,
    },
  ),
  /** One that Gatehouse comes with; named like it unless told. Its tools are accepted: they are Gatehouse's own. */
  addBundled: call(
    z.object({ bundle: z.enum(bundledNames), name: serverName.optional(), workspace: workspaceName.optional() }),
    serverDetail,
    { verb: 'changes', widens: true },
  ),
  /** Adds it switched off: nothing runs until a person switches it on. */
  addOff: call(serverDraft, serverDetail, { verb: 'changes', widens: true }),
  set: call(serverChange, serverDetail, { verb: 'changes', widens: true }),
  remove: call(z.object({ name: anyServerName }), z.void(), { verb: 'changes' }),
  enable: call(z.object({ name: anyServerName }), z.void(), { verb: 'changes', widens: true }),
  disable: call(z.object({ name: anyServerName }), z.void(), { verb: 'changes' }),
  restart: call(z.object({ name: anyServerName }), z.void(), { verb: 'changes' }),
  logs: call(
    z.object({ name: anyServerName, lines: z.number().int().min(1).max(5000).default(200) }),
    z.object({ lines: z.array(z.string()) }),
    {
      verb: 'contents',
    },
  ),
  review: call(z.object({ name: anyServerName }), z.object({ changes: z.array(pinChange) }), { verb: 'status' }),
  /** Accepts exactly the shown pins; one that changed again meanwhile stays quarantined. */
  accept: call(
    z.object({ name: anyServerName, pins: z.array(z.object({ name: entryName, pin: sha256 })) }),
    z.object({ accepted: z.number().int() }),
    {
      verb: 'changes',
      widens: true,
    },
  ),
  changed: event(serverSummary),
  removed: event(z.object({ name: z.string() })),
} as const

export const tools = {
  list: call(
    z.object({ server: anyServerName.optional() }),
    z.object({
      tools: z.array(
        z.object({
          name: entryName,
          server: z.string(),
          title: z.string(),
          description: z.string(),
          quarantine: z.enum(['new', 'changed']).optional(),
        }),
      ),
      /** What of them could be mistaken for something else. */
      warnings: z.array(catalogWarning).optional(),
    }),
    { verb: 'status' },
  ),
  /** What a tool takes, as its server says (JSON Schema). @throws input.invalid when there is none */
  describe: call(z.object({ name: entryName }), z.object({ name: entryName, inputSchema: json.optional() }), {
    verb: 'status',
  }),
  /** A call through the kernel as client `cli` (or `window`). */
  call: call(
    z.object({ name: entryName, arguments: z.record(z.string(), json).default({}) }),
    z.object({ isError: z.boolean(), content: z.array(json), structuredContent: json.optional() }),
    {
      verb: 'contents',
    },
  ),
} as const
