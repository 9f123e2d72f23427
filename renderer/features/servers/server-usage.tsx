import { useMemo } from 'react'
import type { GatehouseApi } from '../../../shared/contract/contract.ts'
import type { ServerDetail } from '../../../shared/contract/servers.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useReading } from '../../app/gatehouse-context.tsx'
import { useTick } from '../../app/use-tick.ts'
import { useWords } from '../../app/words.tsx'
import { Notice } from '../../ui/notice.tsx'

type UsageSample = Awaited<ReturnType<GatehouseApi['health']['usage']>>['samples'][number]

/** As often as it is measured. */
const everyMs = 10_000
const mb = 1024 ** 2
const kbOf = (bytes: number) => Math.round(bytes / 1024)

/** What a server's processes used in the last ten minutes it ran: processor and memory as lines. */
export function ServerUsage({ server }: { server: ServerDetail }) {
  const { t } = useWords()
  const tick = useTick(everyMs)
  const { value } = useReading(
    (api) => api.health.usage({ server: server.name as ServerName }),
    `${server.name} ${tick}`,
  )
  const samples = value?.samples ?? []
  const latest = samples.at(-1)
  return (
    <div className="space-y-2">
      {server.throttled && <Notice tone="warn">{t('servers.usage.throttled')}</Notice>}
      {server.breaker !== 'closed' && <Notice tone="warn">{t('servers.usage.resting')}</Notice>}
      {latest === undefined ? (
        <p className="text-sm text-muted">{t('servers.usage.none')}</p>
      ) : (
        <dl className="grid grid-cols-2 gap-4 text-sm">
          <Line
            title={t('servers.usage.cpu')}
            figure={t('servers.usage.cores', { cores: latest.cpu.toFixed(2) })}
            values={samples.map(({ cpu }) => cpu)}
          />
          <Line
            title={t('servers.usage.memory')}
            figure={`${Math.round(latest.memoryBytes / mb)} MB`}
            values={samples.map(({ memoryBytes }) => memoryBytes)}
          />
          <Line
            title={t('servers.usage.disk')}
            figure={t('servers.usage.perSecond', { kb: kbOf(latest.readBytes + latest.writtenBytes) })}
            values={samples.map(({ readBytes, writtenBytes }) => readBytes + writtenBytes)}
          />
          <Line
            title={t('servers.usage.network')}
            figure={
              latest.networkBytes === undefined
                ? t('servers.usage.notMeasured')
                : t('servers.usage.perSecond', { kb: kbOf(latest.networkBytes) })
            }
            values={samples.map(({ networkBytes = 0 }) => networkBytes)}
          />
        </dl>
      )}
    </div>
  )
}

/** Of every server that runs, by name; read once for the whole list. */
export function useUsages(): ReadonlyMap<string, readonly UsageSample[]> {
  const tick = useTick(everyMs)
  const servers = useReading((api) => api.health.usages(), tick).value?.servers
  return useMemo(() => new Map(servers?.map(({ name, samples }) => [name, samples])), [servers])
}

/** Processor and memory of the last ten minutes, in one line of a card. */
export function UsageGlance({ samples }: { samples: readonly UsageSample[] | undefined }) {
  const { t } = useWords()
  const latest = samples?.at(-1)
  if (!samples || !latest) return null
  const glances = [
    {
      title: t('servers.usage.cpu'),
      figure: t('servers.usage.cores', { cores: latest.cpu.toFixed(2) }),
      values: samples.map(({ cpu }) => cpu),
    },
    {
      title: t('servers.usage.memory'),
      figure: `${Math.round(latest.memoryBytes / mb)} MB`,
      values: samples.map(({ memoryBytes }) => memoryBytes),
    },
  ]
  return (
    <dl className="mt-auto grid grid-cols-2 gap-4 text-xs">
      {glances.map((glance) => (
        <Line key={glance.title} {...glance} />
      ))}
    </dl>
  )
}

const width = 120
const height = 28

/** A figure and its last ten minutes; the line says nothing the figure does not say to who cannot see it. */
function Line({ title, figure, values }: { title: string; figure: string; values: readonly number[] }) {
  return (
    <div>
      <dt className="text-muted">{title}</dt>
      <dd>
        {figure}
        <svg aria-hidden="true" viewBox={`0 0 ${width} ${height}`} className="mt-1 h-7 w-full text-accent">
          <polyline fill="none" stroke="currentColor" strokeWidth="1.5" points={pointsOf(values)} />
        </svg>
      </dd>
    </div>
  )
}

/** From the left edge to the right, the highest value at the top. */
export function pointsOf(values: readonly number[]): string {
  const most = Math.max(...values, Number.MIN_VALUE)
  const step = width / Math.max(1, values.length - 1)
  return values
    .map((value, at) => `${(at * step).toFixed(1)},${(height - 1 - (value / most) * (height - 2)).toFixed(1)}`)
    .join(' ')
}
