import { Lightbulb } from 'lucide-react'
import { defaultWorkspace } from '../../../shared/domain/ids.ts'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { routeTo } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { Card, Section } from '../../ui/card.tsx'

interface Suggestion {
  readonly id: string
  readonly text: string
  /** What the link is called, and where it leads. */
  readonly label: string
  readonly address: string
}

/** What the person could do next, each with where. Nothing is shown while there is nothing to suggest. */
export function Suggestions() {
  const { t } = useWords()
  const suggestions = useSuggestions()
  if (suggestions.length === 0) return null
  return (
    <div className="mt-8">
      <Section title={t('home.suggestions')}>
        <Card>
          <ul className="divide-y divide-line/70">
            {suggestions.map(({ id, text, label, address }) => (
              <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3 text-sm">
                <Lightbulb aria-hidden="true" className="size-4 shrink-0 text-accent" />
                <span className="min-w-60 flex-1 break-words">{text}</span>
                <a href={address} className="font-medium text-accent underline underline-offset-4">
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </Card>
      </Section>
    </div>
  )
}

/** What could not be read suggests nothing. */
function useSuggestions(): readonly Suggestion[] {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision)
  const servers = useMirror((mirror) => mirror.servers) ?? []
  const clients = useReading((api) => api.clients.list(), revision.clients).value?.clients
  const folders = useReading((api) => api.permissions.folders({}), revision.permissions).value?.folders
  const lent = servers.some(
    ({ origin, name, workspace }) =>
      origin === 'bundled' && name.startsWith('filesystem') && workspace !== defaultWorkspace, // made to lend folders
  )
  const answered = `${revision.approvals} ${revision.permissions}`
  const same = useReading((api) => api.approvals.stats({ limit: 2000 }), answered).value?.same ?? []
  const kept = useReading((api) => api.backup.list(), 'backups').value?.backups
  const newer = servers.filter(({ cell }) => cell?.update !== undefined).map(({ name }) => name)
  const suggest = (id: 'connect' | 'folders' | 'rule' | 'update' | 'backup', address: string, said = {}) => ({
    id,
    address,
    text: t(`home.suggest.${id}`, said),
    label: t(`home.suggest.${id}.do`),
  })
  return [
    ...(clients && !clients.some(({ state }) => state === 'paired') ? [suggest('connect', routeTo('sessions'))] : []),
    ...(folders?.length === 0 && !lent ? [suggest('folders', routeTo('permissions'))] : []),
    ...(same.length > 0 ? [suggest('rule', routeTo('approvals'), { count: same.length })] : []),
    ...(newer[0] ? [suggest('update', routeTo('servers', newer[0]), { servers: newer.join(', ') })] : []),
    ...(kept?.length === 0 ? [suggest('backup', routeTo('settings', 'backups'))] : []),
  ]
}
