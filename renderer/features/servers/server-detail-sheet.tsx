import { useState } from 'react'
import type { ServerDetail } from '../../../shared/contract/servers.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { type Reading, useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { ReviewDialog } from './review-dialog.tsx'
import { ServerEntries } from './server-entries.tsx'
import { ServerLogs } from './server-logs.tsx'
import { ServerOverview } from './server-overview.tsx'
import { ServerSettings } from './server-settings.tsx'
import { useServerChanges } from './use-server-changes.ts'

interface ServerDetailSheetProps {
  readonly name: string
  /** The entry to show first. */
  readonly entry: string | undefined
  readonly onClose: () => void
}

/** One server in full, from the side. Reads again whenever main says it changed. */
export function ServerDetailSheet({ name, entry, onClose }: ServerDetailSheetProps) {
  const { t } = useWords()
  const summary = useMirror((mirror) => mirror.servers?.find((server) => server.name === name))
  const reading = useReading(
    (api) => api.servers.inspect({ name: name as ServerName }),
    JSON.stringify(summary ?? name),
  )
  const [reviewing, setReviewing] = useState(false)
  return (
    <Dialog
      placement="side"
      title={name}
      closeLabel={t('close')}
      onClose={onClose}
      footer={reading.value && <Actions server={reading.value} onRemoved={onClose} />}
    >
      <ReadingView reading={reading}>
        {(server) => (
          <>
            {server.quarantined > 0 && (
              <div className="mb-5">
                <Notice
                  tone="warn"
                  action={
                    <Button size="small" look="primary" onClick={() => setReviewing(true)}>
                      {t('servers.review')}
                    </Button>
                  }
                >
                  {t('servers.review.needed', { count: server.quarantined })}
                </Notice>
              </div>
            )}
            <Details server={server} entry={entry} reading={reading} />
          </>
        )}
      </ReadingView>
      {reviewing && (
        <ReviewDialog
          name={name}
          onClose={() => {
            setReviewing(false)
            reading.again()
          }}
        />
      )}
    </Dialog>
  )
}

interface DetailsProps {
  readonly server: ServerDetail
  readonly entry: string | undefined
  readonly reading: Reading<ServerDetail>
}

function Details({ server, entry, reading }: DetailsProps) {
  const { t } = useWords()
  return (
    <Tabs
      label={server.name}
      initial={entry === undefined ? 'overview' : 'entries'}
      tabs={[
        { id: 'overview', label: t('servers.tab.overview'), content: <ServerOverview server={server} /> },
        {
          id: 'entries',
          label: t('servers.tab.entries', { number: server.entries.length }),
          content: <ServerEntries server={server} selected={entry} />,
        },
        {
          id: 'settings',
          label: t('servers.tab.settings'),
          content: <ServerSettings server={server} onSaved={reading.again} />,
        },
        { id: 'logs', label: t('servers.tab.logs'), content: <ServerLogs name={server.name} /> },
      ]}
    />
  )
}

function Actions({ server, onRemoved }: { server: ServerDetail; onRemoved: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy: removingNow, run } = useAction()
  const { busy, enable, disable, restart } = useServerChanges()
  const [removing, setRemoving] = useState(false)
  const name = server.name as ServerName
  if (removing) {
    return (
      <>
        <p className="mr-auto text-sm">{t('servers.remove.sure', { server: server.name })}</p>
        <Button look="quiet" onClick={() => setRemoving(false)}>
          {t('cancel')}
        </Button>
        <Button
          look="danger"
          disabled={removingNow}
          onClick={async () =>
            (await run(() => api.servers.remove({ name }), t('servers.removed', { server: server.name }))) &&
            onRemoved()
          }
        >
          {t('remove')}
        </Button>
      </>
    )
  }
  return (
    <>
      {server.origin !== 'bundled' && (
        <Button look="danger-quiet" className="mr-auto" onClick={() => setRemoving(true)}>
          {t('remove')}
        </Button>
      )}
      {server.state === 'disabled' ? (
        <Button look="primary" disabled={busy} onClick={() => void enable(name)}>
          {t('servers.enable')}
        </Button>
      ) : (
        <>
          <Button disabled={busy} onClick={() => void disable(name)}>
            {t('servers.disable')}
          </Button>
          <Button disabled={busy} onClick={() => void restart(name)}>
            {t('servers.restart')}
          </Button>
        </>
      )}
    </>
  )
}
