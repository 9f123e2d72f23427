import { useState } from 'react'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { type Say, useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { LimitsButton } from '../limits/limits-button.tsx'
import type { Client } from './client-list.tsx'

interface KeyRowProps {
  readonly client: string
  readonly apiKey: Client['tokens'][number]
  readonly onIssued: (token: string) => void
  readonly onRevoked: () => void
}

/** One key: what it may do, whether it is used, and its end. */
export function KeyRow({ client, apiKey, onIssued, onRevoked }: KeyRowProps) {
  const { t, date, when } = useWords()
  const { id, scopes, createdAt, expiresAt, usedAt, uses, programs = [] } = apiKey
  const used = usedAt === undefined ? t('keys.unused') : t('keys.used', { count: uses, time: when(usedAt) })
  const by = programs.length > 0 ? [t('keys.by', { programs: programs.map((one) => one.executable).join(', ') })] : []
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-60 flex-1">
        <p className="font-mono text-sm">{id}</p>
        <p className="mt-0.5 text-sm">{scopeWords(scopes, t)}</p>
        <p className="mt-0.5 text-xs break-words text-muted">
          <ExactText
            text={[t('keys.made', { date: date(createdAt), until: date(expiresAt) }), used, ...by].join(' · ')}
          />
        </p>
      </div>
      <LimitsButton holder="key" name={id} />
      <Sure
        word="keys.rotate"
        id={id}
        act={(api) => api.clients.rotateKey({ name: client, id }).then(({ token }) => onIssued(token))}
      />
      <Sure
        word="keys.revoke"
        id={id}
        done={t('keys.revoked', { id })}
        act={(api) => api.clients.revokeKey({ name: client, id }).then(onRevoked)}
      />
    </li>
  )
}

function scopeWords(scopes: readonly string[], t: Say): string {
  if (scopes.length === 0) return t('keys.scope.all')
  return scopes
    .map((scope) => {
      const [kind, value = ''] = scope.split(/:(.*)/s)
      if (kind === 'servers') return t('keys.scope.servers', { server: value })
      return kind === 'tools' ? t('keys.scope.tools', { pattern: value }) : t('keys.scope.read')
    })
    .join(' · ')
}

interface SureProps {
  readonly word: 'keys.rotate' | 'keys.revoke'
  readonly id: string
  readonly done?: string
  readonly act: (api: ReturnType<typeof useApi>) => Promise<void>
}

/** Asks once more, and says what ends. */
function Sure({ word, id, done, act }: SureProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [sure, setSure] = useState(false)
  const look = word === 'keys.revoke' ? 'danger-quiet' : 'plain'
  if (!sure)
    return (
      <Button
        size="small"
        {...(look === 'plain' ? {} : { look })}
        aria-label={t(`${word}.label`, { id })}
        onClick={() => setSure(true)}
      >
        {t(word)}
      </Button>
    )
  const go = async () => {
    await run(() => act(api), done)
    setSure(false)
  }
  return (
    <span className="flex flex-wrap items-center gap-2">
      <span className="text-sm">{t(`${word}.sure`)}</span>
      <Button size="small" look="quiet" onClick={() => setSure(false)}>
        {t('cancel')}
      </Button>
      <Button
        size="small"
        look={word === 'keys.revoke' ? 'danger' : 'primary'}
        disabled={busy}
        onClick={() => void go()}
      >
        {t(word)}
      </Button>
    </span>
  )
}
