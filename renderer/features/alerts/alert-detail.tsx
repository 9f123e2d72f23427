import type { ReactNode } from 'react'
import type { GatehouseApi } from '../../../shared/contract/contract.ts'
import { useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { go } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { Badge, Dot } from '../../ui/badge.tsx'
import { Facts, Section } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Table } from '../../ui/table.tsx'
import { AlertActions, severityTones } from './alert-list.tsx'
import { useAlertsKey } from './use-alerts-key.ts'

type Shown = Awaited<ReturnType<GatehouseApi['alerts']['show']>>

/** One alert: how it went, and who was told. */
export function AlertDetail({ id }: { id: string }) {
  const { t } = useWords()
  const revision = useAlertsKey()
  const reading = useReading((api) => api.alerts.show({ id }), `${id} ${revision}`)
  const alert = reading.value?.alert
  return (
    <Dialog
      wide
      title={t('alerts.detail.title')}
      description={alert && <ExactText text={alert.sentence} />}
      closeLabel={t('close')}
      onClose={() => go('health', 'alerts')}
      footer={alert && <AlertActions alert={alert} />}
    >
      <ReadingView reading={reading}>{(shown) => <Detail shown={shown} />}</ReadingView>
    </Dialog>
  )
}

const tones = { due: 'warn', sent: 'ok', dead: 'danger' } as const

function Detail({ shown: { alert, told } }: { shown: Shown }) {
  const { t, when } = useWords()
  const times: (readonly [string, ReactNode])[] = [[t('alerts.detail.opened'), when(alert.openedAt)]]
  if (alert.returned > 0)
    times.push([t('alerts.detail.returned'), t('alerts.detail.returned.times', { count: alert.returned })])
  if (alert.escalatedAt !== undefined) times.push([t('alerts.detail.escalated'), when(alert.escalatedAt)])
  if (alert.acknowledgedAt !== undefined) times.push([t('alerts.detail.acknowledged'), when(alert.acknowledgedAt)])
  if (alert.resolvedAt !== undefined)
    times.push([
      t('alerts.detail.resolved'),
      `${when(alert.resolvedAt)}, ${t(`alerts.by.${alert.resolvedBy ?? 'itself'}`)}`,
    ])
  return (
    <>
      <Facts
        facts={[
          [t('alerts.detail.rule'), alert.rule],
          [
            t('alerts.detail.severity'),
            <Badge key="severity" tone={severityTones[alert.severity]}>
              {t(`alerts.severity.${alert.severity}`)}
            </Badge>,
          ],
          [t('alerts.detail.state'), t(`alerts.state.${alert.state}`)],
          ...times,
        ]}
      />
      <div className="mt-6">
        <Section title={t('alerts.told')}>
          {told.length === 0 ? (
            <p className="text-sm text-muted">{t('alerts.told.none')}</p>
          ) : (
            <Table
              label={t('alerts.told')}
              rows={told.map((one, place) => ({ ...one, place }))}
              rowKey={({ place }) => place}
              columns={[
                { id: 'channel', title: t('alerts.told.channel'), cell: ({ channel }) => channel },
                { id: 'note', title: t('alerts.told.what'), cell: ({ note }) => t(`alerts.note.${note}`) },
                {
                  id: 'state',
                  title: t('column.state'),
                  cell: ({ state, problem }) => (
                    <>
                      <Dot tone={tones[state]}>{t(`alerts.delivery.${state}`)}</Dot>
                      {problem && (
                        <p className="break-words text-muted">
                          <ExactText text={problem} />
                        </p>
                      )}
                    </>
                  ),
                },
              ]}
            />
          )}
        </Section>
      </div>
    </>
  )
}
