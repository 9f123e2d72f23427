import type { ServerDetail } from '../../../shared/contract/servers.ts'
import type { IncidentId, ServerName } from '../../../shared/domain/ids.ts'
import { isSecurity } from '../../../shared/domain/incident.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import type { Tone } from '../../ui/ui.ts'

const tones = { open: 'warn', resolved: 'ok', escalated: 'danger' } as const satisfies Record<string, Tone>
const shown = 5

function useIncidents(server: ServerDetail) {
  const changes = useMirror((mirror) => mirror.revision.incidents)
  const { value } = useReading(
    (api) => api.incidents.list({ server: server.name as ServerName }),
    `${server.name} ${server.state} ${changes}`,
  )
  return value?.incidents.slice(0, shown) ?? []
}

/** What went wrong with a server lately, and what repaired it. Nothing is shown while nothing did. */
export function ServerIncidents({ server }: { server: ServerDetail }) {
  const { t, date } = useWords()
  const incidents = useIncidents(server)
  if (incidents.length === 0) return null
  return (
    <div>
      <h3 className="mb-1.5 text-sm font-semibold">{t('servers.incidents')}</h3>
      <ul className="space-y-2 text-sm">
        {incidents.map(({ id, status, openedAt, symptoms, attempts }) => (
          <li key={id}>
            <Badge tone={tones[status]}>
              {t(needsPerson({ status, symptoms }) ? 'servers.incident.yours' : `servers.incident.${status}`)}
            </Badge>{' '}
            <span className="text-muted">{date(openedAt)}</span>
            <p className="break-words">
              <ExactText text={[symptoms[0]?.detail, attempts.at(-1)?.detail].filter(Boolean).join(' → ')} />
            </p>
            {needsPerson({ status, symptoms }) && <Decision id={id as IncidentId} />}
          </li>
        ))}
      </ul>
    </div>
  )
}

type Incident = NonNullable<ReturnType<typeof useIncidents>>[number]

/** A violation: no repair ends it. */
const needsPerson = ({ status, symptoms }: Pick<Incident, 'status' | 'symptoms'>) =>
  status === 'open' && symptoms.some(({ kind }) => isSecurity(kind))

function Decision({ id }: { id: IncidentId }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const resolve = (leaveOff: boolean) =>
    void run(
      () => api.incidents.resolve({ id, leaveOff }),
      t(leaveOff ? 'servers.incident.left' : 'servers.incident.back'),
    )
  return (
    <div className="mt-1.5 flex flex-wrap gap-2">
      <Button size="small" look="quiet" disabled={busy} onClick={() => resolve(true)}>
        {t('servers.incident.leave')}
      </Button>
      <Button size="small" disabled={busy} onClick={() => resolve(false)}>
        {t('servers.incident.goOn')}
      </Button>
    </div>
  )
}
