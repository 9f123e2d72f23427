import { type FormEvent, useState } from 'react'
import { Field, Input } from '../ui/field.tsx'
import { useWords } from './words.tsx'

const shortest = 8

interface NewPassphraseFormProps {
  /** The form's id, for a button outside it. */
  readonly id: string
  readonly label: string
  readonly onPassphrase: (passphrase: string) => void
}

/** A passphrase typed twice; handed on only when both are the same and long enough. */
export function NewPassphraseForm({ id, label, onPassphrase }: NewPassphraseFormProps) {
  const { t } = useWords()
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [problem, setProblem] = useState<string>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (passphrase.length < shortest) return setProblem(t('first.passphrase.short', { count: shortest }))
    if (passphrase !== again) return setProblem(t('first.passphrase.differ'))
    setProblem(undefined)
    onPassphrase(passphrase)
  }
  return (
    <form id={id} onSubmit={submit} className="grid max-w-md gap-4">
      <Field label={label} error={problem} hint={t('first.passphrase.hint')}>
        {(ids) => (
          <Input
            {...ids}
            type="password"
            autoComplete="new-password"
            value={passphrase}
            onChange={(event) => setPassphrase(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('first.passphrase.again')}>
        {(ids) => (
          <Input
            {...ids}
            type="password"
            autoComplete="new-password"
            value={again}
            onChange={(event) => setAgain(event.target.value)}
          />
        )}
      </Field>
    </form>
  )
}
