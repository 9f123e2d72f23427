import { KeyRound } from 'lucide-react'
import type { z } from 'zod'
import type { grant } from '../../../shared/contract/permissions.ts'
import { withLocalTimes } from '../../../shared/messages/local-times.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty } from '../../ui/notice.tsx'
import { EffectBadge } from './effect-badge.tsx'

type Grant = z.output<typeof grant>

export function GrantList({ grants, onRevoked }: { grants: readonly Grant[]; onRevoked: () => void }) {
  const { t } = useWords()
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
          <GrantRow key={one.id} grant={one} onRevoked={onRevoked} />
        ))}
      </ul>
    </Card>
  )
}

function GrantRow({ grant: one, onRevoked }: { grant: Grant; onRevoked: () => void }) {
  const { t, date, zoned } = useWords()
  const sentence = withLocalTimes(one.sentence, zoned)
  const api = useApi()
  const { busy, run } = useAction()
  const revoke = async () => {
    if (await run(() => api.permissions.revoke({ id: one.id }), t('permissions.revoked'))) onRevoked()
  }
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-5 py-3.5">
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
        </p>
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
