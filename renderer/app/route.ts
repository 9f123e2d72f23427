import { useSyncExternalStore } from 'react'

export const screens = [
  'home',
  'servers',
  'permissions',
  'filters',
  'approvals',
  'sessions',
  'memory',
  'audit',
  'health',
  'settings',
  'question',
] as const
export type Screen = (typeof screens)[number]

/** `#/servers/notes/notes__add` → screen `servers`, detail `notes`, part `notes__add`. An unknown address is Home. */
export interface Route {
  readonly screen: Screen
  readonly detail?: string | undefined
  readonly part?: string | undefined
}

export function parseRoute(hash: string): Route {
  const [name, detail, part] = hash.replace(/^#\/?/, '').split('/')
  const screen = screens.find((known) => known === name) ?? 'home'
  if (!detail) return { screen }
  return { screen, detail: decoded(detail), ...(part ? { part: decoded(part) } : {}) }
}

export function routeTo(screen: Screen, ...parts: readonly string[]): string {
  return ['#', screen, ...parts.map(encodeURIComponent)].join('/')
}

export function go(screen: Screen, ...parts: readonly string[]): void {
  window.location.hash = routeTo(screen, ...parts)
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(listen, () => window.location.hash)
  return parseRoute(hash)
}

function listen(changed: () => void): () => void {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
