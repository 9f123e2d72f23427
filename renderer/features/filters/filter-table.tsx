import type { z } from 'zod'
import type { filters } from '../../../shared/contract/filters.ts'
import { type Direction, type FilterAction, filterActions } from '../../../shared/domain/filters.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Select } from '../../ui/field.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import type { Tone } from '../../ui/ui.ts'

type Listed = z.output<typeof filters.list.output>
type Filter = Listed['filters'][number]
type Row =
  | { readonly fixed: false; readonly filter: Filter }
  | { readonly fixed: true; readonly filter: Listed['fixed'][number] }

export const severityTones: Readonly<Record<Filter['severity'], Tone>> = {
  info: 'plain',
  warning: 'warn',
  error: 'danger',
}

interface FilterTableProps {
  readonly listed: Listed
  readonly server: string
  readonly onSet: () => void
}

/** One line a filter: what it does with arguments and answers, and how often it found something. */
export function FilterTable({ listed, server, onSet }: FilterTableProps) {
  const { t } = useWords()
  const found = (id: string) =>
    listed.counts.filter(({ filter }) => filter === id).reduce((sum, { count }) => sum + count, 0)
  const rows: readonly Row[] = [
    ...listed.fixed.map((filter) => ({ fixed: true, filter }) as const),
    ...listed.filters.map((filter) => ({ fixed: false, filter }) as const),
  ]
  const action = (direction: Direction) => (row: Row) =>
    row.fixed ? (
      <span className="text-muted">
        {t(`filters.action.${row.filter[direction]}`)}, {t('filters.fixed')}
      </span>
    ) : (
      <ActionChoice filter={row.filter} direction={direction} server={server} onSet={onSet} />
    )
  const columns: readonly Column<Row>[] = [
    {
      id: 'filter',
      title: t('filters.column.filter'),
      cell: ({ filter }) => <span className="font-medium">{t(`filters.name.${filter.id}`)}</span>,
    },
    {
      id: 'severity',
      title: t('column.severity'),
      cell: ({ filter }) => {
        const severity = 'severity' in filter ? filter.severity : 'error'
        return <Badge tone={severityTones[severity]}>{t(`filters.severity.${severity}`)}</Badge>
      },
    },
    { id: 'call', title: t('filters.column.call'), cell: action('call') },
    { id: 'reply', title: t('filters.column.reply'), cell: action('reply') },
    {
      id: 'found',
      title: t('filters.column.found'),
      className: 'text-right tabular-nums',
      cell: ({ filter }) => found(filter.id),
    },
  ]
  return (
    <>
      <Table label={t('filters.list')} columns={columns} rows={rows} rowKey={({ filter }) => filter.id} fields />
      <p className="mt-2 text-xs text-muted">
        {t('filters.looked', { calls: listed.lookedThrough.call, replies: listed.lookedThrough.reply })}
      </p>
    </>
  )
}

interface ActionChoiceProps {
  readonly filter: Filter
  readonly direction: Direction
  readonly server: string
  readonly onSet: () => void
}

function ActionChoice({ filter, direction, server, onSet }: ActionChoiceProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const { action, set } = filter[direction]
  const put = async (value: FilterAction | undefined) => {
    await api.filters.set({ server, filter: filter.id, direction, ...(value === undefined ? {} : { action: value }) })
    onSet()
  }
  const before = set ? action : undefined
  const choose = (value: string) =>
    void run(
      () => put(value === '' ? undefined : (value as FilterAction)),
      t('saved'),
      () => put(before),
    )
  return (
    <Select
      aria-label={t('filters.action.label', {
        filter: t(`filters.name.${filter.id}`),
        direction: t(`filters.column.${direction}`),
      })}
      disabled={busy}
      value={set ? action : ''}
      onChange={(event) => choose(event.target.value)}
      className="w-full min-w-36"
    >
      <option value="">{set ? t('filters.policy') : t(`filters.action.${action}`)}</option>
      {filterActions.map((one) => (
        <option key={one} value={one}>
          {t(`filters.action.${one}`)}
        </option>
      ))}
    </Select>
  )
}
