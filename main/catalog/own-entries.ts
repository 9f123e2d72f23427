import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import { defaultWorkspace, type EntryName, type EpochMs, type ServerName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { pinOf } from './pin.ts'

const server = 'gatehouse' as ServerName

/** Gatehouse itself, as the server its own tools belong to. It runs in the app, so nothing is started for it. */
export const ownServer: ServerConfig = {
  name: server,
  workspace: defaultWorkspace,
  origin: { kind: 'bundled', bundle: 'gatehouse' },
  sandbox: 0,
  allowedPaths: [],
  allowedHosts: [],
  env: {},
  secretNames: [],
  trusted: true,
  shared: true,
  enabled: true,
  addedAt: 0 as EpochMs,
}

const readOnly: JsonObject = { readOnlyHint: true, openWorldHint: false }

const definitions: readonly (JsonObject & { readonly name: string; readonly title: string })[] = [
  {
    name: 'await_approval',
    title: 'Wait for the user’s answer',
    description:
      'Waits until the user has answered a call that is “waiting for approval”, then gives that call’s own result. Use the id from that message.',
    inputSchema: {
      type: 'object',
      properties: { id: { type: 'string', description: 'The id in the “waiting for approval” message.' } },
      required: ['id'],
    },
  },
  {
    name: 'capabilities',
    title: 'What can be used here',
    description: 'Lists the servers and tools that can be used, and which of them ask the user first.',
    inputSchema: {
      type: 'object',
      properties: { server: { type: 'string', description: 'Only this server.' } },
    },
    annotations: readOnly,
  },
  {
    name: 'explain_refusal',
    title: 'Why a call is refused',
    description: 'Says what Gatehouse would decide about a call, why, and what the user can do. Calls nothing.',
    inputSchema: {
      type: 'object',
      properties: {
        tool: { type: 'string', description: 'The tool’s name as listed.' },
        arguments: { type: 'object', description: 'The arguments it would be called with.' },
      },
      required: ['tool'],
    },
    annotations: readOnly,
  },
]

/** `gatehouse__…`, in the merged view of every client. They need no pin: they come with the app. */
export const ownEntries: readonly CatalogEntry[] = definitions.map((definition) => ({
  kind: 'tool',
  name: `gatehouse__${definition.name}` as EntryName,
  server,
  ownName: definition.name,
  title: definition.title,
  definition,
  pin: pinOf('tool', definition),
}))
