import type { ServerDetail } from '../../../shared/contract/servers.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import type { Tone } from '../../ui/ui.ts'

const tones = { open: 'warn', resolved: 'ok', escalated: 'danger' } as const satisfies Record<string, Tone>
const shown = 5

/** What went wrong with a server lately, and what repaired it. Nothing is shown while nothing did. */
export function ServerIncidents({ server }: { server: ServerDetail }) {
  const { t, date } = useWords()
  const { value } = useReading(
    (api) => api.incidents.list({ server: server.name as ServerName }),
    `${server.name} ${server.state}`,
  )
  const incidents = value?.incidents.slice(0, shown) ?? []
  if (incidents.length === 0) return null
  return (
    <div>
      <h3 className="mb-1.5 text-sm font-semibold">{t('servers.incidents')}</h3>
      <ul className="space-y-2 text-sm">
        {incidents.map(({ id, status, openedAt, symptoms, attempts }) => (
          <li key={id}>
            <Badge tone={tones[status]}>{t(`servers.incident.${status}`)}</Badge>{' '}
            <span className="text-muted">{date(openedAt)}</span>
            <p className="break-words">
              <ExactText text={[symptoms[0]?.detail, attempts.at(-1)?.detail].filter(Boolean).join(' → ')} />
            </p>
          </li>
        ))}
      </ul>
    </div>
  )
}
