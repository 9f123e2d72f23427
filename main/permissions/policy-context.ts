import type { CedarValueJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { CallFacts } from '../../shared/domain/call.ts'
import { isFace } from '../../shared/domain/server.ts'
import { type CallAttributes, ownAddress } from './call-attributes.ts'
import { isBundledFilesystem } from './classify-action.ts'
import { hostNames } from './conditions.ts'
import type { PolicyContext } from './policy-engine.ts'
import { entity, type PolicyAttribute } from './policy-schema.ts'
import type { Touched } from './touched.ts'

export interface ContextFacts {
  readonly attributes: CallAttributes
  readonly touched: Touched
  /** Number of the latest grant that allows the call; 0 for none. */
  readonly granted: number
}

/** @see DefaultPolicy.idle */
export const isPlain = ({ attributes, granted }: Pick<ContextFacts, 'attributes' | 'granted'>): boolean =>
  granted === 0 && attributes.flow === 'none' && attributes.content === 'none'

/** Of everything Cedar may be told of a call, what the policies at hand look at. */
export function policyContext(call: CallFacts, facts: ContextFacts, wanted: Iterable<PolicyAttribute>): PolicyContext {
  const context: Partial<Record<PolicyAttribute, CedarValueJson>> = {}
  for (const name of wanted) {
    const value = told[name](call, facts)
    if (value !== undefined) context[name] = value
  }
  return context
}

const told: Readonly<Record<PolicyAttribute, (call: CallFacts, facts: ContextFacts) => CedarValueJson | undefined>> = {
  client: ({ client }) => client.name,
  tool: ({ entry }) => entry.name,
  address: (call) => (ownAddress(call) === call.entry.name ? undefined : ownAddress(call)),
  server: ({ server }) => entity('Server', server.name),
  workspace: ({ client }) => entity('Workspace', client.workspace),
  own: ({ server }) => server.name === 'gatehouse',
  trusted: ({ server }) => server.trusted,
  sandbox: ({ server }) => server.sandbox,
  action: (_, { attributes }) => attributes.action,
  known: ({ server }) => isBundledFilesystem(server),
  memory: ({ server }) => isFace(server),
  content: (_, { attributes }) => attributes.content,
  paths: (_, { attributes }) => attributes.paths,
  folders: (_, { touched }) => touched.folders.map((folder) => entity('Folder', folder)),
  hosts: (_, { touched }) => touched.hosts.flatMap(hostNames).map((host) => entity('Host', host)),
  labels: (_, { touched }) => touched.labels.map((label) => entity('Label', label)),
  arguments: (_, { touched }) => [...touched.arguments],
  minute: (_, { touched }) => touched.time.minute,
  weekday: (_, { touched }) => touched.time.weekday,
  flow: (_, { attributes }) => attributes.flow,
  granted: (_, { granted }) => granted,
}
