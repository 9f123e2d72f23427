import { ChevronDown, ChevronRight, Grid3x3 } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import type { z } from 'zod'
import type { ruleMatrix } from '../../../shared/contract/rules.ts'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty } from '../../ui/notice.tsx'
import { cx, type Tone } from '../../ui/ui.ts'
import { countsOf, type GridRow, moved, type Place, rowsOf } from './matrix-grid.ts'

export type Matrix = z.output<typeof ruleMatrix>
export type Cell = Matrix['servers'][number]['tools'][number]['effects'][number]

interface MatrixProps {
  /** A cell was chosen: this app, this tool. */
  readonly onPick: (client: string, tool: string) => void
}

/** Who may use what, as the rules judge it: apps beside servers, each server open to its tools. */
export function MatrixView({ onPick }: MatrixProps) {
  const { t } = useWords()
  const rules = useMirror((mirror) => mirror.revision.permissions)
  const clients = useMirror((mirror) => mirror.revision.clients)
  const servers = useMirror((mirror) => mirror.servers?.map(({ name, tools }) => `${name} ${tools}`).join())
  const reading = useReading((api) => api.permissions.matrix(), `${rules} ${clients} ${servers}`)
  return (
    <ReadingView reading={reading}>
      {(matrix) =>
        matrix.clients.length === 0 || matrix.servers.length === 0 ? (
          <Empty icon={<Grid3x3 />} title={t('matrix.none')}>
            {t('matrix.none.text')}
          </Empty>
        ) : (
          <MatrixGrid matrix={matrix} onPick={onPick} />
        )
      }
    </ReadingView>
  )
}

function MatrixGrid({ matrix, onPick }: MatrixProps & { matrix: Matrix }) {
  const { t } = useWords()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [place, setPlace] = useState<Place>({ row: 0, column: 0 })
  const grid = useRef<HTMLTableElement>(null)
  const rows = rowsOf(matrix, open)
  const at = { row: Math.min(place.row, rows.length - 1), column: place.column }
  const toggle = ({ server }: GridRow) =>
    setOpen(new Set(open.has(server) ? [...open].filter((one) => one !== server) : [...open, server]))
  const press = (row: number, column: number) => {
    setPlace({ row, column })
    const pressed = rows[row]
    const client = matrix.clients[column - 1]
    if (!pressed) return
    if (pressed.tool !== undefined && client !== undefined) onPick(client, pressed.tool)
    else if (pressed.tool === undefined) toggle(pressed)
  }
  const keyed = (event: KeyboardEvent) => {
    const next = moved(at, event.key, event.ctrlKey, rows.length, matrix.clients.length + 1)
    if (!next) return
    event.preventDefault()
    setPlace(next)
    grid.current?.querySelector<HTMLElement>(`[data-cell="${next.row} ${next.column}"]`)?.focus()
  }
  const cell = (row: number, column: number) => ({
    'data-cell': `${row} ${column}`,
    tabIndex: at.row === row && at.column === column ? 0 : -1,
    onClick: () => press(row, column),
  })
  return (
    <div data-scrolls="" className="max-h-[32rem] overflow-auto rounded-xl border border-line bg-surface shadow-card">
      <table
        ref={grid}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table with keyboard movement is a grid
        role="grid"
        aria-label={t('matrix.title')}
        className="w-full text-left text-sm"
        onKeyDown={keyed}
      >
        <thead>
          <tr>
            <th scope="col" className="sticky top-0 left-0 z-20 bg-panel px-4 py-2.5 text-xs text-muted">
              {t('matrix.server')}
            </th>
            {matrix.clients.map((client) => (
              <th key={client} scope="col" className="sticky top-0 z-10 bg-panel px-3 py-2.5 text-xs whitespace-nowrap">
                <ExactText text={client} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((one, row) => (
            <tr key={one.id} className="border-t border-line/70">
              <th scope="row" className="sticky left-0 z-10 bg-surface p-1 font-normal">
                <RowName row={one} open={open.has(one.server)} button={cell(row, 0)} />
              </th>
              {one.cells.map((effects, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
                <td key={column} className="p-1">
                  <CellButton
                    row={one}
                    client={matrix.clients[column] ?? ''}
                    effects={effects}
                    button={cell(row, column + 1)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface ButtonParts {
  readonly tabIndex: number
  readonly onClick: () => void
}

function RowName({ row, open, button }: { row: GridRow; open: boolean; button: ButtonParts }) {
  const server = row.tool === undefined
  return (
    <button
      type="button"
      {...button}
      aria-expanded={server ? open : undefined}
      className={cx(
        'flex w-full items-center gap-2 rounded px-2 py-1.5 text-left hover:bg-sunken',
        server ? 'font-medium' : 'pl-8 font-mono text-xs text-muted',
      )}
    >
      {server &&
        (open ? (
          <ChevronDown aria-hidden="true" className="size-4 shrink-0" />
        ) : (
          <ChevronRight aria-hidden="true" className="size-4 shrink-0" />
        ))}
      <span className="max-w-64 break-all">
        <ExactText text={row.title} />
      </span>
    </button>
  )
}

const tones: Readonly<Record<Cell, Tone>> = { allow: 'ok', ask: 'warn', deny: 'danger', hidden: 'plain' }

interface CellButtonProps {
  readonly row: GridRow
  readonly client: string
  readonly effects: readonly Cell[]
  readonly button: ButtonParts
}

function CellButton({ row, client, effects, button }: CellButtonProps) {
  const { t } = useWords()
  const counts = countsOf(effects)
  const said = counts.map(({ cell, count }) =>
    row.tool === undefined && counts.length > 1 ? t(`matrix.${cell}.count`, { number: count }) : t(`matrix.${cell}`),
  )
  return (
    <button type="button" {...button} className="flex flex-wrap gap-1 rounded px-2 py-1.5 hover:bg-sunken">
      <span className="sr-only">{t('matrix.cell', { client, entry: row.title })}</span>
      {counts.map(({ cell }, place) => (
        <Badge key={cell} tone={tones[cell]}>
          {said[place]}
        </Badge>
      ))}
    </button>
  )
}
