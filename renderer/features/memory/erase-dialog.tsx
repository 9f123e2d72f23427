import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'

interface EraseDialogProps {
  readonly title: string
  readonly text: string
  readonly busy: boolean
  readonly onErase: () => Promise<void>
  readonly onClose: () => void
}

/** Asks once more, because nothing brings it back. */
export function EraseDialog({ title, text, busy, onErase, onClose }: EraseDialogProps) {
  const { t } = useWords()
  return (
    <Dialog
      title={title}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" disabled={busy} onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button look="danger" disabled={busy} onClick={() => void onErase().then(onClose)}>
            {t('memory.erase.confirm')}
          </Button>
        </>
      }
    >
      <Notice tone="danger">{text}</Notice>
    </Dialog>
  )
}
