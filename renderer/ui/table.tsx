import { memo, type ReactNode } from 'react'
import { ScrollGroup } from './scroll-group.tsx'
import { cx } from './ui.ts'

export interface Column<R> {
  readonly id: string
  readonly title: string
  readonly cell: (row: R) => ReactNode
  readonly className?: string
}

interface TableProps<R> {
  readonly label: string
  readonly columns: readonly Column<R>[]
  readonly rows: readonly R[]
  readonly rowKey: (row: R) => string | number
  /** What an address names a row by. */
  readonly rowPlace?: (row: R) => string
  /** Fields stand in the rows, so that texts stand beside their middle. */
  readonly fields?: boolean
}

/** A plain table that scrolls sideways in itself when the window is narrow. */
export function Table<R>({ label, columns, rows, rowKey, rowPlace, fields = false }: TableProps<R>) {
  return (
    <ScrollGroup label={label} className="overflow-x-auto rounded-xl border border-line bg-surface shadow-card">
      <table className="w-full border-collapse text-left text-sm">
        <thead>
          <tr className="border-b border-line bg-ground/70">
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={cx('px-4 py-2.5 text-xs font-semibold whitespace-nowrap text-muted', column.className)}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row
              key={rowKey(row)}
              columns={columns as readonly Column<unknown>[]}
              row={row}
              place={rowPlace?.(row)}
              align={fields ? 'align-middle' : 'align-top'}
            />
          ))}
        </tbody>
      </table>
    </ScrollGroup>
  )
}

interface RowProps {
  readonly columns: readonly Column<unknown>[]
  readonly row: unknown
  readonly place: string | undefined
  readonly align: 'align-top' | 'align-middle'
}

/** Drawn again only when its row or the columns are others: rows that come many a second leave the rest alone. */
const Row = memo(({ columns, row, place, align }: RowProps) => (
  <tr data-place={place} className="border-b border-line/70 last:border-0 hover:bg-ground/60">
    {columns.map((column) => (
      <td key={column.id} className={cx('px-4 py-2.5', align, column.className)}>
        {column.cell(row)}
      </td>
    ))}
  </tr>
))
