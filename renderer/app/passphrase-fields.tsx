import { type FormEvent, useState } from 'react'
import { Field, Input } from '../ui/field.tsx'
import { useConfirm } from './confirm-context.tsx'
import { useWords } from './words.tsx'

interface PassphraseFieldsProps {
  /** The form's id, for a button outside it. */
  readonly id: string
  readonly onBusy: (busy: boolean) => void
  readonly onConfirmed: () => void
}

/** Asks for the operator passphrase and says when it is wrong. */
export function PassphraseFields({ id, onBusy, onConfirmed }: PassphraseFieldsProps) {
  const { t } = useWords()
  const confirm = useConfirm()
  const [passphrase, setPassphrase] = useState('')
  const [problem, setProblem] = useState<string>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (passphrase === '') return
    onBusy(true)
    const answer = await confirm(passphrase)
    onBusy(false)
    if (answer.confirmed) onConfirmed()
    else setProblem(answer.sentence || t('passphrase.wrong'))
  }
  return (
    <form id={id} onSubmit={submit}>
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
  )
}
