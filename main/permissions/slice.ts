import type { Policy } from '@cedar-policy/cedar-wasm/nodejs'
import type { ServerName } from '../../shared/domain/ids.ts'
import { defaultPreset, type Preset } from '../../shared/domain/preset.ts'
import { isFace, type ServerConfig } from '../../shared/domain/server.ts'
import { isBundledFilesystem } from './classify-action.ts'
import { type DefaultPolicy, policiesOf } from './default-policies.ts'
import type { Grant } from './grant.ts'
import type { PolicyAttribute } from './policy-schema.ts'
import { mergedPolicies, readByRule } from './rule-policy.ts'

/**
 * The policies that could hold for calls of one server, and the attributes these look at: about 3 µs each are saved. What
 * is the same for every call of the server is written into its default policies.
 */
export interface Slice {
  /** The server's, and whether it is for plain calls: a newer slice of the same name takes the place of the older. */
  readonly name: string
  readonly policies: Readonly<Record<string, Policy>>
  readonly attributes: ReadonlySet<PolicyAttribute>
}

/**
 * @param rules asking and denying, of all servers
 * @param plain for calls of tools that nothing was allowed for and that are no guarded flow, as most are: less to look at
 */
export function sliceFor(
  server: ServerConfig,
  rules: readonly Grant[],
  preset: Preset = defaultPreset,
  plain = false,
): Slice {
  const defaults = policiesOf(preset).filter(
    ({ concerns, idle }) => (concerns === undefined || concerns(server)) && !(plain && idle === true),
  )
  const concerned = rules.filter(({ tool }) => mayConcern(tool, server.name))
  const numbered = concerned.every(({ seq }) => seq > 0)
  return {
    name: plain ? `${server.name} plain` : server.name,
    policies: {
      ...Object.fromEntries(defaults.map((policy) => [policy.id, written(policy, server)])),
      ...mergedPolicies(concerned, plain),
    },
    attributes: new Set([
      ...defaults.flatMap(({ reads }) => reads.filter((name) => !(name in constants))),
      ...concerned
        .flatMap(readByRule)
        .filter((name) => !(plain && (name === 'address' || (name === 'granted' && numbered)))),
    ]),
  }
}

/** As the context has them otherwise. @see policyContext */
const constants: Partial<Record<PolicyAttribute, (server: ServerConfig) => boolean | number>> = {
  own: ({ name }) => name === 'gatehouse',
  trusted: ({ trusted }) => trusted,
  sandbox: ({ sandbox }) => sandbox,
  known: isBundledFilesystem,
  memory: isFace,
}

const written = ({ cedar }: DefaultPolicy, server: ServerConfig): string =>
  cedar.replace(/\bcontext\.(\w+)/g, (attribute, name: string) =>
    name in constants ? String(constants[name as PolicyAttribute]?.(server)) : attribute,
  )

/** Only a pattern that begins with another server's name and `__` can be left out; resources keep their own URIs. */
export function mayConcern(toolPattern: string, server: ServerName): boolean {
  const owner = /^([a-z0-9-]{1,24})__/.exec(toolPattern)?.[1]
  return owner === undefined || owner === server
}
