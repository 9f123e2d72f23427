import type { CedarValueJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { CallFacts } from '../../shared/domain/call.ts'
import { type CallAttributes, ownAddress } from './call-attributes.ts'
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
  granted === 0 && attributes.flow === 'none'

/** Of everything Cedar may be told of a call, what the policies at hand look at. */
export function policyContext(
  call: CallFacts,
  { attributes, touched, granted }: ContextFacts,
  wanted: Iterable<PolicyAttribute>,
): PolicyContext {
  const { server, client, entry } = call
  const address = ownAddress(call)
  const all: Record<PolicyAttribute, () => CedarValueJson | undefined> = {
    client: () => client.name,
    tool: () => entry.name,
    address: () => (address === entry.name ? undefined : address),
    server: () => entity('Server', server.name),
    workspace: () => entity('Workspace', client.workspace),
    own: () => server.name === 'gatehouse',
    trusted: () => server.trusted,
    sandbox: () => server.sandbox,
    action: () => attributes.action,
    known: () => attributes.known,
    content: () => attributes.content,
    paths: () => attributes.paths,
    folders: () => touched.folders.map((folder) => entity('Folder', folder)),
    hosts: () => touched.hosts.flatMap(hostNames).map((host) => entity('Host', host)),
    labels: () => touched.labels.map((label) => entity('Label', label)),
    arguments: () => [...touched.arguments],
    minute: () => touched.time.minute,
    weekday: () => touched.time.weekday,
    flow: () => attributes.flow,
    granted: () => granted,
  }
  const context: Partial<Record<PolicyAttribute, CedarValueJson>> = {}
  for (const name of wanted) {
    const value = all[name]()
    if (value !== undefined) context[name] = value
  }
  return context
}
