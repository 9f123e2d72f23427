import type { MetricRange } from '../../../shared/domain/metrics.ts'
import { useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { TimeChart } from './time-chart.tsx'
import { useUnits } from './units.ts'

/** From a kilobyte up, so that lines across stand at whole megabytes. */
const powersOfTwo = Array.from({ length: 34 }, (_, power) => 2 ** (power + 10))

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
  const read = useReading((api) => api.metrics.resources({ range, of }), `${range} ${server} ${tick}`)
  const readApp = useReading((api) => api.metrics.resources({ range, of: { kind: 'app' } }), `${range} ${tick}`)
  const [servers, app] = [read.value, readApp.value]
  if (!servers || !app) return <ReadingView reading={servers ? readApp : read}>{() => null}</ReadingView>
  const times = servers.points.map(({ at }) => at / 1000)
  const ofApp = new Map(app.points.map((point) => [point.at, point]))
  const theirs = server ?? t('health.used.servers')
  const chart = (
    figure: 'cpu' | 'memoryBytes',
    format: (value: number) => string,
    title: string,
    steps?: readonly number[],
  ) => {
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
        {...(steps ? { steps } : {})}
        lines={lines}
      />
    )
  }
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {chart('memoryBytes', units.bytes, t('health.used.memory'), powersOfTwo)}
      {chart('cpu', units.cores, t('health.used.cpu'))}
    </div>
  )
}
