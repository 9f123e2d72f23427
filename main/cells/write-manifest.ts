import { createHash } from 'node:crypto'
import type { CellManifest } from '../../shared/contract/cell-manifest.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { FolderAccess } from '../../shared/domain/folder-rights.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { withHash } from '../../shared/wire/cell-signature.ts'

/** What a server without a manifest of its own is held to. */
const limits = {
  memory: 2 * 1024 ** 3,
  cpu: 2,
  storage: 1024 ** 3,
  networkBandwidth: 50 * 1024 ** 2,
  executionTime: 30_000,
}

/** What a manifest asks for that wants to know what a session is about. */
export const contextPermission = { resource: 'session-context', actions: ['read'] }

/** The unsigned manifest of a plain command: what the person allowed, and what the server lists. */
export function writtenManifest(
  server: ServerConfig,
  entries: readonly CatalogEntry[],
  code: { readonly checksum: string; readonly runtime: string },
): CellManifest {
  const of = (kind: CatalogEntry['kind']) =>
    entries.filter((entry) => entry.kind === kind).map(({ ownName }) => ownName.slice(0, 200))
  const tools = entries.filter(({ kind }) => kind === 'tool')
  return withHash({
    identity: { name: server.name, hash: '', version: versionOf(server), author: authorOf(server) },
    description: '',
    capabilities: {
      tools: of('tool'),
      resources: [...of('resource'), ...of('resource-template')],
      prompts: of('prompt'),
    },
    contracts: {
      inputs: schemasOf(tools, 'inputSchema'),
      outputs: schemasOf(tools, 'outputSchema'),
      sideEffects: tools.filter(mayChange).map(({ ownName }) => ownName.slice(0, 200)),
    },
    security: {
      permissions: [
        ...server.allowedPaths.map(({ path, access, until }) => ({
          resource: path,
          actions: actionsOf(access),
          ...(until === undefined ? {} : { conditions: { until: new Date(until).toISOString() } }),
        })),
        ...[...Object.keys(server.env), ...server.secretNames].toSorted().map((name) => ({
          resource: `environment:${name}`,
          actions: ['read'],
        })),
        ...(server.context ? [contextPermission] : []),
      ],
      resourceLimits: limits,
      networkAccess: { allowed: server.sandbox < 3, domains: [...server.allowedHosts].toSorted() },
      sandboxLevel: server.sandbox,
    },
    behavior: { deterministic: false, idempotent: false, timeout: 30_000, retryPolicy: { maxRetries: 0, backoff: 0 } },
    code: {
      entryPoint: entryPointOf(server),
      dependencies: {},
      checksum: code.checksum,
      runtime: { type: code.runtime, version: '' },
    },
  })
}

/** The two common choices keep their short form. */
function actionsOf(access: FolderAccess): string[] {
  if (access === 'read') return ['read']
  return access === 'write' ? ['read', 'write'] : [...access]
}

function schemasOf(
  tools: readonly CatalogEntry[],
  member: 'inputSchema' | 'outputSchema',
): Record<string, { sha256: string }> {
  return Object.fromEntries(
    tools.flatMap(({ ownName, definition }) => {
      const schema = definition[member]
      return schema === undefined ? [] : [[ownName.slice(0, 200), { sha256: sha256(canonicalJson(schema)) }]]
    }),
  )
}

/** What a tool says of itself is believed only to its own disadvantage. */
const mayChange = ({ definition }: CatalogEntry) =>
  (definition.annotations as JsonObject | undefined)?.readOnlyHint !== true

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function versionOf({ origin }: ServerConfig): string {
  if (origin.kind === 'package') return origin.installed?.version ?? ''
  return origin.kind === 'command' ? (origin.bundle?.version ?? '') : ''
}

function authorOf({ origin }: ServerConfig): string {
  return origin.kind === 'bundled' ? 'Gatehouse' : ''
}

function entryPointOf({ origin }: ServerConfig): string {
  switch (origin.kind) {
    case 'package':
      return origin.installed?.entry ?? origin.spec
    case 'bundled':
      return `servers/${origin.bundle}.js`
    case 'remote':
      return origin.url.slice(0, 1000)
    case 'command':
      return [origin.command, ...origin.args].join(' ').slice(0, 1000) || '-'
  }
}
