import { z } from 'zod'
import { call } from './define.ts'
import { remotePlan } from './remote.ts'
import { serverPlan } from './servers.ts'
import { workspaceName } from './shapes.ts'

const appId = z.string().min(1).max(64)
/** Whose what is added is to be; of the first workspace when left out. */
const workspace = workspaceName.optional()
/** What a preview is named by: SHA-256, hex. */
const preview = z.string().regex(/^[0-9a-f]{64}$/)

/** A server an AI app starts or calls by itself, as its own file says. Never its values. */
export const foundServer = z.object({ name: z.string(), kind: z.enum(['command', 'url', 'other']) })

/** An AI app Gatehouse knows the configuration file of. */
export const aiApp = z.object({
  id: z.string(),
  title: z.string(),
  /** On this computer: it has a file, a folder or a program here. */
  found: z.boolean(),
  file: z.string(),
  fileExists: z.boolean(),
  /** What it reads in the folder of a project, e.g. `.vscode/mcp.json`. */
  projectFile: z.string().optional(),
  /** Its file starts this Gatehouse’s bridge. */
  connected: z.boolean(),
  /** Where it is paired. */
  workspace: z.string().optional(),
  servers: z.array(foundServer),
  /** Why its file cannot be used. */
  problem: z.string().optional(),
})
export type AiApp = z.output<typeof aiApp>

/** A change of an app’s file, before it is made. */
export const fileChange = z.object({
  app: z.string(),
  title: z.string(),
  file: z.string(),
  /** Unified; secrets are dots. */
  diff: z.string(),
  /** Stands for exactly this change; give it back to have it made. */
  preview,
  /** There is no file yet, or there will be none. */
  creates: z.boolean(),
})
export type FileChange = z.output<typeof fileChange>

/** What an app’s server would be as a server of Gatehouse. */
export const importPlan = z.object({
  /** As the app calls it. */
  name: z.string(),
  /** As Gatehouse would call it. */
  as: z.string(),
  /** What would run here. */
  plan: serverPlan.optional(),
  /** What would be connected to elsewhere. */
  remote: remotePlan.optional(),
  /** Values that go from the file into the keychain. */
  secrets: z.array(z.string()),
  /** Values only the app can fill in; they have to be set in Gatehouse. */
  missing: z.array(z.string()),
  notes: z.array(z.string()),
  /** Why it cannot be imported. */
  problem: z.string().optional(),
})
export type ImportPlan = z.output<typeof importPlan>

export const imported = z.object({
  name: z.string(),
  as: z.string(),
  added: z.boolean(),
  problem: z.string().optional(),
})

/** Of a project, in full: the app’s file there instead of the person’s own. */
const folder = z.string().min(1).max(4096).optional()

const pasted = z.string().min(1).max(262_144)

/** Which app, and the workspace it is to be in; the one it is paired in, else the first, when left out. */
const joining = { app: appId, workspace }

/** A change the person has seen: the file is named so that the question about it can say it. */
const agreed = { app: appId, file: z.string().max(4096), preview }

export const apps = {
  detect: call(z.void(), z.object({ apps: z.array(aiApp) }), { verb: 'status' }),
  previewConnect: call(z.object(joining), fileChange, { verb: 'status' }),
  /** Saves a copy, writes the entry, pairs the app. @throws input.invalid when it is paired in another workspace */
  connect: call(z.object({ ...agreed, workspace }), fileChange, { verb: 'changes', widens: true }),
  previewDisconnect: call(z.object({ app: appId }), fileChange, { verb: 'status' }),
  /** The file as it was; a pairing that came with the connection ends. */
  disconnect: call(z.object(agreed), fileChange, { verb: 'changes' }),
  /** What each of the app’s servers would run, or where it is. Command lines may hold what the person keeps to themself. */
  previewImport: call(z.object({ app: appId, folder }), z.object({ servers: z.array(importPlan), preview }), {
    verb: 'contents',
  }),
  /** Adds the named servers as planned, their secrets in the keychain. */
  import: call(
    z.object({
      app: appId,
      folder,
      servers: z.array(z.string()).min(1),
      preview,
      acceptPins: z.boolean().default(false),
      workspace,
    }),
    z.object({ servers: z.array(imported) }),
    { verb: 'changes', widens: true },
  ),
  /** The same of a piece of an app’s configuration that the person pasted; it may hold secrets and is kept nowhere. */
  previewPasted: call(z.object({ pasted }), z.object({ servers: z.array(importPlan), preview }), { verb: 'contents' }),
  importPasted: call(
    z.object({
      pasted,
      servers: z.array(z.string()).min(1),
      preview,
      acceptPins: z.boolean().default(false),
      workspace,
    }),
    z.object({ servers: z.array(imported) }),
    { verb: 'changes', widens: true },
  ),
  /** In the app’s file: Gatehouse’s entry in place of these. */
  previewReplace: call(z.object({ ...joining, servers: z.array(z.string()) }), fileChange, { verb: 'contents' }),
  replace: call(z.object({ ...agreed, workspace, servers: z.array(z.string()) }), fileChange, {
    verb: 'changes',
    widens: true,
  }),
} as const
