import { useState } from 'react'
import type { AiApp, FileChange } from '../../../shared/contract/apps.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Dot } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ConnectDialog, DisconnectDialog } from './change-dialog.tsx'
import { ImportDialog } from './import-dialog.tsx'

/** What the person is looking at before it is done. */
type Opened =
  | { readonly kind: 'disconnect'; readonly change: FileChange }
  | { readonly kind: 'connect' | 'import'; readonly app: AiApp }

/** The AI apps found on this computer, each with what can be done about it. Says so when there are none. */
export function AppList({ none }: { none: string }) {
  const revision = useMirror((mirror) => mirror.revision.clients)
  const reading = useReading((api) => api.apps.detect(), revision)
  const [opened, setOpened] = useState<Opened>()
  return (
    <>
      <ReadingView reading={reading}>
        {({ apps }) => <Found apps={apps.filter((app) => app.found)} none={none} onOpen={setOpened} />}
      </ReadingView>
      {opened?.kind === 'import' && (
        <ImportDialog app={opened.app} onClose={() => setOpened(undefined)} onDone={reading.again} />
      )}
      {opened?.kind === 'connect' && (
        <ConnectDialog app={opened.app} onClose={() => setOpened(undefined)} onDone={reading.again} />
      )}
      {opened?.kind === 'disconnect' && (
        <DisconnectDialog change={opened.change} onClose={() => setOpened(undefined)} onDone={reading.again} />
      )}
    </>
  )
}

interface FoundProps {
  readonly apps: readonly AiApp[]
  readonly none: string
  readonly onOpen: (opened: Opened) => void
}

function Found({ apps, none, onOpen }: FoundProps) {
  const { t } = useWords()
  if (apps.length === 0) return <Notice>{none}</Notice>
  return (
    <Card>
      <ul aria-label={t('apps.title')} className="divide-y divide-line/70">
        {apps.map((app) => (
          <AppRow key={app.id} app={app} onOpen={onOpen} />
        ))}
      </ul>
    </Card>
  )
}

function AppRow({ app, onOpen }: { app: AiApp; onOpen: FoundProps['onOpen'] }) {
  const { t } = useWords()
  const { connected, problem, servers, title } = app
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3.5">
      <div className="min-w-60 flex-1">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-medium">{title}</span>
          <Dot tone={connected ? 'ok' : 'plain'}>{t(connected ? 'apps.connected' : 'apps.away')}</Dot>
        </p>
        <p className="mt-0.5 text-xs break-all text-muted">
          {servers.length > 0 && `${t('apps.servers', { count: servers.length })} · `}
          <span className="font-mono">
            <ExactText text={app.file} />
          </span>
        </p>
        {problem && <p className="mt-1 text-sm text-danger">{problem}</p>}
      </div>
      {!problem && <AppActions app={app} onOpen={onOpen} />}
    </li>
  )
}

function AppActions({ app, onOpen }: { app: AiApp; onOpen: FoundProps['onOpen'] }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const { id, title, connected, servers } = app
  const disconnect = () =>
    void run(async () => onOpen({ kind: 'disconnect', change: await api.apps.previewDisconnect({ app: id }) }))
  return (
    <span className="flex items-center gap-2">
      {(servers.length > 0 || app.projectFile !== undefined) && (
        <Button
          size="small"
          aria-label={t('apps.import.label', { app: title })}
          onClick={() => onOpen({ kind: 'import', app })}
        >
          {t('apps.import')}
        </Button>
      )}
      {connected ? (
        <Button
          size="small"
          disabled={busy}
          aria-label={t('apps.disconnect.label', { app: title })}
          onClick={disconnect}
        >
          {t('apps.disconnect')}
        </Button>
      ) : (
        <Button
          size="small"
          look="primary"
          disabled={busy}
          aria-label={t('apps.connect.label', { app: title })}
          onClick={() => onOpen({ kind: 'connect', app })}
        >
          {t('apps.connect')}
        </Button>
      )}
    </span>
  )
}
