export const groups = [
  'screens',
  'servers',
  'tools',
  'clients',
  'rules',
  'sessions',
  'settings',
  'actions', // after the places: Enter on a name opens it, rather than doing something to it
  'memory',
  'audit',
] as const
export type Group = (typeof groups)[number]

/** One thing the palette offers. */
export interface PaletteItem {
  readonly id: string
  readonly group: Group
  readonly label: string
  /** Said smaller beside it. */
  readonly detail?: string
  /** Found by these, too. */
  readonly words?: readonly string[]
  readonly keys?: readonly string[]
  readonly run: () => void
}

/** Found by main; `reading` until the answer for what was typed last is there. */
export interface Hits {
  readonly items: readonly PaletteItem[]
  readonly reading: boolean
}

/** How many of a group are in sight at once. */
export const groupMost = 6
