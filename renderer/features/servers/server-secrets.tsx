import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import type { ServerDetail } from '../../../shared/contract/servers.ts'
import type { secrets } from '../../../shared/contract/system.ts'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Table } from '../../ui/table.tsx'

type Secret = z.output<typeof secrets.list.output>['secrets'][number]
type Doing = { readonly what: 'revert' | 'uses'; readonly name: string }

/** What the server is given: versions, when each was used, and the way back to the value before. */
export function ServerSecrets({ server }: { server: ServerDetail }) {
  const { t } = useWords()
  const reading = useReading((api) => api.secrets.list(), `${server.name} ${server.secretNames.join()}`)
  const [doing, setDoing] = useState<Doing>()
  const close = () => setDoing(undefined)
  return (
    <ReadingView reading={reading}>
      {({ secrets: all }) => {
        const own = all.filter((one) => one.server === server.name)
        return (
          <>
            {own.length === 0 && <p className="text-sm text-muted">{t('secrets.none')}</p>}
            <ul className="divide-y divide-line/70">
              {own.map((secret) => (
                <SecretRow key={secret.name} secret={secret} onDo={(what) => setDoing({ what, name: secret.name })} />
              ))}
            </ul>
            {doing?.what === 'uses' && <UsesDialog server={server.name} name={doing.name} onClose={close} />}
            {doing?.what === 'revert' && (
              <RevertDialog server={server.name} name={doing.name} onClose={close} onReverted={reading.again} />
            )}
          </>
        )
      }}
    </ReadingView>
  )
}

function SecretRow({ secret, onDo }: { secret: Secret; onDo: (what: Doing['what']) => void }) {
  const { t, date } = useWords()
  const { name, version, updatedAt, former } = secret
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2">
      <p className="min-w-0 flex-1 text-sm">
        <code className="font-mono text-xs font-medium">{name}</code>{' '}
        <span className="text-muted">{t('secrets.version', { version, at: date(updatedAt) })}</span>
      </p>
      <Button size="small" aria-label={t('secrets.uses.label', { name })} onClick={() => onDo('uses')}>
        {t('secrets.uses')}
      </Button>
      {former && (
        <Button size="small" aria-label={t('secrets.revert.label', { name })} onClick={() => onDo('revert')}>
          {t('secrets.revert')}
        </Button>
      )}
    </li>
  )
}

interface SecretDialogProps {
  readonly server: ServerDetail['name']
  readonly name: string
  readonly onClose: () => void
}

function RevertDialog({ server, name, onClose, onReverted }: SecretDialogProps & { onReverted: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const revert = async () => {
    if (!(await run(() => api.secrets.revert({ server, name }), t('secrets.reverted', { name })))) return
    onReverted()
    onClose()
  }
  return (
    <Dialog
      title={t('secrets.revert.title', { name })}
      description={t('secrets.revert.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" disabled={busy} onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button look="primary" disabled={busy} onClick={() => void revert()}>
            {t('secrets.revert')}
          </Button>
        </>
      }
    >
      {null}
    </Dialog>
  )
}

function UsesDialog({ server, name, onClose }: SecretDialogProps) {
  const { t, date } = useWords()
  const reading = useReading((api) => api.secrets.uses({ server, name }), `${server} ${name}`)
  return (
    <Dialog
      wide
      title={t('secrets.uses.title', { name })}
      description={t('secrets.uses.text')}
      closeLabel={t('close')}
      onClose={onClose}
    >
      <ReadingView reading={reading}>
        {({ uses }) =>
          uses.length === 0 ? (
            <Empty icon={<KeyRound />} title={t('secrets.uses.none')} />
          ) : (
            <Table
              label={t('secrets.uses.title', { name })}
              rows={uses}
              rowKey={(use) => `${use.version} ${use.session ?? use.firstAt}`}
              columns={[
                {
                  id: 'for',
                  title: t('secrets.column.for'),
                  cell: ({ session }) => session ?? t('secrets.uses.start'),
                },
                { id: 'version', title: t('secrets.column.version'), cell: ({ version }) => version },
                { id: 'last', title: t('secrets.column.last'), cell: ({ lastAt }) => date(lastAt) },
                { id: 'times', title: t('secrets.column.times'), cell: ({ times }) => times },
              ]}
            />
          )
        }
      </ReadingView>
    </Dialog>
  )
}
