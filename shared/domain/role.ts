import type { ActionKind } from './verdict.ts'

/**
 * What a role lets a client do at all; the rules decide whether it is asked about. Nobody can change these.
 * @see sales specification 14: superadmin and admin are `full`, operator, agent and service `operator`, viewer `reader`
 */
export const systemRoles = {
  full: ['mcp:*'],
  operator: ['server:*:read', 'server:*:write', 'server:*:run', 'server:*:send', 'server:*:unknown'],
  reader: ['server:*:read'],
  none: [],
} as const satisfies Record<string, readonly string[]>
export type SystemRole = keyof typeof systemRoles
export const roleNames = Object.keys(systemRoles) as readonly SystemRole[]

/** A role the person defined: what it may do by itself, and the role whose permissions it has besides. */
export interface OwnRole {
  readonly name: string
  readonly permissions: readonly string[]
  readonly inherits?: string
}
export const ownRolesKept = 50

export const isSystemRole = (name: string): name is SystemRole => Object.hasOwn(systemRoles, name)

/** The role and those it inherits from, nearest first; ends where one is unknown, or comes again. */
export function lineOf(name: string, own: readonly OwnRole[]): readonly string[] {
  const line: string[] = []
  for (let at: string | undefined = name; at !== undefined && !line.includes(at); ) {
    line.push(at)
    at = own.find((role) => role.name === at)?.inherits
  }
  return line
}

/** Everything a role holds, inherited or its own, each once. @returns undefined when one in its line is unknown */
export function permissionsOf(name: string, own: readonly OwnRole[]): readonly string[] | undefined {
  const held = lineOf(name, own).map((one) =>
    isSystemRole(one) ? systemRoles[one] : own.find((role) => role.name === one)?.permissions,
  )
  return held.includes(undefined) ? undefined : [...new Set(held.flatMap((some) => some ?? []))]
}

const actions = ['read', 'write', 'delete', 'run', 'send', 'unknown'] as const satisfies readonly ActionKind[]

/** What a permission's text stands for. `name` is a server's name, or an entry's with `*` for any text. */
export interface Permission {
  readonly kind: 'server' | 'tool'
  readonly name: string
  /** `execute`: anything but reading. */
  readonly action: ActionKind | 'execute' | '*'
}

const everything: Permission = { kind: 'server', name: '*', action: '*' }

/**
 * `server:NAME:ACTION` or `tool:NAME:ACTION`, each part `*` for any; a tail may be left to one `*` (`server:*`, `*`), and
 * `tool:execute` is `tool:*:execute`.
 * @returns undefined for anything else
 */
export function parsePermission(text: string): Permission | undefined {
  if (text === '*' || text === 'mcp:*') return everything
  const [kind, ...rest] = text.split(':')
  if ((kind !== 'server' && kind !== 'tool') || rest.length < 1 || rest.length > 2) return undefined
  const [name, action] = rest.length === 1 ? ['*', rest[0]] : rest
  const known = action === '*' || action === 'execute' || actions.some((one) => one === action)
  if (name === undefined || name === '' || !known) return undefined
  return { kind, name, action: action as Permission['action'] }
}
