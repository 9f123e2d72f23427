import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import type { Tone } from '../../ui/ui.ts'
import type { AuditEntry } from './live-entries.ts'

const severityTones: Record<AuditEntry['severity'], Tone> = {
  info: 'plain',
  notice: 'accent',
  warning: 'warn',
  critical: 'danger',
}

export function AuditTable({
  entries,
  onShow,
}: {
  entries: readonly AuditEntry[]
  onShow: (entry: AuditEntry) => void
}) {
  const { t, when } = useWords()
  const columns: Column<AuditEntry>[] = [
    { id: 'seq', title: t('column.seq'), cell: (row) => row.seq, className: 'text-right text-muted tabular-nums' },
    {
      id: 'time',
      title: t('column.when'),
      cell: (row) => when(row.time),
      className: 'whitespace-nowrap text-muted tabular-nums',
    },
    {
      id: 'summary',
      title: t('column.what'),
      cell: (row) => (
        <>
          <button
            type="button"
            onClick={() => onShow(row)}
            className="text-left break-words hover:text-accent hover:underline hover:underline-offset-4"
          >
            <ExactText text={row.summary} />
          </button>{' '}
          {row.erased && <Badge>{t('audit.erased')}</Badge>}
        </>
      ),
    },
    {
      id: 'client',
      title: t('column.app'),
      cell: (row) => row.client && <ExactText text={row.client} />,
      className: 'whitespace-nowrap',
    },
    { id: 'decision', title: t('column.decision'), cell: (row) => <Decision decision={row.decision} /> },
    {
      id: 'severity',
      title: t('column.severity'),
      cell: (row) => <Badge tone={severityTones[row.severity]}>{t(`severity.${row.severity}`)}</Badge>,
    },
  ]
  return <Table label={t('nav.audit')} columns={columns} rows={entries} rowKey={(row) => row.seq} />
}

/** Known decisions in words; one the window does not know is shown as main wrote it. */
export function Decision({ decision }: { decision: string | undefined }) {
  const { t } = useWords()
  if (!decision) return null
  if (/^(allow|approved|allowed)/.test(decision)) return <Badge tone="ok">{t('decision.allowed')}</Badge>
  if (/^(deny|denied|refused)/.test(decision)) return <Badge tone="danger">{t('decision.refused')}</Badge>
  if (decision === 'ask') return <Badge tone="warn">{t('effect.ask')}</Badge>
  return <Badge>{decision}</Badge>
}
