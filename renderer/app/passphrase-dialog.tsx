import { type FormEvent, useState, useSyncExternalStore } from 'react'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input } from '../ui/field.tsx'
import { useConfirm } from './confirm-context.tsx'
import type { PassphraseAsker } from './passphrase-asker.ts'
import { useWords } from './words.tsx'

/** Asks for the operator passphrase when main wants the person again before rights are widened. */
export function PassphraseDialog({ asker }: { asker: PassphraseAsker }) {
  const open = useSyncExternalStore(asker.listen, asker.isOpen)
  return open ? <PassphraseForm onAnswer={asker.answer} /> : null
}

function PassphraseForm({ onAnswer }: { onAnswer: (confirmed: boolean) => void }) {
  const { t } = useWords()
  const confirm = useConfirm()
  const [passphrase, setPassphrase] = useState('')
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    const answer = await confirm(passphrase)
    setBusy(false)
    if (answer.confirmed) onAnswer(true)
    else setProblem(answer.sentence || t('passphrase.wrong'))
  }
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
          <Button look="primary" type="submit" form="passphrase" disabled={busy || passphrase === ''}>
            {t('passphrase.confirm')}
          </Button>
        </>
      }
    >
      <form id="passphrase" onSubmit={submit}>
        <Field label={t('passphrase.label')} error={problem}>
          {(ids) => (
            <Input
              {...ids}
              type="password"
              autoComplete="current-password"
              value={passphrase}
              onChange={(event) => setPassphrase(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
