import { Unplug } from 'lucide-react'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { go } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { AppList } from '../clients/app-list.tsx'
import { ClientList, clientPlace } from '../clients/client-list.tsx'
import { TaskList } from '../tasks/task-list.tsx'
import { WorkspaceList } from '../workspaces/workspace-list.tsx'
import { EndButton } from './end-session.tsx'
import { PauseButton } from './pause-button.tsx'
import { SessionSheet } from './session-sheet.tsx'
import { isOver, type Session, SessionState } from './session-state.tsx'

/** The apps that are paired and their connections, now and lately. */
export function SessionsScreen({ selected }: { selected: string | undefined }) {
  const { t } = useWords()
  const client = selected?.startsWith(clientPlace) ? selected : undefined
  const revision = useMirror((mirror) => mirror.revision.sessions)
  const reading = useReading((api) => api.sessions.list(), revision)
  return (
    <Page title={t('nav.sessions')} lead={t('sessions.lead')}>
      <ClientList selected={client} />
      <Section title={t('apps.title')} hint={t('apps.hint')}>
        <AppList none={t('apps.none')} />
      </Section>
      <WorkspaceList />
      <Section title={t('sessions.title')} hint={t('sessions.hint')}>
        <ReadingView reading={reading}>
          {({ sessions }) => <SessionTable sessions={sessions} onChanged={reading.again} />}
        </ReadingView>
      </Section>
      <TaskList />
      {selected && !client && <SessionSheet key={selected} id={selected} onClose={() => go('sessions')} />}
    </Page>
  )
}

function SessionTable({ sessions, onChanged }: { sessions: readonly Session[]; onChanged: () => void }) {
  const { t, when } = useWords()
  if (sessions.length === 0) {
    return (
      <Empty icon={<Unplug />} title={t('sessions.none.title')}>
        {t('sessions.none.text')}
      </Empty>
    )
  }
  const columns: Column<Session>[] = [
    {
      id: 'client',
      title: t('column.app'),
      cell: (row) => (
        <>
          <button
            type="button"
            aria-label={t('sessions.open.label', { client: row.client })}
            onClick={() => go('sessions', row.id)}
            className="text-left font-medium break-words hover:text-accent hover:underline hover:underline-offset-4"
          >
            <ExactText text={row.client} />
          </button>
          <p className="mt-0.5 text-xs text-muted">{t(`door.${row.door}`)}</p>
          {row.follows && (
            <p className="mt-1">
              <Badge tone="accent">{t('sessions.new')}</Badge>
            </p>
          )}
        </>
      ),
    },
    {
      id: 'state',
      title: t('column.state'),
      cell: (row) => <SessionState session={row} />,
    },
    {
      id: 'started',
      title: t('column.started'),
      cell: (row) => (
        <>
          {when(row.startedAt)}
          <p className="mt-0.5 text-xs">{t('sessions.active', { time: when(row.lastActiveAt) })}</p>
          {row.follows && <p className="mt-0.5 max-w-52 text-xs">{t('sessions.again')}</p>}
        </>
      ),
      className: 'min-w-48 text-muted tabular-nums',
    },
    { id: 'calls', title: t('column.calls'), cell: (row) => row.calls, className: 'text-right tabular-nums' },
    { id: 'refused', title: t('column.refused'), cell: (row) => row.refused, className: 'text-right tabular-nums' },
    {
      id: 'end',
      title: t('column.action'),
      cell: (row) =>
        !isOver(row) && (
          <span className="flex items-center gap-2">
            <PauseButton session={row} onChanged={onChanged} />
            <EndButton session={row} onEnded={onChanged} />
          </span>
        ),
    },
  ]
  return <Table label={t('sessions.title')} columns={columns} rows={sessions} rowKey={(row) => row.id} />
}
