import type { GatehouseApi } from '../../../shared/contract/contract.ts'
import type { CallPoint } from '../../../shared/contract/metrics.ts'
import type { MetricRange } from '../../../shared/domain/metrics.ts'
import { useWords } from '../../app/words.tsx'
import { TimeChart } from './time-chart.tsx'
import { useUnits } from './units.ts'

export type Calls = Awaited<ReturnType<GatehouseApi['metrics']['calls']>>

/** A line that would lie at nothing all the way is not drawn. */
const some = (total: number, value: number) => (total > 0 ? value : undefined)

/** How many calls there were, and how long they took. */
export function CallCharts({ calls, range }: { calls: Calls; range: MetricRange }) {
  const { t } = useWords()
  const units = useUnits()
  const { points, stepSeconds, total } = calls
  const times = points.map(({ at }) => at / 1000)
  const line = (figure: (point: CallPoint) => number | undefined) => points.map(figure)
  const shared = { times, stepSeconds }
  const when = t(`health.range.${range}`)
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <TimeChart
        {...shared}
        title={t('health.calls')}
        summary={t('health.calls.summary', {
          when,
          count: total.calls,
          calls: units.count(total.calls),
          errors: units.count(total.errors),
          refused: units.count(total.refused),
        })}
        format={units.count}
        lines={[
          { label: t('health.calls.all'), ink: 'accent', values: line((one) => one.calls) },
          {
            label: t('health.calls.failed'),
            ink: 'danger',
            dash: [6, 3],
            values: line((one) => some(total.errors, one.errors)),
          },
          {
            label: t('health.calls.refused'),
            ink: 'warn',
            dash: [2, 3],
            values: line((one) => some(total.refused, one.refused)),
          },
        ]}
      />
      <TimeChart
        {...shared}
        title={t('health.took')}
        summary={
          total.p50 === undefined
            ? t('health.took.none')
            : t('health.took.summary', {
                p50: units.seconds(total.p50),
                p95: units.seconds(total.p95 ?? 0),
                p99: units.seconds(total.p99 ?? 0),
              })
        }
        format={units.seconds}
        lines={[
          { label: t('health.took.p50'), ink: 'accent', values: line((one) => one.p50) },
          { label: t('health.took.p95'), ink: 'warn', dash: [6, 3], values: line((one) => one.p95) },
          { label: t('health.took.p99'), ink: 'danger', dash: [2, 3], values: line((one) => one.p99) },
        ]}
      />
    </div>
  )
}
