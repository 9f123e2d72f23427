import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import type { backup } from '../../../shared/contract/backup.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'

type Restored = z.output<typeof backup.restore.output>
const form = 'restore-backup'

/** Says in words what restoring does before it is done, and what it did. */
export function RestoreDialog({ file: given, onClose }: { file: string; onClose: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [file, setFile] = useState(given)
  const [passphrase, setPassphrase] = useState('')
  const [restored, setRestored] = useState<Restored>()
  const restore = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => setRestored(await api.backup.restore({ file: file.trim(), passphrase })))
  }
  if (restored) return <RestoredDialog restored={restored} onClose={onClose} />
  return (
    <Dialog
      wide
      title={t('backups.restore.title')}
      description={t('backups.restore.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" disabled={busy} onClick={onClose}>
            {t('back')}
          </Button>
          <Button
            look="danger"
            type="submit"
            form={form}
            disabled={busy || file.trim() === '' || passphrase.length < 8}
          >
            {t('backups.restore.confirm')}
          </Button>
        </>
      }
    >
      <Notice tone="danger">
        <ul className="list-disc space-y-1 pl-4">
          {(['held', 'off', 'withdrawn', 'ends'] as const).map((one) => (
            <li key={one}>{t(`backups.restore.${one}`)}</li>
          ))}
        </ul>
      </Notice>
      <form id={form} onSubmit={restore} className="mt-5 grid gap-4">
        <Field label={t('backups.restore.file')} hint={t('backups.restore.file.hint')}>
          {(ids) => (
            <Input
              {...ids}
              value={file}
              maxLength={4096}
              className="w-full font-mono"
              onChange={(event) => setFile(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('backups.passphrase')} hint={t('backups.restore.passphrase.hint')}>
          {(ids) => (
            <Input
              {...ids}
              type="password"
              value={passphrase}
              className="w-full max-w-md"
              onChange={(event) => setPassphrase(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}

function RestoredDialog({ restored, onClose }: { restored: Restored; onClose: () => void }) {
  const { t } = useWords()
  const names = (list: readonly string[]) => list.join(', ') || t('none')
  return (
    <Dialog title={t('backups.title')} closeLabel={t('close')} onClose={onClose}>
      <div className="space-y-5">
        <Notice tone="ok" alert>
          {t('backups.restored')}
        </Notice>
        <Facts
          facts={[
            [t('backups.restored.held'), restored.held],
            [t('backups.restored.off'), names(restored.switchedOff)],
            [t('backups.restored.revoked'), names(restored.revoked)],
          ]}
        />
      </div>
    </Dialog>
  )
}
