import { Unplug } from 'lucide-react'
import type { z } from 'zod'
import type { session } from '../../../shared/contract/sessions.ts'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge, Dot } from '../../ui/badge.tsx'
import { Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import type { Tone } from '../../ui/ui.ts'
import { AppList } from '../clients/app-list.tsx'
import { ClientList } from '../clients/client-list.tsx'
import { WorkspaceList } from '../workspaces/workspace-list.tsx'
import { EndButton } from './end-session.tsx'
import { PauseButton } from './pause-button.tsx'

export type Session = z.output<typeof session>
const tones: Record<Session['state'], Tone> = {
  initializing: 'accent',
  active: 'ok',
  idle: 'plain',
  suspended: 'warn',
  expired: 'plain',
  terminated: 'plain',
  error: 'danger',
}
const over: readonly Session['state'][] = ['expired', 'terminated', 'error']

/** The apps that are paired and their connections, now and lately. */
export function SessionsScreen() {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.sessions)
  const reading = useReading((api) => api.sessions.list(), revision)
  return (
    <Page title={t('nav.sessions')} lead={t('sessions.lead')}>
      <ClientList />
      <Section title={t('apps.title')} hint={t('apps.hint')}>
        <AppList none={t('apps.none')} />
      </Section>
      <WorkspaceList />
      <Section title={t('sessions.title')} hint={t('sessions.hint')}>
        <ReadingView reading={reading}>
          {({ sessions }) => <SessionTable sessions={sessions} onChanged={reading.again} />}
        </ReadingView>
      </Section>
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
        <span className="flex flex-wrap items-center gap-2 font-medium">
          <ExactText text={row.client} />
          {row.follows && <Badge tone="accent">{t('sessions.new')}</Badge>}
        </span>
      ),
    },
    {
      id: 'state',
      title: t('column.state'),
      cell: (row) => <Dot tone={tones[row.state]}>{t(`session.${row.state}`)}</Dot>,
    },
    { id: 'door', title: t('column.door'), cell: (row) => t(`door.${row.door}`), className: 'whitespace-nowrap' },
    {
      id: 'started',
      title: t('column.started'),
      cell: (row) => (
        <>
          {when(row.startedAt)}
          {row.follows && <p className="mt-0.5 max-w-44 text-xs whitespace-normal">{t('sessions.again')}</p>}
        </>
      ),
      className: 'whitespace-nowrap text-muted',
    },
    {
      id: 'active',
      title: t('column.lastActive'),
      cell: (row) => when(row.lastActiveAt),
      className: 'whitespace-nowrap text-muted',
    },
    { id: 'calls', title: t('column.calls'), cell: (row) => row.calls, className: 'text-right tabular-nums' },
    { id: 'refused', title: t('column.refused'), cell: (row) => row.refused, className: 'text-right tabular-nums' },
    {
      id: 'end',
      title: t('column.action'),
      cell: (row) =>
        !over.includes(row.state) && (
          <span className="flex items-center gap-2">
            <PauseButton session={row} onChanged={onChanged} />
            <EndButton session={row} onEnded={onChanged} />
          </span>
        ),
    },
  ]
  return <Table label={t('sessions.title')} columns={columns} rows={sessions} rowKey={(row) => row.id} />
}
