import { useState } from 'react'
import type { CellShown } from '../../../shared/contract/cells.ts'
import type { ServerDetail } from '../../../shared/contract/servers.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import type { ServerSummary } from '../../app/store.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Tone } from '../../ui/ui.ts'
import { CellReviewDialog } from './cell-review-dialog.tsx'
import { CellSteps } from './cell-steps.tsx'
import { CellUpdateDialog } from './cell-update-dialog.tsx'
import { CellWithdraw } from './cell-withdraw.tsx'
import { FindingList } from './server-findings.tsx'

type CellState = NonNullable<ServerSummary['cell']>

const tones: Record<CellState['status'], Tone> = {
  pending: 'warn',
  verified: 'plain',
  active: 'ok',
  suspended: 'danger',
  revoked: 'danger',
}

/** On a server's card, where there is something to know: it is not used, or a newer version exists. */
export function CellBadge({ cell }: { cell: ServerSummary['cell'] }) {
  const { t } = useWords()
  if (!cell || cell.status === 'active') return null
  return <Badge tone={tones[cell.status]}>{t(`cell.status.${cell.status}`)}</Badge>
}

/** Why a server is not used, and the way back. */
export function CellNotice({ server }: { server: ServerDetail }) {
  const { t } = useWords()
  const [reviewing, setReviewing] = useState(false)
  const { cell, registration } = server
  if (cell?.status !== 'suspended' && cell?.status !== 'revoked') return null
  const reason = cell.reason ?? ''
  return (
    <>
      <Notice
        tone="danger"
        action={
          cell.status === 'suspended' &&
          registration && (
            <Button size="small" look="primary" onClick={() => setReviewing(true)}>
              {t('cell.review')}
            </Button>
          )
        }
      >
        <ExactText text={t(`cell.${cell.status}`, { reason })} />
      </Notice>
      {reviewing && <CellReviewDialog name={server.name} onClose={() => setReviewing(false)} />}
    </>
  )
}

/** How it was registered: each step, what came of it and why. */
export function ServerCell({ registration, name }: { registration: CellShown; name: string }) {
  const { t, date } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [updating, setUpdating] = useState(false)
  const { update, signedBy } = registration
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-2">
        <Badge tone={tones[registration.status]}>{t(`cell.status.${registration.status}`)}</Badge>
        <Badge tone={signedBy ? 'ok' : 'plain'}>
          {signedBy ? <ExactText text={t('cell.signedBy', { key: signedBy })} /> : t('cell.unsigned')}
        </Badge>
        <span className="text-sm text-muted">{t('cell.verifiedAt', { time: date(registration.verifiedAt) })}</span>
        <Button
          size="small"
          aria-disabled={busy}
          onClick={() => busy || run(() => api.cells.verify({ name: name as ServerName }), t('cell.verified'))}
        >
          {t('cell.verify')}
        </Button>
      </div>
      <CellSteps report={registration.report} />
      {update && update.latest !== update.installed && (
        <Notice
          tone="plain"
          action={
            <Button size="small" onClick={() => setUpdating(true)}>
              {t('cell.update.look')}
            </Button>
          }
        >
          <ExactText text={t('cell.update', { latest: update.latest, installed: update.installed })} />
        </Notice>
      )}
      {updating && <CellUpdateDialog name={name} onClose={() => setUpdating(false)} />}
      <FindingList findings={registration.findings} title={t('cell.findings')} />
      <CellWithdraw name={name} status={registration.status} />
    </div>
  )
}
