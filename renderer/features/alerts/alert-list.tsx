import { BellOff } from 'lucide-react'
import { useState } from 'react'
import type { ShownAlert } from '../../../shared/contract/alerts.ts'
import type { Severity } from '../../../shared/domain/alerts.ts'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { routeTo } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty } from '../../ui/notice.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import type { Tone } from '../../ui/ui.ts'
import { useAlertsKey } from './use-alerts-key.ts'

export const severityTones: Readonly<Record<Severity, Tone>> = { info: 'accent', warning: 'warn', critical: 'danger' }
const most = 500
const shownAtFirst = 10

/** What is open, with what can be done about it, and what was. */
export function AlertList() {
  const { t } = useWords()
  const revision = useAlertsKey()
  const open = useReading((api) => api.alerts.list({ state: 'ongoing', most }), revision)
  const past = useReading((api) => api.alerts.list({ state: 'resolved', most }), revision)
  return (
    <>
      <Section title={t('alerts.open')} hint={t('alerts.open.hint')}>
        <ReadingView reading={open}>{({ alerts }) => <Open alerts={alerts} />}</ReadingView>
      </Section>
      <Section title={t('alerts.past')} hint={t('alerts.past.hint')}>
        <ReadingView reading={past}>{({ alerts }) => <Past alerts={alerts} />}</ReadingView>
      </Section>
    </>
  )
}

function Open({ alerts }: { alerts: readonly ShownAlert[] }) {
  const { t } = useWords()
  if (alerts.length === 0)
    return (
      <Empty icon={<BellOff />} title={t('alerts.none.title')}>
        {t('alerts.none.text')}
      </Empty>
    )
  return (
    <Card>
      <ul aria-label={t('alerts.open')} className="max-h-[32rem] divide-y divide-line/70 overflow-y-auto">
        {alerts.map((alert) => (
          <OpenAlert key={alert.id} alert={alert} />
        ))}
      </ul>
    </Card>
  )
}

function OpenAlert({ alert }: { alert: ShownAlert }) {
  const { t, when } = useWords()
  const { id, sentence, severity, state, openedAt, rule } = alert
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-5 py-3.5">
      <span className="w-28 shrink-0">
        <Badge tone={severityTones[severity]}>{t(`alerts.severity.${severity}`)}</Badge>
      </span>
      <div className="min-w-60 flex-1">
        <p className="text-sm font-medium break-words">
          <ExactText text={sentence} />
        </p>
        <p className="text-xs text-muted">
          {[
            rule,
            t('alerts.since', { time: when(openedAt) }),
            state === 'acknowledged' && t('alerts.state.acknowledged'),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      <AlertActions alert={alert} />
      <a
        href={routeTo('health', 'alerts', id)}
        aria-label={t('alerts.details.label', { what: sentence })}
        className="self-center text-xs font-medium text-accent underline underline-offset-4"
      >
        {t('alerts.details')}
      </a>
    </li>
  )
}

/** What the person may say of an alert that is not over. */
export function AlertActions({ alert: { id, state, sentence } }: { alert: ShownAlert }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  return (
    <span className="flex gap-2">
      {state === 'open' && (
        <Button
          size="small"
          disabled={busy}
          aria-label={t('alerts.acknowledge.label', { what: sentence })}
          onClick={() => void run(() => api.alerts.acknowledge({ id }), t('alerts.acknowledged'))}
        >
          {t('alerts.acknowledge')}
        </Button>
      )}
      {state !== 'resolved' && (
        <Button
          size="small"
          disabled={busy}
          aria-label={t('alerts.resolve.label', { what: sentence })}
          onClick={() => void run(() => api.alerts.resolve({ id }), t('alerts.resolved'))}
        >
          {t('alerts.resolve')}
        </Button>
      )}
    </span>
  )
}

function Past({ alerts }: { alerts: readonly ShownAlert[] }) {
  const { t, when } = useWords()
  const [shown, setShown] = useState(shownAtFirst)
  if (alerts.length === 0) return <p className="text-sm text-muted">{t('alerts.past.none')}</p>
  const columns: Column<ShownAlert>[] = [
    {
      id: 'when',
      title: t('column.when'),
      className: 'whitespace-nowrap text-muted',
      cell: ({ openedAt }) => when(openedAt),
    },
    {
      id: 'severity',
      title: t('alerts.detail.severity'),
      cell: ({ severity }) => <Badge tone={severityTones[severity]}>{t(`alerts.severity.${severity}`)}</Badge>,
    },
    {
      id: 'what',
      title: t('column.what'),
      cell: ({ id, sentence }) => (
        <a href={routeTo('health', 'alerts', id)} className="break-words hover:text-accent hover:underline">
          <ExactText text={sentence} />
        </a>
      ),
    },
    {
      id: 'over',
      title: t('alerts.detail.resolved'),
      className: 'text-muted',
      cell: ({ resolvedAt, resolvedBy }) =>
        resolvedAt === undefined ? '' : `${when(resolvedAt)}, ${t(`alerts.by.${resolvedBy ?? 'itself'}`)}`,
    },
  ]
  const rest = alerts.length - shown
  return (
    <>
      <Table label={t('alerts.past')} columns={columns} rows={alerts.slice(0, shown)} rowKey={({ id }) => id} />
      {rest > 0 && (
        <Button size="small" className="mt-3" onClick={() => setShown(alerts.length)}>
          {t('alerts.past.more', { count: rest })}
        </Button>
      )}
      {rest <= 0 && alerts.length === most && (
        <p className="mt-3 text-sm text-muted">{t('alerts.past.most', { count: most })}</p>
      )}
    </>
  )
}
