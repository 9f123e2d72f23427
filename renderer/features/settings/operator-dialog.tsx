import { useState } from 'react'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { NewPassphraseForm } from '../../app/new-passphrase-form.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input } from '../../ui/field.tsx'

const form = 'operator-passphrase'

/** Sets the operator passphrase; another one only with the present one. */
export function OperatorDialog({ isSet, onClose }: { isSet: boolean; onClose: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const readSetup = useMirror((mirror) => mirror.readSetup)
  const [current, setCurrent] = useState('')
  const save = async (passphrase: string) => {
    const work = async () => {
      await api.system.setOperator({ passphrase, ...(isSet ? { current } : {}) })
      await readSetup()
    }
    if (await run(work, t('settings.operator.done'))) onClose()
  }
  return (
    <Dialog
      title={t('settings.operator')}
      description={t('settings.operator.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" form={form} look="primary" disabled={busy || (isSet && current === '')}>
            {t('save')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {isSet && (
          <Field label={t('settings.operator.current')}>
            {(ids) => (
              <Input
                {...ids}
                type="password"
                autoComplete="current-password"
                value={current}
                className="w-full max-w-md"
                onChange={(event) => setCurrent(event.target.value)}
              />
            )}
          </Field>
        )}
        <NewPassphraseForm
          id={form}
          label={t('settings.operator.next')}
          onPassphrase={(passphrase) => void save(passphrase)}
        />
      </div>
    </Dialog>
  )
}
