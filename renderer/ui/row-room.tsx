import type { ReactNode } from 'react'
import type { RowWindow } from './row-window.ts'

interface RowRoomProps {
  readonly rows: RowWindow
  /** Pixels that stay above the rows. */
  readonly headPx?: number
  readonly children: ReactNode
}

/** The room all rows of a long table take, with those that are there in their place. */
export function RowRoom({ rows, headPx = 0, children }: RowRoomProps) {
  return (
    <div className="flow-root overflow-y-clip" style={{ height: rows.heightPx + headPx }}>
      <div style={{ marginTop: rows.beforePx }}>{children}</div>
    </div>
  )
}
