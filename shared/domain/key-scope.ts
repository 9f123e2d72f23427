import { pattern } from './pattern.ts'
import type { ActionKind } from './verdict.ts'

/** What one API key may be used for: `read`, `tools:PATTERN` (with `*`) or `servers:NAME`. */
export const keyScopePattern = /^(?:read|tools:[A-Za-z0-9_.*-]{1,128}|servers:[A-Za-z0-9_-]{1,64})$/

export interface ScopedCall {
  readonly server: string
  readonly entry: { readonly kind: string; readonly name: string }
  readonly action: ActionKind
}

/**
 * Whether scopes cover a call. They only narrow: each kind that is given has to cover it; of one kind, one is enough. What
 * is no scope covers nothing.
 */
export function covers(scopes: readonly string[], call: ScopedCall): boolean {
  const { server, entry, action } = call
  const fits: Readonly<Record<string, (value: string) => boolean>> = {
    read: () => action === 'read',
    tools: (value) => entry.kind === 'tool' && pattern(value).matches(entry.name),
    servers: (value) => value === server,
  }
  const kinds = Map.groupBy(scopes, (scope) => scope.split(':', 1)[0] ?? '')
  return [...kinds].every(([kind, given]) =>
    given.some((scope) => keyScopePattern.test(scope) && (fits[kind]?.(scope.slice(kind.length + 1)) ?? false)),
  )
}
