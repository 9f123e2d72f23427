import { useState } from 'react'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import type { Client } from './client-list.tsx'
import { useClientChanges } from './use-client-changes.ts'

/** Suspend or resume, and revoke, which asks once more. */
export function ClientActions({ client, onChanged }: { client: Client; onChanged: () => void }) {
  const { t } = useWords()
  const [sure, setSure] = useState(false)
  if (sure) return <RevokeSure client={client} onCancel={() => setSure(false)} onRevoked={onChanged} />
  return (
    <span className="flex items-center gap-2">
      <SuspendButton client={client} onChanged={onChanged} />
      <Button
        size="small"
        look="danger-quiet"
        aria-label={t('clients.revoke.label', { client: client.name })}
        onClick={() => setSure(true)}
      >
        {t('clients.revoke')}
      </Button>
    </span>
  )
}

function SuspendButton({ client: { name, state }, onChanged }: { client: Client; onChanged: () => void }) {
  const { t } = useWords()
  const { busy, suspend, resume } = useClientChanges()
  const suspended = state === 'suspended'
  const change = async () => {
    if (await (suspended ? resume : suspend)(name)) onChanged()
  }
  return (
    <Button
      size="small"
      disabled={busy}
      aria-label={t(suspended ? 'clients.resume.label' : 'clients.suspend.label', { client: name })}
      onClick={() => void change()}
    >
      {t(suspended ? 'clients.resume' : 'clients.suspend')}
    </Button>
  )
}

interface RevokeSureProps {
  readonly client: Client
  readonly onCancel: () => void
  readonly onRevoked: () => void
}

function RevokeSure({ client: { name }, onCancel, onRevoked }: RevokeSureProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const revoke = async () => {
    if (await run(() => api.clients.revoke({ name }), t('clients.revoked', { client: name }))) onRevoked()
    onCancel()
  }
  return (
    <span className="flex items-center gap-2">
      <span className="text-sm">{t('clients.revoke.sure')}</span>
      <Button size="small" look="quiet" onClick={onCancel}>
        {t('cancel')}
      </Button>
      <Button size="small" look="danger" disabled={busy} onClick={() => void revoke()}>
        {t('clients.revoke')}
      </Button>
    </span>
  )
}
