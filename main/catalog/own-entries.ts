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
    description:
      'Says why your latest refused call was refused and what can be done. With a tool, says what Gatehouse would decide about such a call. Calls nothing.',
    inputSchema: {
      type: 'object',
      properties: {
        tool: { type: 'string', description: 'The tool’s name as listed. Without it: the latest refusal.' },
        arguments: { type: 'object', description: 'The arguments it would be called with.' },
      },
    },
    annotations: readOnly,
  },
  {
    name: 'find_tools',
    title: 'Find tools',
    description:
      'Finds tools by what you want to do. Most tools are not listed: look for one here before you say that something cannot be done, then call it with gatehouse__call_tool. Gives names, descriptions and input schemas, best first.',
    inputSchema: {
      type: 'object',
      properties: {
        query: { type: 'string', description: 'What the tool should do, in a few words.' },
        server: { type: 'string', description: 'Only tools of this server.' },
        limit: { type: 'integer', minimum: 1, maximum: 20, default: 5 },
      },
      required: ['query'],
    },
    annotations: readOnly,
  },
  {
    name: 'call_tool',
    title: 'Call a tool',
    description: 'Calls a tool that gatehouse__find_tools found. The result is the tool’s own.',
    inputSchema: {
      type: 'object',
      properties: {
        name: { type: 'string', description: 'The tool’s name, exactly as found.' },
        arguments: { type: 'object', description: 'Its arguments, as its inputSchema says.' },
      },
      required: ['name'],
    },
  },
]

/** By their own names: listed only where the other tools are not. They answer everywhere, so that a change of view breaks no call. */
export const searchToolNames: ReadonlySet<string> = new Set(['find_tools', 'call_tool'])

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
