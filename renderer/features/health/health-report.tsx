import type { GatehouseApi } from '../../../shared/contract/contract.ts'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { routeTo } from '../../app/route.ts'
import { useTick } from '../../app/use-tick.ts'
import { useWords, type Word } from '../../app/words.tsx'
import { Badge, Dot } from '../../ui/badge.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import type { Tone } from '../../ui/ui.ts'
import { IncidentList } from './incident-list.tsx'
import { useUnits } from './units.ts'

type Report = Awaited<ReturnType<GatehouseApi['health']['report']>>
type Condition = Report['state']

export const conditionTones: Readonly<Record<Condition, Tone>> = {
  healthy: 'ok',
  degraded: 'warn',
  unhealthy: 'danger',
}
const everyMs = 5_000

/** Every part and every server: how well it is, what it uses, and what went wrong lately. */
export function HealthReport() {
  const { t } = useWords()
  const tick = useTick(everyMs)
  const servers = useMirror((mirror) => mirror.servers?.map(({ name, state }) => `${name} ${state}`).join(' '))
  const incidents = useMirror((mirror) => mirror.revision.incidents)
  const reading = useReading((api) => api.health.report(), `${tick} ${servers} ${incidents}`)
  return (
    <ReadingView reading={reading}>
      {(report) => (
        <>
          <Notice tone={conditionTones[report.state]}>{t(`health.whole.${report.state}`)}</Notice>
          <Section title={t('health.parts')} hint={t('health.parts.hint')}>
            <Card className="px-5 py-3">
              <ul className="divide-y divide-line/70">
                {report.components.map((part) => (
                  <Part key={part.name} part={part} />
                ))}
              </ul>
            </Card>
          </Section>
          <Section title={t('nav.servers')} hint={t('health.servers.hint')}>
            <ServerTable servers={report.servers} />
          </Section>
          <IncidentList />
        </>
      )}
    </ReadingView>
  )
}

function Part({ part }: { part: Report['components'][number] }) {
  const { t, when } = useWords()
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 py-2">
      <span className="w-40 text-sm font-medium">{t(`health.part.${part.name}` as Word)}</span>
      <Dot tone={conditionTones[part.state]}>{t(`health.state.${part.state}`)}</Dot>
      <span className="min-w-0 flex-1 text-sm break-words text-muted">
        {part.state !== 'healthy' && <ExactText text={part.detail} />}
      </span>
      <span className="text-xs text-muted">{t('health.checked', { time: when(part.checkedAt) })}</span>
    </li>
  )
}

type Server = Report['servers'][number]

function ServerTable({ servers }: { servers: Report['servers'] }) {
  const { t } = useWords()
  const units = useUnits()
  const right = 'text-right whitespace-nowrap tabular-nums'
  const columns: Column<Server>[] = [
    {
      id: 'name',
      title: t('column.server'),
      cell: ({ name }) => (
        <a
          href={routeTo('servers', name)}
          className="font-medium hover:text-accent hover:underline hover:underline-offset-4"
        >
          {name}
        </a>
      ),
    },
    {
      id: 'state',
      title: t('column.state'),
      cell: ({ state, detail, breaker, throttled }) => (
        <div className="space-y-1">
          <Dot tone={conditionTones[state]}>{t(`health.state.${state}`)}</Dot>
          {state !== 'healthy' && (
            <p className="max-w-80 break-words text-muted">
              <ExactText text={detail} />
            </p>
          )}
          {breaker !== 'closed' && <Badge tone="warn">{t('health.server.rests')}</Badge>}
          {throttled && <Badge tone="warn">{t('health.server.throttled')}</Badge>}
        </div>
      ),
    },
    {
      id: 'processes',
      title: t('health.server.processes'),
      className: right,
      cell: ({ processes }) => processes.length,
    },
    {
      id: 'cpu',
      title: t('servers.usage.cpu'),
      className: right,
      cell: ({ usage }) => (usage ? units.cores(usage.cpu) : '–'),
    },
    {
      id: 'memory',
      title: t('servers.usage.memory'),
      className: right,
      cell: ({ usage }) => (usage ? units.bytes(usage.memoryBytes) : '–'),
    },
    {
      id: 'disk',
      title: t('servers.usage.disk'),
      className: right,
      cell: ({ usage }) =>
        usage ? t('servers.usage.perSecond', { kb: Math.round((usage.readBytes + usage.writtenBytes) / 1024) }) : '–',
    },
    {
      id: 'answer',
      title: t('health.server.answered'),
      className: right,
      cell: ({ processes }) => {
        const took = processes.flatMap(({ answeredInMs }) => answeredInMs ?? [])
        return took.length > 0 ? units.seconds(Math.max(...took) / 1000) : '–'
      },
    },
  ]
  return <Table label={t('nav.servers')} columns={columns} rows={servers} rowKey={({ name }) => name} />
}
