import type { Cell, Matrix } from './matrix-view.tsx'

/** A row of the grid: a server, or one of its tools below it. */
export interface GridRow {
  readonly id: string
  readonly server: string
  /** Absent in a server's own row. */
  readonly tool?: string
  readonly title: string
  /** One for each client. */
  readonly cells: readonly (readonly Cell[])[]
}

/** The rows that are in sight. */
export function rowsOf({ clients, servers }: Matrix, open: ReadonlySet<string>): readonly GridRow[] {
  return servers.flatMap(({ name, tools }) => [
    {
      id: name,
      server: name,
      title: name,
      cells: clients.map((_, column) => tools.map(({ effects }) => effects[column] ?? 'hidden')),
    },
    ...(open.has(name)
      ? tools.map((tool) => ({
          id: tool.name,
          server: name,
          tool: tool.name,
          title: tool.name,
          cells: clients.map((_, column) => [tool.effects[column] ?? ('hidden' as const)]),
        }))
      : []),
  ])
}

const order: readonly Cell[] = ['allow', 'ask', 'deny', 'hidden']

/** How often each effect is among the tools of a cell, those that are not left out. */
export const countsOf = (cells: readonly Cell[]): readonly { readonly cell: Cell; readonly count: number }[] =>
  order.map((cell) => ({ cell, count: cells.filter((one) => one === cell).length })).filter(({ count }) => count > 0)

export interface Place {
  readonly row: number
  readonly column: number
}

/** Where a key leads in a grid (ARIA Authoring Practices, grid pattern); undefined when it leads nowhere. Column 0 is the row's name. */
export function moved(place: Place, key: string, ctrl: boolean, rows: number, columns: number): Place | undefined {
  const { row, column } = place
  const to = (nextRow: number, nextColumn: number): Place => ({
    row: Math.min(rows - 1, Math.max(0, nextRow)),
    column: Math.min(columns - 1, Math.max(0, nextColumn)),
  })
  switch (key) {
    case 'ArrowUp':
      return to(row - 1, column)
    case 'ArrowDown':
      return to(row + 1, column)
    case 'ArrowLeft':
      return to(row, column - 1)
    case 'ArrowRight':
      return to(row, column + 1)
    case 'Home':
      return to(ctrl ? 0 : row, 0)
    case 'End':
      return to(ctrl ? rows - 1 : row, columns - 1)
    case 'PageUp':
      return to(row - 10, column)
    case 'PageDown':
      return to(row + 10, column)
    default:
      return undefined
  }
}

/** The places in view, and one more where it is not among them: the one that has the keyboard. */
export function withKept(first: number, end: number, kept: number, count: number): readonly number[] {
  const inView = Array.from({ length: end - first }, (_, place) => first + place)
  if (kept < 0 || kept >= count || (kept >= first && kept < end)) return inView
  return kept < first ? [kept, ...inView] : [...inView, kept]
}
