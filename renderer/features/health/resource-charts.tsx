import type { MetricRange } from '../../../shared/domain/metrics.ts'
import { useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { TimeChart } from './time-chart.tsx'
import { useUnits } from './units.ts'

interface ResourceChartsProps {
  readonly range: MetricRange
  readonly server: string | undefined
  readonly tick: number
}

/** Memory and processor of servers, and beside them of Gatehouse itself. */
export function ResourceCharts({ range, server, tick }: ResourceChartsProps) {
  const { t } = useWords()
  const units = useUnits()
  const of = { kind: 'servers' as const, ...(server ? { server } : {}) }
  const servers = useReading((api) => api.metrics.resources({ range, of }), `${range} ${server} ${tick}`).value
  const app = useReading((api) => api.metrics.resources({ range, of: { kind: 'app' } }), `${range} ${tick}`).value
  if (!servers || !app) return null
  const times = servers.points.map(({ at }) => at / 1000)
  const ofApp = new Map(app.points.map((point) => [point.at, point]))
  const theirs = server ?? t('health.used.servers')
  const chart = (figure: 'cpu' | 'memoryBytes', format: (value: number) => string, title: string) => {
    const lines = [
      { label: theirs, ink: 'accent' as const, values: servers.points.map((point) => point[figure]) },
      {
        label: 'Gatehouse',
        ink: 'muted' as const,
        dash: [6, 3],
        values: servers.points.map(({ at }) => ofApp.get(at)?.[figure]),
      },
    ]
    const [now, most] = [
      lines[0]?.values.findLast((value) => value !== undefined),
      Math.max(0, ...(lines[0]?.values ?? []).map((value) => value ?? 0)),
    ]
    return (
      <TimeChart
        title={title}
        summary={
          now === undefined
            ? t('health.used.none', { whose: theirs })
            : t('health.used.summary', { whose: theirs, now: format(now), most: format(most) })
        }
        times={times}
        stepSeconds={servers.stepSeconds}
        format={format}
        lines={lines}
      />
    )
  }
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      {chart('memoryBytes', units.bytes, t('health.used.memory'))}
      {chart('cpu', units.cores, t('health.used.cpu'))}
    </div>
  )
}
