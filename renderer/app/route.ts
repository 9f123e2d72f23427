import { useSyncExternalStore } from 'react'

export const screens = [
  'home',
  'servers',
  'permissions',
  'filters',
  'approvals',
  'sessions',
  'audit',
  'question',
] as const
export type Screen = (typeof screens)[number]

/** `#/servers/notes` → screen `servers`, detail `notes`. An unknown address is Home. */
export interface Route {
  readonly screen: Screen
  readonly detail?: string | undefined
}

export function parseRoute(hash: string): Route {
  const [name, detail] = hash.replace(/^#\/?/, '').split('/')
  const screen = screens.find((known) => known === name) ?? 'home'
  return detail ? { screen, detail: decoded(detail) } : { screen }
}

export function routeTo(screen: Screen, detail?: string): string {
  return detail ? `#/${screen}/${encodeURIComponent(detail)}` : `#/${screen}`
}

export function go(screen: Screen, detail?: string): void {
  window.location.hash = routeTo(screen, detail)
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
