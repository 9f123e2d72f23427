import { useState, useSyncExternalStore } from 'react'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import type { PassphraseAsker } from './passphrase-asker.ts'
import { PassphraseFields } from './passphrase-fields.tsx'
import { useWords } from './words.tsx'

/** Asks for the operator passphrase when main wants the person again before rights are widened. */
export function PassphraseDialog({ asker }: { asker: PassphraseAsker }) {
  const open = useSyncExternalStore(asker.listen, asker.isOpen)
  return open ? <PassphraseForm onAnswer={asker.answer} /> : null
}

function PassphraseForm({ onAnswer }: { onAnswer: (confirmed: boolean) => void }) {
  const { t } = useWords()
  const [busy, setBusy] = useState(false)
  return (
    <Dialog
      title={t('passphrase.title')}
      description={t('passphrase.why')}
      closeLabel={t('close')}
      onClose={() => onAnswer(false)}
      footer={
        <>
          <Button look="quiet" onClick={() => onAnswer(false)}>
            {t('cancel')}
          </Button>
          <Button look="primary" type="submit" form="passphrase" disabled={busy}>
            {t('passphrase.confirm')}
          </Button>
        </>
      }
    >
      <PassphraseFields id="passphrase" onBusy={setBusy} onConfirmed={() => onAnswer(true)} />
    </Dialog>
  )
}
