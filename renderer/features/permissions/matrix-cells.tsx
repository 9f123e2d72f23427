import { ChevronDown, ChevronRight } from 'lucide-react'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { cx, type Tone } from '../../ui/ui.ts'
import { countsOf, type GridRow } from './matrix-grid.ts'
import type { Cell } from './matrix-view.tsx'

export interface ButtonParts {
  readonly 'data-cell': string
  readonly tabIndex: number
  readonly onClick: () => void
}

/** A server, which opens to its tools, or one of them. */
export function RowName({ row, open, button }: { row: GridRow; open: boolean; button: ButtonParts }) {
  const server = row.tool === undefined
  return (
    <button
      type="button"
      {...button}
      aria-expanded={server ? open : undefined}
      className={cx(
        'flex size-full items-center gap-2 rounded px-2 text-left hover:bg-sunken',
        server ? 'font-medium' : 'pl-6 font-mono text-xs text-muted',
      )}
    >
      {server &&
        (open ? (
          <ChevronDown aria-hidden="true" className="size-4 shrink-0" />
        ) : (
          <ChevronRight aria-hidden="true" className="size-4 shrink-0" />
        ))}
      <span className="line-clamp-3 break-all">
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

/** What one app may do of a server or with a tool. */
export function CellButton({ row, client, effects, button }: CellButtonProps) {
  const { t } = useWords()
  const counts = countsOf(effects)
  const said = counts.map(({ cell, count }) =>
    row.tool === undefined && counts.length > 1 ? t(`matrix.${cell}.count`, { number: count }) : t(`matrix.${cell}`),
  )
  return (
    <button
      type="button"
      {...button}
      className="flex size-full flex-wrap content-center gap-1 rounded px-2 hover:bg-sunken"
    >
      <span className="sr-only">{t('matrix.cell', { client, entry: row.title })}</span>
      {counts.map(({ cell }, place) => (
        <Badge key={cell} tone={tones[cell]}>
          {said[place]}
        </Badge>
      ))}
    </button>
  )
}
