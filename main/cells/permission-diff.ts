import type { CellManifest } from '../../shared/contract/cell-manifest.ts'

/** What a cell may do, one line each. */
function permissionsOf({ security, capabilities }: CellManifest): Set<string> {
  const { permissions, networkAccess, resourceLimits, sandboxLevel } = security
  return new Set([
    ...permissions.map(
      ({ resource, actions, conditions }) => `${[...actions].sort().join(', ')}: ${resource}${limitedBy(conditions)}`,
    ),
    networkAccess.allowed ? 'network' : 'no network',
    ...networkAccess.domains.map((domain) => `host: ${domain}`),
    `sandbox: ${sandboxLevel}`,
    `memory: ${Math.round(resourceLimits.memory / 1024 ** 2)} MB`,
    `processor: ${resourceLimits.cpu}`,
    ...capabilities.tools.map((name) => `tool: ${name}`),
    ...capabilities.resources.map((name) => `resource: ${name}`),
    ...capabilities.prompts.map((name) => `prompt: ${name}`),
  ])
}

export interface PermissionDiff {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** What the newer manifest asks for that the older did not, and the reverse. */
export function permissionDiff(before: CellManifest, after: CellManifest): PermissionDiff {
  const [old, fresh] = [permissionsOf(before), permissionsOf(after)]
  const without = (one: Set<string>, other: Set<string>) => [...one].filter((line) => !other.has(line))
  return { added: without(fresh, old), removed: without(old, fresh) }
}

const limitedBy = (conditions: object | undefined): string =>
  conditions === undefined || Object.keys(conditions).length === 0 ? '' : ` (${JSON.stringify(conditions)})`
