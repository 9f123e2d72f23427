import { lazy, Suspense, useState } from 'react'
import type { ServerDetail } from '../../../shared/contract/servers.ts'
import { useArrival } from '../../app/arrival.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Loading } from '../../ui/notice.tsx'

const TryTool = lazy(async () => ({ default: (await import('./try-tool.tsx')).TryTool }))
type Entry = ServerDetail['entries'][number]

/** Its tools, resources and prompts under their stable names; tools can be tried. */
export function ServerEntries({ server, selected }: { server: ServerDetail; selected: string | undefined }) {
  const { t } = useWords()
  useArrival(selected, true)
  if (server.entries.length === 0) return <p className="text-sm text-muted">{t('servers.entries.none')}</p>
  return (
    <ul className="divide-y divide-line/70">
      {server.entries.map((entry) => (
        <EntryRow key={`${entry.kind} ${entry.name}`} entry={entry} canTry={server.state !== 'disabled'} />
      ))}
    </ul>
  )
}

function EntryRow({ entry, canTry }: { entry: Entry; canTry: boolean }) {
  const { t } = useWords()
  const [trying, setTrying] = useState(false)
  const tool = entry.kind === 'tool' && !entry.quarantine && canTry
  return (
    <li data-place={entry.name} className="py-3 first:pt-0">
      <div className="flex flex-wrap items-center gap-2">
        <code className="font-mono text-sm font-medium break-all">
          <ExactText text={entry.name} />
        </code>
        <Badge>{t(`entry.${entry.kind}`)}</Badge>
        {entry.quarantine && <Badge tone="warn">{t(`pin.${entry.quarantine}`)}</Badge>}
        {tool && (
          <Button
            size="small"
            className="ml-auto"
            aria-expanded={trying}
            aria-label={t('try.open.label', { tool: entry.name })}
            onClick={() => setTrying(!trying)}
          >
            {t('try.open')}
          </Button>
        )}
      </div>
      <p className="mt-1 text-sm break-words whitespace-pre-line text-muted">
        <ExactText text={entry.description || entry.title} />
      </p>
      {tool && trying && (
        <Suspense fallback={<Loading label={t('loading')} />}>
          <TryTool name={entry.name} />
        </Suspense>
      )}
    </li>
  )
}
