import { PlugZap, Plus } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import type { client } from '../../../shared/contract/clients.ts'
import { useArrival } from '../../app/arrival.ts'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { go } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { Badge, Dot } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty } from '../../ui/notice.tsx'
import { LimitsButton } from '../limits/limits-button.tsx'
import { ClientActions } from './client-actions.tsx'
import { ConnectSnippet } from './connect-snippet.tsx'
import { KeysButton } from './keys-button.tsx'
import { OldNames } from './old-names.tsx'
import { type ReadViews, useViews } from './use-views.ts'
import { ViewButton } from './view-dialog.tsx'
import { ViewSummary } from './view-summary.tsx'

/** Opens the way to pair another app. */
export const connectPlace = 'client:+'
export type Client = z.output<typeof client>

/** What an address names a client by, among sessions: `client:NAME`. */
export const clientPlace = 'client:'

/** The paired apps, and how to pair another. */
export function ClientList({ selected }: { selected?: string | undefined }) {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.clients)
  const reading = useReading((api) => api.clients.list(), revision)
  const views = useViews()
  const several = (useReading((api) => api.workspaces.list(), revision).value?.workspaces.length ?? 0) > 1
  const [connecting, setConnecting] = useState(false)
  useArrival(selected === connectPlace ? undefined : selected, reading.value !== undefined)
  const connect = (
    <Button look="primary" icon={<Plus aria-hidden="true" className="size-4" />} onClick={() => setConnecting(true)}>
      {t('clients.connect')}
    </Button>
  )
  return (
    <Section
      title={t('clients.title')}
      hint={t('clients.hint')}
      actions={
        reading.value &&
        reading.value.clients.length > 0 && (
          <>
            <WorkspaceViews clients={reading.value.clients} views={views} />
            {connect}
          </>
        )
      }
    >
      <ReadingView reading={reading}>
        {({ clients }) =>
          clients.length === 0 ? (
            <Empty icon={<PlugZap />} title={t('clients.none.title')} action={connect}>
              {t('clients.none.text')}
            </Empty>
          ) : (
            <Card>
              <ul className="divide-y divide-line/70">
                {clients.map((one) => (
                  <ClientRow key={one.id} client={one} placed={several} views={views} onChanged={reading.again} />
                ))}
              </ul>
            </Card>
          )
        }
      </ReadingView>
      {(connecting || selected === connectPlace) && (
        <Dialog
          wide
          title={t('clients.connect')}
          description={t('connect.text')}
          closeLabel={t('close')}
          onClose={() => {
            setConnecting(false)
            if (selected === connectPlace) go('sessions')
          }}
        >
          <ConnectSnippet />
        </Dialog>
      )}
    </Section>
  )
}

function WorkspaceViews({ clients, views: { views, again } }: { clients: readonly Client[]; views: ReadViews }) {
  const workspaces = [...new Set(clients.map(({ workspace }) => workspace))]
  return (
    views &&
    workspaces.map((one) => <ViewButton key={one} holder="workspace" name={one} views={views} onSaved={again} />)
  )
}

interface ClientRowProps {
  readonly client: Client
  /** There is more than one workspace, so it is said which is the app’s. */
  readonly placed: boolean
  readonly views: ReadViews
  readonly onChanged: () => void
}

function ClientRow({ client: one, placed, views: { views, again }, onChanged }: ClientRowProps) {
  const { t, date, duration } = useWords()
  return (
    <li data-place={`${clientPlace}${one.name}`} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3.5">
      <div className="min-w-60 flex-1">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-medium">
            <ExactText text={one.name} />
          </span>
          {one.state === 'paired' ? (
            <Dot tone={one.connected ? 'ok' : 'plain'}>{t(one.connected ? 'clients.connected' : 'clients.away')}</Dot>
          ) : (
            <Badge tone={one.state === 'revoked' ? 'danger' : 'warn'}>
              {t(one.state === 'revoked' ? 'clients.revokedState' : 'clients.suspended')}
            </Badge>
          )}
        </p>
        <p className="mt-0.5 text-xs break-words text-muted">
          {placed && `${t('clients.workspace', { workspace: one.workspace })} · `}
          {t('clients.pairedAt', { date: date(one.pairedAt) })}
          {one.program && (
            <>
              {' · '}
              <span className="font-mono">
                <ExactText text={one.program.executable} />
              </span>
            </>
          )}
          {one.tokens.length > 0 && ` · ${t('clients.tokens', { count: one.tokens.length })}`}
          {one.patienceMs !== undefined && ` · ${t('clients.patience', { time: duration(one.patienceMs) })}`}
        </p>
        {one.deprecated?.map((use) => (
          <p key={use} className="mt-0.5 text-xs text-muted">
            {t(`clients.deprecated.${use}`, { client: one.name })}
          </p>
        ))}
        <OldNames client={one} onChanged={onChanged} />
        {views && <ViewSummary client={one.name} views={views} />}
      </div>
      {one.state !== 'revoked' && (
        <span className="flex flex-wrap items-center gap-2">
          {views && <ViewButton holder="client" name={one.name} views={views} onSaved={again} />}
          <LimitsButton holder="client" name={one.name} />
          {one.state === 'paired' && <KeysButton client={one} onChanged={onChanged} />}
          <ClientActions client={one} onChanged={onChanged} />
        </span>
      )}
    </li>
  )
}
