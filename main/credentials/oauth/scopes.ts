const words = (scope: string | undefined) => (scope ?? '').split(/\s+/).filter(Boolean)

/** Scopes as a list without repeats. A scope that is none (RFC 6749, appendix A.4) is left out. */
export function scopeList(...scopes: readonly (string | undefined)[]): string[] {
  return [...new Set(scopes.flatMap(words))].filter((scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(scope))
}

/** What of `wanted` is not in `granted`. */
export const missingScopes = (wanted: string | undefined, granted: string | undefined): string[] =>
  scopeList(wanted).filter((scope) => !words(granted).includes(scope))

/**
 * What to ask for: what the server's refusal named, else what its metadata names, else nothing; with what was granted
 * before, so that a step up loses nothing; and `offline_access` where it is offered, without which nothing can be renewed.
 *
 * @see MCP 2025-11-25, “Scope Selection Strategy”; 2026-07-28, SEP-2350 and SEP-2207
 */
export function scopeToAsk(known: {
  readonly asked: string | undefined
  readonly granted: string | undefined
  readonly resourceScopes: readonly string[] | undefined
  readonly serverScopes: readonly string[] | undefined
}): string | undefined {
  const base = known.asked || known.resourceScopes?.join(' ')
  const scopes = scopeList(known.granted, base)
  if (scopes.length === 0) return undefined
  const offline = known.serverScopes?.includes('offline_access') ? 'offline_access' : undefined
  return scopeList(scopes.join(' '), offline).join(' ')
}
