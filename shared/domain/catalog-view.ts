import type { ServerName } from './ids.ts'

/** `list`: every tool by itself. `search`: only tools to find and call them. `auto`: search when there are many. */
export const listModes = ['list', 'search', 'auto'] as const
export type ListMode = (typeof listModes)[number]

/** Whose view it is. A client's narrows its workspace's further; its `mode` counts before the workspace's. */
export type ViewHolder = 'client' | 'workspace'

/** What of the catalog is seen: the rest is neither listed nor callable, as if it did not exist. */
export interface CatalogView {
  /** Only these servers; without it every server, also those added later. */
  readonly servers?: readonly ServerName[]
  /** Names (or addresses) not seen; `*` stands for any text. */
  readonly hidden: readonly string[]
  /** Without it the workspace's, else `list`. */
  readonly mode?: ListMode
}

/** With more tools than this, `auto` searches: about what 20 000 tokens of definitions hold. */
export const searchAbove = 100
