import { useState } from 'react'
import type { GatehouseApi } from '../../../shared/contract/contract.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { routeTo } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TrustKeyForm } from './trust-key-form.tsx'

type TrustedKey = Awaited<ReturnType<GatehouseApi['cells']['trusted']>>['keys'][number]

/** Keys whose signatures count, what each signed, and the ways to trust another and to trust one no longer. */
export function TrustedKeysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const servers = useMirror((mirror) => mirror.servers?.map(({ name, cell }) => `${name} ${cell?.status}`).join())
  const reading = useReading(
    async (api) => ({ keys: (await api.cells.trusted()).keys, cells: (await api.cells.list()).cells }),
    servers ?? '',
  )
  return (
    <Dialog
      wide
      title={t('trusted-keys.title')}
      description={t('trusted-keys.text')}
      closeLabel={t('close')}
      onClose={onClose}
    >
      <div className="space-y-6">
        <ReadingView reading={reading}>
          {({ keys, cells }) =>
            keys.length === 0 ? (
              <p className="text-sm text-muted">{t('trusted-keys.none')}</p>
            ) : (
              <ul className="divide-y divide-line/70 rounded-xl border border-line">
                {keys.map((key) => (
                  <KeyRow
                    key={key.keyId}
                    trusted={key}
                    signed={cells.filter(({ signedBy }) => signedBy === key.name).map(({ server }) => server)}
                    onRemoved={reading.again}
                  />
                ))}
              </ul>
            )
          }
        </ReadingView>
        <TrustKeyForm onTrusted={reading.again} />
      </div>
    </Dialog>
  )
}

interface KeyRowProps {
  readonly trusted: TrustedKey
  readonly signed: readonly string[]
  readonly onRemoved: () => void
}

function KeyRow({ trusted, signed, onRemoved }: KeyRowProps) {
  const { t, date } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [removing, setRemoving] = useState(false)
  const { name, keyId, addedAt } = trusted
  const remove = async () => {
    if (await run(() => api.cells.untrust({ name: keyId }), t('trusted-keys.removed', { name }))) onRemoved()
  }
  return (
    <li className="space-y-2 px-4 py-3 text-sm">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <p className="font-medium break-words">
            <ExactText text={name} />
          </p>
          <p className="text-xs text-muted">
            <code className="font-mono break-all">{keyId}</code> · {t('trusted-keys.since', { time: date(addedAt) })}
          </p>
        </div>
        {!removing && (
          <Button size="small" look="danger-quiet" onClick={() => setRemoving(true)}>
            {t('trusted-keys.remove')}
            <span className="sr-only">{name}</span>
          </Button>
        )}
      </div>
      <Signed servers={signed} />
      {removing && (
        <Notice tone="danger">
          <p>
            {signed.length > 0
              ? t('trusted-keys.remove.suspends', { count: signed.length })
              : t('trusted-keys.remove.none')}
          </p>
          <span className="mt-2 flex gap-2">
            <Button size="small" look="danger" disabled={busy} onClick={() => void remove()}>
              {t('trusted-keys.remove.sure')}
            </Button>
            <Button size="small" onClick={() => setRemoving(false)}>
              {t('cancel')}
            </Button>
          </span>
        </Notice>
      )}
    </li>
  )
}

function Signed({ servers }: { servers: readonly string[] }) {
  const { t } = useWords()
  if (servers.length === 0) return <p className="text-muted">{t('trusted-keys.signed.none')}</p>
  return (
    <p>
      {t('trusted-keys.signed')}{' '}
      {servers.map((server, at) => (
        <span key={server}>
          {at > 0 && ', '}
          <a href={routeTo('servers', server)} className="font-medium text-accent underline underline-offset-4">
            {server}
          </a>
        </span>
      ))}
    </p>
  )
}
