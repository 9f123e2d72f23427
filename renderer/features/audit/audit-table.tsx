import { memo, type ReactNode, type RefObject, useEffect, useState } from 'react'
import { useWords, type Words } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { RowRoom } from '../../ui/row-room.tsx'
import { rowPx, useRowWindow } from '../../ui/row-window.ts'
import { ScrollGroup } from '../../ui/scroll-group.tsx'
import { cx, type Tone } from '../../ui/ui.ts'
import type { AuditEntry } from './live-entries.ts'
import type { AuditRows } from './use-audit-rows.ts'

/** Pixels of its head, which stays in view. */
const headPx = 40

const severityTones: Record<AuditEntry['severity'], Tone> = {
  info: 'plain',
  notice: 'accent',
  warning: 'warn',
  critical: 'danger',
}

interface AuditTableProps {
  readonly rows: AuditRows
  /** Number of the entry to scroll to and to mark, in the whole log. */
  readonly linked?: number | undefined
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly onShow: (entry: AuditEntry) => void
}

/** The log as a table that scrolls in itself. Only the rows in view exist, however long it is. */
export function AuditTable({ rows, linked, scroller, onShow }: AuditTableProps) {
  const words = useWords()
  const { t } = words
  const view = useRowWindow(scroller, rows.count, headPx)
  const { first, end, show } = view
  const marked = useLinkedRow(linked, rows.count, show)
  useEffect(() => rows.see(first, end))
  return (
    <ScrollGroup
      ref={scroller}
      label={t('nav.audit')}
      className="h-[max(18rem,calc(100dvh-19rem))] overflow-auto rounded-xl border border-line bg-surface shadow-card"
    >
      <RowRoom rows={view} headPx={headPx}>
        <table
          aria-rowcount={rows.count + 1}
          className="w-full min-w-160 table-fixed border-collapse text-left text-sm"
        >
          <thead>
            <tr
              aria-rowindex={1}
              style={{ height: headPx }}
              className="sticky top-0 z-10 bg-ground text-xs font-semibold text-muted"
            >
              {columns.map(({ id, title, className }) => (
                <th key={id} scope="col" className={cx('border-b border-line px-3 whitespace-nowrap', className)}>
                  {t(title)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: end - first }, (_, place) => {
              const row = first + place
              const entry = rows.entryAt(row)
              const key = entry?.seq ?? `row ${row}`
              return (
                <Row
                  key={key}
                  row={row}
                  entry={entry}
                  marked={entry !== undefined && entry.seq === marked}
                  words={words}
                  onShow={onShow}
                  onReach={show}
                />
              )
            })}
          </tbody>
        </table>
      </RowRoom>
    </ScrollGroup>
  )
}

/** Scrolls once to the entry an address names. @returns the last one named, which stays marked */
function useLinkedRow(linked: number | undefined, count: number, show: (row: number) => void): number | undefined {
  const [marked, setMarked] = useState<number>()
  useEffect(() => {
    if (linked === undefined || linked === marked || !(linked >= 1 && linked <= count)) return
    setMarked(linked)
    show(count - linked)
  }, [linked, marked, count, show])
  return marked
}

interface RowProps {
  readonly row: number
  readonly entry: AuditEntry | undefined
  readonly marked: boolean
  readonly words: Words
  readonly onShow: (entry: AuditEntry) => void
  /** The keyboard came to this row. */
  readonly onReach: (row: number) => void
}

const Row = memo(function Row({ row, entry, marked, words, onShow, onReach }: RowProps) {
  return (
    <tr
      aria-rowindex={row + 2}
      onFocus={() => onReach(row)}
      aria-current={marked || undefined}
      style={{ height: rowPx }}
      className={cx('border-b border-line/70 last:border-0', marked ? 'bg-accent-soft' : 'hover:bg-ground/60')}
    >
      {entry ? (
        columns.map(({ id, cell, className }) => (
          <td key={id} className={cx('px-3', wrapped.includes(id) ? 'whitespace-normal' : 'truncate', className)}>
            {cell(entry, words, onShow)}
          </td>
        ))
      ) : (
        <td colSpan={columns.length} className="px-3 text-muted">
          {words.t('audit.row.reading')}
        </td>
      )}
    </tr>
  )
})

/** In two lines where one is too short: a time with its day, a sentence. */
const wrapped: readonly string[] = ['time', 'summary']

const columns = [
  { id: 'seq', title: 'column.seq', className: 'w-22 text-right text-muted tabular-nums', cell: ({ seq }) => seq },
  {
    id: 'time',
    title: 'column.when',
    className: 'w-32 text-muted tabular-nums',
    cell: ({ time }, { when }) => when(time),
  },
  {
    id: 'summary',
    title: 'column.what',
    className: '',
    cell: (entry, { t }, onShow) => (
      <span className="flex items-center gap-2">
        <button
          type="button"
          onClick={() => onShow(entry)}
          className="line-clamp-2 text-left break-words hover:text-accent hover:underline hover:underline-offset-4"
        >
          <ExactText text={entry.summary} />
        </button>
        {entry.erased && <Badge>{t('audit.erased')}</Badge>}
      </span>
    ),
  },
  {
    id: 'client',
    title: 'column.app',
    className: 'w-32 max-xl:hidden', // the sentence begins with it
    cell: ({ client }) => client && <ExactText text={client} />,
  },
  {
    id: 'decision',
    title: 'column.decision',
    className: 'w-28',
    cell: ({ decision }) => <Decision decision={decision} />,
  },
  {
    id: 'severity',
    title: 'column.severity',
    className: 'w-30',
    cell: ({ severity }, { t }) => <Badge tone={severityTones[severity]}>{t(`severity.${severity}`)}</Badge>,
  },
] as const satisfies readonly {
  readonly id: string
  readonly title: string
  readonly className: string
  readonly cell: (entry: AuditEntry, words: Words, onShow: (entry: AuditEntry) => void) => ReactNode
}[]

/** Known decisions in words; one the window does not know is shown as main wrote it. */
export function Decision({ decision }: { decision: string | undefined }) {
  const { t } = useWords()
  if (!decision) return null
  if (/^(allow|approved|allowed)/.test(decision)) return <Badge tone="ok">{t('decision.allowed')}</Badge>
  if (/^(deny|denied|refused)/.test(decision)) return <Badge tone="danger">{t('decision.refused')}</Badge>
  if (decision === 'ask') return <Badge tone="warn">{t('effect.ask')}</Badge>
  return <Badge>{decision}</Badge>
}
