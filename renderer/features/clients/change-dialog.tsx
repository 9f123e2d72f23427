import type { FileChange } from '../../../shared/contract/apps.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { DiffOfFile } from './diff-of-file.tsx'
import { useUndoToast } from './use-undo.ts'

interface ChangeDialogProps {
  readonly kind: 'connect' | 'disconnect'
  readonly change: FileChange
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Exactly what would be changed in an app’s file, before it is. */
export function ChangeDialog({ kind, change, onClose, onDone }: ChangeDialogProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const undo = useUndoToast(onDone)
  const { app, title, file, preview } = change
  const agree = () =>
    void run(
      async () => {
        await api.apps[kind]({ app, file, preview })
        onClose()
        onDone()
        if (kind === 'connect') undo(change, t('apps.connected.done', { app: title }))
      },
      kind === 'disconnect' ? t('apps.disconnected.done', { app: title }) : undefined,
    )
  return (
    <Dialog
      wide
      title={t(kind === 'connect' ? 'apps.connect.title' : 'apps.disconnect.title', { app: title })}
      description={t(kind === 'connect' ? 'apps.connect.text' : 'apps.disconnect.text', { app: title })}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button look="primary" disabled={busy} onClick={agree}>
            {t(kind === 'connect' ? 'apps.connect.confirm' : 'apps.disconnect.confirm')}
          </Button>
        </>
      }
    >
      <DiffOfFile change={change} />
    </Dialog>
  )
}
