import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'

export function StopDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  return (
    <Dialog
      title={t('settings.stop.title')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button look="danger" disabled={busy} onClick={async () => (await run(() => api.system.stop())) && onClose()}>
            {t('settings.stop')}
          </Button>
        </>
      }
    >
      <p>{t('settings.stop.text')}</p>
    </Dialog>
  )
}
