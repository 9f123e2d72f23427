import type { ServerDetail } from '../../../shared/contract/servers.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ExactText } from '../../ui/exact-text.tsx'

/** Its tools, resources and prompts under their stable names. */
export function ServerEntries({ server }: { server: ServerDetail }) {
  const { t } = useWords()
  if (server.entries.length === 0) return <p className="text-sm text-muted">{t('servers.entries.none')}</p>
  return (
    <ul className="divide-y divide-line/70">
      {server.entries.map((entry) => (
        <li key={`${entry.kind} ${entry.name}`} className="py-3 first:pt-0">
          <div className="flex flex-wrap items-center gap-2">
            <code className="font-mono text-sm font-medium break-all">
              <ExactText text={entry.name} />
            </code>
            <Badge>{t(`entry.${entry.kind}`)}</Badge>
            {entry.quarantine && <Badge tone="warn">{t(`pin.${entry.quarantine}`)}</Badge>}
          </div>
          <p className="mt-1 text-sm break-words whitespace-pre-line text-muted">
            <ExactText text={entry.description || entry.title} />
          </p>
        </li>
      ))}
    </ul>
  )
}
