import type { MetricRange } from '../../../shared/domain/metrics.ts'
import { useReading } from '../../app/gatehouse-context.tsx'
import { routeTo } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Table } from '../../ui/table.tsx'
import { useUnits } from './units.ts'

/** The tools that were called most. */
export function ToolTable({ range, tick }: { range: MetricRange; tick: number }) {
  const { t } = useWords()
  const units = useUnits()
  const tools = useReading((api) => api.metrics.tools({ range }), `${range} ${tick}`).value?.tools ?? []
  if (tools.length === 0) return null
  const right = 'text-right tabular-nums'
  const serverOf = (name: string) => name.slice(0, Math.max(0, name.indexOf('__')))
  return (
    <Section title={t('health.tools')} hint={t('health.tools.hint')}>
      <Table
        label={t('health.tools')}
        rows={tools}
        rowKey={({ name }) => name}
        columns={[
          {
            id: 'name',
            title: t('column.tool'),
            cell: ({ name }) =>
              name === 'other' ? (
                t('health.of.others')
              ) : (
                <a
                  href={routeTo('servers', serverOf(name), name)}
                  className="break-all hover:text-accent hover:underline hover:underline-offset-4"
                >
                  <ExactText text={name} />
                </a>
              ),
          },
          { id: 'calls', title: t('health.calls'), className: right, cell: ({ calls }) => units.count(calls) },
          {
            id: 'errors',
            title: t('health.calls.failed'),
            className: right,
            cell: ({ errors }) => units.count(errors),
          },
          {
            id: 'refused',
            title: t('health.calls.refused'),
            className: right,
            cell: ({ refused }) => units.count(refused),
          },
          {
            id: 'p50',
            title: t('health.took.p50'),
            className: right,
            cell: ({ p50 }) => (p50 === undefined ? '–' : units.seconds(p50)),
          },
          {
            id: 'p95',
            title: t('health.took.p95'),
            className: right,
            cell: ({ p95 }) => (p95 === undefined ? '–' : units.seconds(p95)),
          },
        ]}
      />
    </Section>
  )
}
