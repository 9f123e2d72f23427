import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { routeTo } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Table } from '../../ui/table.tsx'

const tones = { open: 'warn', resolved: 'ok', escalated: 'danger' } as const
const shown = 20

/** What went wrong with servers in the last 30 days, and what repaired it. */
export function IncidentList() {
  const { t, when } = useWords()
  const changes = useMirror((mirror) => mirror.revision.incidents)
  const all = useReading((api) => api.incidents.list({}), changes).value?.incidents ?? []
  if (all.length === 0)
    return (
      <Section title={t('servers.incidents')}>
        <p className="text-sm text-muted">{t('health.incidents.none')}</p>
      </Section>
    )
  return (
    <Section title={t('servers.incidents')} hint={t('health.incidents.hint')}>
      <Table
        label={t('servers.incidents')}
        rows={all.slice(0, shown)}
        rowKey={({ id }) => id}
        columns={[
          {
            id: 'opened',
            title: t('column.when'),
            className: 'whitespace-nowrap text-muted',
            cell: ({ openedAt }) => when(openedAt),
          },
          {
            id: 'server',
            title: t('column.server'),
            cell: ({ server }) => (
              <a
                href={routeTo('servers', server)}
                className="font-medium hover:text-accent hover:underline hover:underline-offset-4"
              >
                {server}
              </a>
            ),
          },
          {
            id: 'status',
            title: t('column.state'),
            cell: ({ status }) => <Badge tone={tones[status]}>{t(`servers.incident.${status}`)}</Badge>,
          },
          {
            id: 'what',
            title: t('column.what'),
            cell: ({ symptoms, attempts }) => (
              <span className="break-words">
                <ExactText text={[symptoms[0]?.detail, attempts.at(-1)?.detail].filter(Boolean).join(' → ')} />
              </span>
            ),
          },
        ]}
      />
    </Section>
  )
}
