import type { CallFacts, PathFact } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import {
  defaultWorkspace,
  type EntryName,
  type EpochMs,
  newId,
  type ServerName,
  type Sha256,
} from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'

export const editor: CallFacts['client'] = {
  id: 'cl_editor' as CallFacts['client']['id'],
  name: 'Editor',
  workspace: defaultWorkspace,
  state: 'paired',
  pairedAt: 0 as EpochMs,
}
export const aSession = (id = 'se_1'): CallFacts['session'] => ({
  id: id as CallFacts['session']['id'],
  client: editor.id,
  workspace: defaultWorkspace,
  door: 'bridge',
  state: 'active',
})
const sharedSession = aSession()

export const aServer = (change: Partial<ServerConfig> = {}): ServerConfig => ({
  name: 'notes' as ServerName,
  workspace: defaultWorkspace,
  origin: { kind: 'command', command: 'notes-server', args: [] },
  sandbox: 2,
  allowedPaths: [],
  allowedHosts: [],
  env: {},
  secretNames: [],
  trusted: false,
  shared: false,
  enabled: true,
  addedAt: 0 as EpochMs,
  ...change,
})

export const theFilesystem = (change: Partial<ServerConfig> = {}): ServerConfig =>
  aServer({
    name: 'filesystem' as ServerName,
    origin: { kind: 'bundled', bundle: 'filesystem' },
    allowedPaths: [
      { path: '/home/ada/notes', access: 'write' },
      { path: '/home/ada/books', access: 'read' },
    ],
    ...change,
  })

export interface CallOptions extends Partial<Omit<CallFacts, 'server' | 'arguments' | 'paths'>> {
  readonly server?: ServerConfig
  readonly tool?: string
  readonly arguments?: JsonObject
  readonly annotations?: JsonObject
  readonly pin?: string
  /** Real paths; which folder allows them is found by prefix. */
  readonly real?: readonly string[]
}

export function aCall({
  server = aServer(),
  tool = 'do_it',
  arguments: args = {},
  annotations = {},
  pin = 'p1',
  real = [],
  ...rest
}: CallOptions = {}): CallFacts {
  const paths = real.map((path): PathFact => {
    const allowedBy = server.allowedPaths.find((folder) => path === folder.path || path.startsWith(`${folder.path}/`))
    return { pointer: '/path', given: path, real: path, ...(allowedBy === undefined ? {} : { allowedBy }) }
  })
  return {
    callId: newId('call'),
    client: editor,
    session: sharedSession,
    server,
    entry: {
      kind: 'tool',
      name: `${server.name}__${tool}` as EntryName,
      server: server.name,
      ownName: tool,
      title: tool,
      definition: { name: tool, annotations },
      pin: pin as Sha256,
    },
    method: 'tools/call',
    arguments: args,
    canonical: canonicalJson(args),
    paths,
    urls: [],
    commands: [],
    ...rest,
  }
}
