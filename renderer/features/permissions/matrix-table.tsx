import { type KeyboardEvent, type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { useColumnWindow } from '../../ui/column-window.ts'
import { ExactText } from '../../ui/exact-text.tsx'
import { rowPx, useRowWindow } from '../../ui/row-window.ts'
import { type ButtonParts, CellButton, RowName } from './matrix-cells.tsx'
import { type GridRow, moved, type Place, rowsOf, withKept } from './matrix-grid.ts'
import type { Matrix, MatrixProps } from './matrix-view.tsx'

/** Pixels of the row of names of apps. */
const headPx = 40

/** A grid (ARIA Authoring Practices) of which only what is in view exists, and the cell that has the keyboard. */
export function MatrixTable({ matrix, onPick }: MatrixProps & { readonly matrix: Matrix }) {
  const { t } = useWords()
  const { clients } = matrix
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => rowsOf(matrix, open), [matrix, open])
  const view = useRowWindow(scroller, rows.length, headPx)
  const columns = useColumnWindow(scroller, clients.length)
  const { place, keyed, setPlace } = usePlace(scroller, rows.length, clients.length + 1, (next) => {
    view.show(next.row)
    if (next.column > 0) columns.show(next.column - 1)
  })
  const toggle = ({ server }: GridRow) =>
    setOpen(new Set(open.has(server) ? [...open].filter((one) => one !== server) : [...open, server]))
  const press = (row: GridRow, at: Place) => {
    setPlace(at)
    const client = clients[at.column - 1]
    if (row.tool === undefined) toggle(row)
    else if (client !== undefined) onPick(client, row.tool)
  }
  const button = (row: GridRow, at: Place): ButtonParts => ({
    'data-cell': `${at.row} ${at.column}`,
    tabIndex: place.row === at.row && place.column === at.column ? 0 : -1,
    onClick: () => press(row, at),
  })
  const shown = withKept(columns.first, columns.end, place.column - 1, clients.length)
  const inColumn = (column: number) => ({ left: columns.namePx + column * columns.columnPx, width: columns.columnPx })
  return (
    <div
      ref={scroller}
      data-scrolls=""
      className="max-h-[max(20rem,calc(100dvh-16rem))] overflow-auto rounded-xl border border-line bg-surface shadow-card"
    >
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table with keyboard movement is a grid
        role="grid"
        aria-label={t('matrix.title')}
        aria-rowcount={rows.length + 1}
        aria-colcount={clients.length + 1}
        style={{ height: view.heightPx + headPx, width: columns.namePx + clients.length * columns.columnPx }}
        className="relative block text-left text-sm"
        onKeyDown={keyed}
      >
        <thead style={{ height: headPx }} className="sticky top-0 z-20 block bg-panel text-xs">
          <tr aria-rowindex={1} className="block h-full">
            <th
              scope="col"
              aria-colindex={1}
              style={{ width: columns.namePx }}
              className="sticky left-0 z-10 flex h-full items-center bg-panel px-4 text-muted"
            >
              {t('matrix.server')}
            </th>
            {shown.map((column) => (
              <th
                key={column}
                scope="col"
                aria-colindex={column + 2}
                style={inColumn(column)}
                className="absolute inset-y-0 flex items-center px-3"
              >
                <span className="truncate" title={clients[column]}>
                  <ExactText text={clients[column] ?? ''} />
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="block">
          {withKept(view.first, view.end, place.row, rows.length).map((at) => {
            const row = rows[at]
            return (
              row && (
                <tr
                  key={row.id}
                  aria-rowindex={at + 2}
                  style={{ top: headPx + view.beforePx + (at - view.first) * rowPx, height: rowPx }}
                  className="absolute inset-x-0 block border-t border-line/70"
                >
                  <th
                    scope="row"
                    aria-colindex={1}
                    style={{ width: columns.namePx }}
                    className="sticky left-0 z-10 block h-full bg-surface p-1 font-normal"
                  >
                    <RowName row={row} open={open.has(row.server)} button={button(row, { row: at, column: 0 })} />
                  </th>
                  {shown.map((column) => (
                    <td
                      key={column}
                      aria-colindex={column + 2}
                      style={inColumn(column)}
                      className="absolute inset-y-0 block p-1"
                    >
                      <CellButton
                        row={row}
                        client={clients[column] ?? ''}
                        effects={row.cells[column] ?? []}
                        button={button(row, { row: at, column: column + 1 })}
                      />
                    </td>
                  ))}
                </tr>
              )
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** The cell that has the keyboard: moved by keys, and scrolled to before it takes the focus. */
function usePlace(
  scroller: RefObject<HTMLElement | null>,
  rows: number,
  columns: number,
  show: (place: Place) => void,
) {
  const [last, setPlace] = useState<Place>({ row: 0, column: 0 })
  const place = { row: Math.min(last.row, rows - 1), column: Math.min(last.column, columns - 1) }
  const wanted = useRef(false)
  useLayoutEffect(() => {
    if (!wanted.current) return
    wanted.current = false
    show(place)
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-cell="${place.row} ${place.column}"]`)
    cell?.focus({ preventScroll: true })
  })
  const keyed = (event: KeyboardEvent) => {
    const next = moved(place, event.key, event.ctrlKey, rows, columns)
    if (!next) return
    event.preventDefault()
    wanted.current = true
    setPlace(next)
  }
  return { place, keyed, setPlace }
}
