import { KeyRound } from 'lucide-react'
import type { z } from 'zod'
import type { grant } from '../../../shared/contract/permissions.ts'
import type { conflict } from '../../../shared/contract/rules.ts'
import { withLocalTimes } from '../../../shared/messages/local-times.ts'
import { useArrival } from '../../app/arrival.ts'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty } from '../../ui/notice.tsx'
import { EffectBadge } from './effect-badge.tsx'

type Grant = z.output<typeof grant>
type Conflict = z.output<typeof conflict>

interface GrantListProps {
  readonly grants: readonly Grant[]
  readonly conflicts: readonly Conflict[]
  readonly selected: string | undefined
  readonly onRevoked: () => void
}

export function GrantList({ grants, conflicts, selected, onRevoked }: GrantListProps) {
  const { t } = useWords()
  useArrival(selected, true)
  if (grants.length === 0) {
    return (
      <Empty icon={<KeyRound />} title={t('permissions.none.title')}>
        {t('permissions.none.text')}
      </Empty>
    )
  }
  return (
    <Card>
      <ul className="divide-y divide-line/70">
        {grants.map((one) => (
          <GrantRow
            key={one.id}
            grant={one}
            conflicts={conflicts.filter(({ id }) => id === one.id)}
            onRevoked={onRevoked}
          />
        ))}
      </ul>
    </Card>
  )
}

interface GrantRowProps {
  readonly grant: Grant
  readonly conflicts: readonly Conflict[]
  readonly onRevoked: () => void
}

function GrantRow({ grant: one, conflicts, onRevoked }: GrantRowProps) {
  const { t, date, zoned } = useWords()
  const sentence = withLocalTimes(one.sentence, zoned)
  const api = useApi()
  const { busy, run } = useAction()
  const toast = useMirror((mirror) => mirror.toast)
  const putBack = () =>
    void run(() => api.permissions.putBack({ id: one.id }), t('permissions.putBack', { rule: sentence }))
  const revoke = async () => {
    const done = await run(async () => {
      await api.permissions.revoke({ id: one.id })
      toast('ok', t('permissions.revoked'), { label: t('undo'), run: putBack })
    })
    if (done) onRevoked()
  }
  return (
    <li data-place={one.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-5 py-3.5">
      <span className="w-24 shrink-0">
        <EffectBadge effect={one.effect} />
      </span>
      <div className="min-w-60 flex-1">
        <p className="text-sm break-words">
          <ExactText text={sentence} />
        </p>
        <p className="mt-0.5 text-xs text-muted">
          {one.origin} ·{' '}
          {one.expiresAt ? t('permissions.until', { date: zoned(one.expiresAt) }) : t('permissions.forever')} ·{' '}
          {t('permissions.since', { date: date(one.createdAt) })}
          {one.used && ` · ${t('rule.used', { calls: one.used.calls })}`}
        </p>
        {conflicts.map(({ kind, sentence: said }) => (
          <p key={kind} className="mt-1 text-xs text-warn">
            {withLocalTimes(said, zoned)}
          </p>
        ))}
        <details className="mt-1">
          <summary className="cursor-pointer text-xs text-muted underline underline-offset-4">
            {t('permissions.source')}
          </summary>
          <pre className="mt-2 overflow-x-auto rounded-lg bg-sunken p-3 font-mono text-xs whitespace-pre-wrap">
            {one.cedar}
          </pre>
        </details>
        {one.suspended && (
          <p className="mt-1">
            <Badge tone="warn">{t('permissions.suspended', { reason: one.suspended })}</Badge>
          </p>
        )}
      </div>
      <Button
        size="small"
        disabled={busy}
        aria-label={t('permissions.revoke.label', { rule: sentence })}
        onClick={() => void revoke()}
      >
        {t('permissions.revoke')}
      </Button>
    </li>
  )
}
