import { useState } from 'react'
import type { CellShown } from '../../../shared/contract/cells.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'

type Way = 'suspend' | 'revoke'
/** What it means, a sentence each. */
const consequences = {
  suspend: ['ends', 'asks', 'keeps', 'back'],
  revoke: ['ends', 'never', 'others', 'forGood'],
} as const satisfies Record<Way, readonly string[]>

/** The ways to stop using a server: until it was looked at, or for good. */
export function CellWithdraw({ name, status }: { name: string; status: CellShown['status'] }) {
  const { t } = useWords()
  const [way, setWay] = useState<Way>()
  if (status === 'revoked') return null
  return (
    <div className="flex flex-wrap gap-2">
      {status !== 'suspended' && (
        <Button size="small" onClick={() => setWay('suspend')}>
          {t('cell.suspend')}
        </Button>
      )}
      <Button size="small" look="danger-quiet" onClick={() => setWay('revoke')}>
        {t('cell.revoke')}
      </Button>
      {way && <WithdrawDialog key={way} name={name} way={way} onClose={() => setWay(undefined)} />}
    </div>
  )
}

function WithdrawDialog({ name, way, onClose }: { name: string; way: Way; onClose: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [reason, setReason] = useState('')
  const withdraw = async () => {
    const work = () => api.cells[way]({ name: name as ServerName, reason: reason.trim() })
    if (await run(work, t(`cell.${way}.done`, { server: name }))) onClose()
  }
  return (
    <Dialog
      title={t(`cell.${way}.title`, { server: name })}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button look="danger" disabled={busy} onClick={() => void withdraw()}>
            {t(`cell.${way}.sure`)}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Notice tone={way === 'revoke' ? 'danger' : 'warn'}>
          <ul className="list-disc space-y-1 pl-4">
            {consequences[way].map((one) => (
              <li key={one}>{t(`cell.${way}.${one}` as `cell.suspend.ends`)}</li>
            ))}
          </ul>
        </Notice>
        <Field label={t('cell.reason')} hint={t('cell.reason.hint')}>
          {(ids) => (
            <Input
              {...ids}
              value={reason}
              maxLength={500}
              className="w-full"
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  )
}
