import type { CatalogView } from '../../../shared/contract/catalog.ts'
import { useWords } from '../../app/words.tsx'
import { viewOf } from './view-dialog.tsx'

/** What an app does not see, in one line; nothing for an app that sees everything. */
export function ViewSummary({ client, views }: { client: string; views: readonly CatalogView[] }) {
  const { t } = useWords()
  const view = viewOf(views, { holder: 'client', name: client })
  if (!view) return null
  if (view.broken) return <p className="mt-0.5 text-xs text-danger">{t('view.sees.broken')}</p>
  const { servers, hidden, mode } = view
  const parts = [
    servers && (servers.length > 0 ? t('view.sees.servers', { servers: servers.join(', ') }) : t('view.sees.nothing')),
    hidden.length > 0 && t('view.sees.hidden', { count: hidden.length }),
    (mode === 'search' || mode === 'auto') && t('view.sees.search'),
  ]
  return <p className="mt-0.5 text-xs break-words text-muted">{parts.filter(Boolean).join(' · ')}</p>
}
